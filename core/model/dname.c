// SPDX-License-Identifier: MIT
#include "core/model/dname.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#define LABEL_MAX     63 /* RFC 1035 section 2.3.4 */
#define ESCAPE_MAX    4  /* characters of \DDD */
#define ESCAPE_DIGITS 3

/* ASCII only, whatever the locale says (RFC 4343 section 3). */
static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + ('a' - 'A')) : octet;
}

size_t dname_length(const uint8_t *name)
{
    size_t length = 0;
    while (name[length])
        length += 1u + name[length];
    return length + 1;
}

unsigned dname_labels(const uint8_t *name)
{
    unsigned labels = 0;
    for (; *name; name += 1 + *name)
        labels++;
    return labels;
}

const uint8_t *dname_parent(const uint8_t *name, unsigned count)
{
    for (; count; count--) {
        assert(*name);
        name += 1 + *name;
    }
    return name;
}

/* Length octets are at most 63, below 'A': the whole name can be treated alike. */
void dname_lower(uint8_t *out, const uint8_t *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        out[i] = lower(name[i]);
}

bool dname_equal(const uint8_t *a, const uint8_t *b)
{
    size_t length = dname_length(a);
    return length == dname_length(b) && memcmp(a, b, length) == 0;
}

bool dname_is_under(const uint8_t *name, const uint8_t *ancestor)
{
    unsigned labels = dname_labels(name), above = dname_labels(ancestor);
    return labels >= above && dname_equal(dname_parent(name, labels - above), ancestor);
}

bool dname_is_wildcard(const uint8_t *name)
{
    return name[0] == 1 && name[1] == '*';
}

/* --- text to wire --------------------------------------------------------------------------------------- */

/* One octet of a label, escaped or plain, from `*text`, which it moves on. False: a broken escape. */
static bool parse_octet(const char **text, uint8_t *octet, const char **why)
{
    const char *at = *text;
    unsigned value = (uint8_t)*at++;
    if (value == '\\' && isdigit((unsigned char)*at)) {
        value = 0;
        for (int i = 0; i < ESCAPE_DIGITS; i++, at++) {
            if (!isdigit((unsigned char)*at)) {
                *why = "a backslash and a digit need two more digits (\\DDD)";
                return false;
            }
            value = value * 10 + (unsigned)(*at - '0');
        }
        if (value > UINT8_MAX) {
            *why = "\\DDD is larger than 255";
            return false;
        }
    } else if (value == '\\') {
        if (!*at) {
            *why = "a backslash at the end";
            return false;
        }
        value = (uint8_t)*at++;
    }
    *octet = (uint8_t)value;
    *text = at;
    return true;
}

/* The label at `*text` up to a dot or the end into `out` (length octet first). Its length, -1 on failure. */
static int parse_label(const char **text, uint8_t out[1 + LABEL_MAX], const char **why)
{
    size_t length = 0;
    while (**text && **text != '.') {
        uint8_t octet;
        if (!parse_octet(text, &octet, why))
            return -1;
        if (length == LABEL_MAX) {
            *why = "label longer than 63 octets";
            return -1;
        }
        out[1 + length++] = octet;
    }
    if (!length) {
        *why = "empty label";
        return -1;
    }
    out[0] = (uint8_t)length;
    return (int)length;
}

/* Appends `size` octets to a name of `*length` octets. */
static bool append(uint8_t name[DNAME_MAX], size_t *length, const uint8_t *octets, size_t size,
                   const char **why)
{
    if (size > DNAME_MAX - *length) {
        *why = "name longer than 255 octets";
        return false;
    }
    memcpy(name + *length, octets, size);
    *length += size;
    return true;
}

static size_t copy_out(uint8_t out[DNAME_MAX], const uint8_t *name, size_t length)
{
    memcpy(out, name, length);
    return length;
}

size_t dname_parse_as_written(const char *text, const uint8_t *origin, uint8_t out[DNAME_MAX],
                              const char **why)
{
    static const uint8_t root[] = {0};
    uint8_t name[DNAME_MAX], end[DNAME_MAX], label[1 + LABEL_MAX];
    size_t length = 0, end_length = dname_length(origin ? origin : root);
    bool absolute = false;

    if (!*text) {
        *why = "empty name; write @ for the origin or . for the root";
        return 0;
    }
    memcpy(end, origin ? origin : root, end_length);
    if (strcmp(text, "@") == 0)
        return copy_out(out, end, end_length);
    if (strcmp(text, ".") == 0)
        return copy_out(out, root, sizeof root);
    while (*text && !absolute) {
        int size = parse_label(&text, label, why);
        if (size < 0 || !append(name, &length, label, 1 + (size_t)size, why))
            return 0;
        absolute = text[0] == '.' && !text[1];
        text += *text == '.';
    }
    if (!append(name, &length, absolute ? root : end, absolute ? sizeof root : end_length, why))
        return 0;
    return copy_out(out, name, length);
}

size_t dname_parse(const char *text, const uint8_t *origin, uint8_t out[DNAME_MAX], const char **why)
{
    uint8_t name[DNAME_MAX];
    size_t length = dname_parse_as_written(text, origin, name, why);
    dname_lower(out, name, length);
    return length;
}

/* --- wire to text --------------------------------------------------------------------------------------- */

/* Characters that mean something in a zone file (RFC 1035 section 5.1). */
static bool is_special(uint8_t octet)
{
    return octet && strchr(".\\\"();@$", octet);
}

/* At most ESCAPE_MAX characters; returns the place behind them. */
static char *format_octet(char *at, uint8_t octet)
{
    if (octet <= ' ' || octet > '~') {
        *at++ = '\\';
        *at++ = (char)('0' + octet / 100);
        *at++ = (char)('0' + octet / 10 % 10);
        *at++ = (char)('0' + octet % 10);
        return at;
    }
    if (is_special(octet))
        *at++ = '\\';
    *at++ = (char)octet;
    return at;
}

const char *dname_format(const uint8_t *name, char out[DNAME_TEXT_MAX])
{
    _Static_assert(DNAME_TEXT_MAX >= ESCAPE_MAX * (DNAME_MAX - 2),
                   "every octet of a name may need an escape");
    char *at = out;
    if (!*name)
        *at++ = '.';
    while (*name) {
        for (unsigned i = 1; i <= *name; i++)
            at = format_octet(at, name[i]);
        name += 1 + *name;
        if (*name)
            *at++ = '.';
    }
    *at = '\0';
    return out;
}
