// SPDX-License-Identifier: MIT
#include "zones/entry.h"

#include <ctype.h>
#include <string.h>

bool entry_word(const char **at, char out[ENTRY_WORD_MAX])
{
    size_t length = 0;
    const char *from = *at;
    while (*from && *from != ' ') {
        size_t step = from[0] == '\\' && from[1] ? 2 : 1;
        if (length + step >= ENTRY_WORD_MAX)
            return false;
        memcpy(out + length, from, step);
        length += step;
        from += step;
    }
    out[length] = '\0';
    *at = *from ? from + 1 : from;
    return true;
}

bool entry_text(const char **at, char out[ENTRY_WORD_MAX])
{
    size_t length = 0;
    const char *from = *at;
    bool quoted = *from == '"';
    for (from += quoted; *from && *from != (quoted ? '"' : ' '); from++) {
        from += from[0] == '\\' && from[1];
        if (length + 1 >= ENTRY_WORD_MAX)
            return false;
        out[length++] = *from;
    }
    out[length] = '\0';
    from += quoted && *from;
    *at = from + (*from == ' ');
    return true;
}

/* --- TTL ------------------------------------------------------------------------------------------------ */

static uint64_t unit_seconds(char unit)
{
    static const struct {
        char unit;
        uint32_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (tolower((unsigned char)unit) == units[i].unit)
            return units[i].seconds;
    return 0;
}

/* The digits at `*text`, which moves behind them. False: none, or more than `largest`. */
static bool take_number(const char **text, uint64_t largest, uint64_t *number)
{
    if (!isdigit((unsigned char)**text))
        return false;
    for (*number = 0; isdigit((unsigned char)**text); ++*text) {
        *number = *number * 10 + (uint64_t)(**text - '0');
        if (*number > largest)
            return false;
    }
    return true;
}

bool entry_ttl(const char *text, uint32_t *ttl_s)
{
    uint64_t total = 0, number;
    do {
        if (!take_number(&text, ENTRY_TTL_MAX, &number))
            return false;
        uint64_t unit = *text ? unit_seconds(*text) : 1;
        total += number * unit;
        if (!unit || total > ENTRY_TTL_MAX)
            return false;
        text += *text != '\0';
    } while (*text);
    *ttl_s = (uint32_t)total;
    return true;
}

/* --- generic form --------------------------------------------------------------------------------------- */

bool entry_is_generic(const char *rdata)
{
    return rdata[0] == '\\' && rdata[1] == '#' && (!rdata[2] || rdata[2] == ' ');
}

static int hex_value(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = digit ? strchr(digits, tolower((unsigned char)digit)) : NULL;
    return found ? (int)(found - digits) : -1;
}

const char *entry_generic(const char *rdata, uint8_t out[ENTRY_DATA_MAX], size_t *size)
{
    uint64_t expected;
    size_t digits = 0;
    const char *at = rdata + 2;
    at += *at == ' ';
    if (!take_number(&at, ENTRY_DATA_MAX, &expected) || (*at && *at != ' '))
        return "\\# is followed by the number of octets, at most 65535";
    for (; *at; at++) {
        if (*at == ' ')
            continue;
        int value = hex_value(*at);
        if (value < 0)
            return "octets behind \\# are written as hexadecimal digits";
        if (digits == 2 * expected)
            return "more octets than the number behind \\# says";
        uint8_t *octet = &out[digits++ / 2];
        *octet = (uint8_t)(digits % 2 ? value << 4 : *octet | value);
    }
    if (digits != 2 * expected)
        return "fewer octets than the number behind \\# says";
    *size = (size_t)expected;
    return NULL;
}
