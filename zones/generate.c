// SPDX-License-Identifier: MIT
#include "zones/generate.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define NUMBER_MAX 0x7fffffff
#define WIDTH_MAX  255
#define DIGITS_MAX 16 /* of a number of 31 bits in any base */

/* The digits at `*at`, which moves behind them. False: none, or more than `largest`. */
static bool take_number(const char **at, uint32_t largest, uint32_t *out)
{
    uint64_t number = 0;
    const char *from = *at;
    for (; isdigit((unsigned char)**at) && number <= largest; ++*at)
        number = number * 10 + (uint64_t)(**at - '0');
    *out = (uint32_t)number;
    return *at != from && number <= largest;
}

static bool take(const char **at, char c)
{
    if (**at != c)
        return false;
    ++*at;
    return true;
}

const char *generate_range_of(const char *text, struct generate_range *out)
{
    struct generate_range range = {.step = 1};
    bool good = take_number(&text, NUMBER_MAX, &range.from) && take(&text, '-') &&
                take_number(&text, NUMBER_MAX, &range.to);
    if (good && take(&text, '/'))
        good = take_number(&text, NUMBER_MAX, &range.step) && range.step > 0;
    if (!good || *text)
        return "a range is written FROM-TO or FROM-TO/STEP";
    if (range.from > range.to)
        return "the range ends before it begins";
    if ((range.to - range.from) / range.step >= GENERATE_RECORDS_MAX)
        return "the range has more than a million numbers";
    *out = range;
    return NULL;
}

/* --- one entry ------------------------------------------------------------------------------------------ */

/* How a number is written. */
struct form {
    int64_t offset;
    uint32_t width;
    char base;
};

struct text {
    char *at, *end;
};

static bool put(struct text *out, char c)
{
    if (out->at == out->end)
        return false;
    *out->at++ = c;
    return true;
}

/* From behind the opening brace to behind the closing one. */
static bool take_form(const char **at, struct form *form)
{
    uint32_t offset;
    bool negative = take(at, '-');
    if (!take_number(at, NUMBER_MAX, &offset))
        return false;
    form->offset = negative ? -(int64_t)offset : (int64_t)offset;
    if (take(at, ',') && !take_number(at, WIDTH_MAX, &form->width))
        return false;
    if (take(at, ',')) {
        form->base = **at;
        if (!form->base || !strchr("doxXnN", form->base))
            return false;
        ++*at;
    }
    return take(at, '}');
}

/* Digits from the lowest, padded with zeroes: nibbles as they come, with dots between them, anything else in
 * reverse. */
static bool put_number(struct text *out, uint32_t number, const struct form *form)
{
    bool nibbles = form->base == 'n' || form->base == 'N';
    const char *digits = form->base == 'X' || form->base == 'N' ? "0123456789ABCDEF" : "0123456789abcdef";
    uint32_t base = form->base == 'd' ? 10 : form->base == 'o' ? 8 : 16;
    char reversed[WIDTH_MAX + 2 * DIGITS_MAX];
    size_t length = 0;
    do {
        if (nibbles && length)
            reversed[length++] = '.';
        reversed[length++] = digits[number % base];
        number /= base;
    } while (number || length < form->width);
    for (size_t i = 0; i < length; i++)
        if (!put(out, reversed[nibbles ? i : length - 1 - i]))
            return false;
    return true;
}

/* From behind the dollar sign. */
static const char *put_field(struct text *out, const char **at, uint32_t number)
{
    struct form form = {.base = 'd'};
    if (take(at, '$'))
        return put(out, '\\') && put(out, '$') ? NULL : "the entry gets too long";
    if (take(at, '{') && !take_form(at, &form))
        return "a number is written $ or ${OFFSET,WIDTH,BASE}, BASE one of d o x X n N";
    int64_t value = number + form.offset;
    if (value < 0 || value > NUMBER_MAX)
        return "a number with its offset is below 0 or above 2147483647";
    return put_number(out, (uint32_t)value, &form) ? NULL : "the entry gets too long";
}

const char *generate_text(const char *pattern, uint32_t number, char out[GENERATE_TEXT_MAX])
{
    struct text text = {out, out + GENERATE_TEXT_MAX - 1};
    while (*pattern) {
        char c = *pattern++;
        const char *why = NULL;
        if (c == '$') {
            why = put_field(&text, &pattern, number);
        } else {
            bool fits = put(&text, c);
            if (c == '\\' && *pattern)
                fits =
                    fits && put(&text, *pattern++); /* what is escaped stays so for whoever reads the entry */
            why = fits ? NULL : "the entry gets too long";
        }
        if (why)
            return why;
    }
    *text.at = '\0';
    return NULL;
}
