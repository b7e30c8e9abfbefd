// SPDX-License-Identifier: MIT
#include "zones/entry.h"

#include "tests/unit/zones/fixture.h"

START_TEST(words)
{
    const char *at = "one two\\ more  x";
    char word[ENTRY_WORD_MAX], longest[2 * ENTRY_WORD_MAX];
    ck_assert(entry_word(&at, word));
    ck_assert_str_eq(word, "one");
    ck_assert(entry_word(&at, word));
    ck_assert_str_eq(word, "two\\ more");
    ck_assert(entry_word(&at, word));
    ck_assert_str_eq(word, ""); /* two blanks: split never leaves them */
    ck_assert(entry_word(&at, word));
    ck_assert_str_eq(word, "x");
    ck_assert(entry_word(&at, word));
    ck_assert_str_eq(word, "");

    memset(longest, 'a', sizeof longest);
    longest[ENTRY_WORD_MAX - 1] = '\0';
    at = longest;
    ck_assert(entry_word(&at, word));
    ck_assert_uint_eq(strlen(word), ENTRY_WORD_MAX - 1);
    longest[ENTRY_WORD_MAX - 1] = 'a';
    longest[ENTRY_WORD_MAX] = '\0';
    at = longest;
    ck_assert(!entry_word(&at, word));
}
END_TEST

START_TEST(texts)
{
    static const struct {
        const char *from, *word, *rest;
    } rows[] = {
        {"file", "file", ""},
        {"file origin", "file", "origin"},
        {"\"file name\" origin", "file name", "origin"},
        {"\"file\\\"name\"", "file\"name", ""},
        {"file\\ name origin", "file name", "origin"},
        {"\"open", "open", ""},
        {"\"\"", "", ""},
        {"", "", ""},
        {"end\\", "end\\", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char word[ENTRY_WORD_MAX];
        const char *at = rows[i].from;
        ck_assert_msg(entry_text(&at, word), "%s", rows[i].from);
        ck_assert_msg(strcmp(word, rows[i].word) == 0, "%s: %s", rows[i].from, word);
        ck_assert_msg(strcmp(at, rows[i].rest) == 0, "%s: rest %s", rows[i].from, at);
    }
    char longest[ENTRY_WORD_MAX + 1], word[ENTRY_WORD_MAX];
    const char *at = longest;
    memset(longest, 'a', ENTRY_WORD_MAX);
    longest[ENTRY_WORD_MAX] = '\0';
    ck_assert(!entry_text(&at, word));
}
END_TEST

START_TEST(ttls)
{
    static const struct {
        const char *text;
        bool good;
        uint32_t ttl_s;
    } rows[] = {
        {"0", true, 0},
        {"3600", true, 3600},
        {"1w2d3h4m5s", true, 788645},
        {"1D", true, 86400},
        {"1h30", true, 3630},
        {"2147483647", true, 2147483647},
        {"2147483648", false, 0},
        {"3550w", true, 2147040000},
        {"3551w", false, 0},
        {"18446744073709551617", false, 0},
        {"1y", false, 0},
        {"h", false, 0},
        {"1hh", false, 0},
        {"-1", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t ttl_s = 0;
        ck_assert_msg(entry_ttl(rows[i].text, &ttl_s) == rows[i].good, "%s", rows[i].text);
        ck_assert_msg(ttl_s == rows[i].ttl_s, "%s: %u", rows[i].text, ttl_s);
    }
}
END_TEST

START_TEST(generic)
{
    static const struct {
        const char *text;
        const char *octets; /* NULL: refused */
        size_t size;
    } rows[] = {
        {"\\# 0", "", 0},
        {"\\# 4 0a000001", "\n\0\0\1", 4},
        {"\\# 4 0A 00 0 001", "\n\0\0\1", 4},
        {"\\#", NULL, 0},
        {"\\# x", NULL, 0},
        {"\\# 1x 00", NULL, 0},
        {"\\# 65536 00", NULL, 0},
        {"\\# 1", NULL, 0},
        {"\\# 1 0", NULL, 0},
        {"\\# 1 000", NULL, 0},
        {"\\# 0 00", NULL, 0},
        {"\\# 1 0g", NULL, 0},
    };
    static uint8_t octets[ENTRY_DATA_MAX];
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t size = 0;
        ck_assert_msg(entry_is_generic(rows[i].text), "%s", rows[i].text);
        const char *why = entry_generic(rows[i].text, octets, &size);
        ck_assert_msg((why == NULL) == (rows[i].octets != NULL), "%s: %s", rows[i].text,
                      why ? why : "accepted");
        ck_assert_msg(size == rows[i].size, "%s: size %zu", rows[i].text, size);
        ck_assert_msg(!size || memcmp(octets, rows[i].octets, size) == 0, "%s: octets", rows[i].text);
    }
    size_t size = 0;
    ck_assert_str_eq(entry_generic("\\# 1 000", octets, &size),
                     "more octets than the number behind \\# says");
    ck_assert(!entry_is_generic("\\#4"));
    ck_assert(!entry_is_generic("#"));
}
END_TEST

CHECK_MAIN("zones/entry", words, texts, ttls, generic)
