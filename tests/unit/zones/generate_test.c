// SPDX-License-Identifier: MIT
#include "zones/generate.h"

#include "tests/unit/zones/fixture.h"

START_TEST(ranges)
{
    static const struct {
        const char *text;
        const char *why; /* NULL: good */
        struct generate_range range;
    } rows[] = {
        {"1-20", NULL, {1, 20, 1}},
        {"0-0", NULL, {0, 0, 1}},
        {"1-20/3", NULL, {1, 20, 3}},
        {"0-2147483647/2148", NULL, {0, 2147483647, 2148}},
        {"1-1000000", NULL, {1, 1000000, 1}},
        {"0-1000000", "more than a million", {0}},
        {"2-1", "ends before it begins", {0}},
        {"1-20/0", "FROM-TO", {0}},
        {"1-20/", "FROM-TO", {0}},
        {"1-20x", "FROM-TO", {0}},
        {"-1-20", "FROM-TO", {0}},
        {"1", "FROM-TO", {0}},
        {"1-", "FROM-TO", {0}},
        {"0-2147483648", "FROM-TO", {0}},
        {"99999999999999999999-1", "FROM-TO", {0}},
        {"", "FROM-TO", {0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct generate_range range = {0};
        const char *why = generate_range_of(rows[i].text, &range);
        ck_assert_msg((why == NULL) == (rows[i].why == NULL), "%s: %s", rows[i].text, why ? why : "accepted");
        ck_assert_msg(!why || strstr(why, rows[i].why), "%s: %s", rows[i].text, why);
        ck_assert_msg(range.from == rows[i].range.from && range.to == rows[i].range.to &&
                          range.step == rows[i].range.step,
                      "%s: %u-%u/%u", rows[i].text, range.from, range.to, range.step);
    }
}
END_TEST

/* As BIND's manual describes them, and as its server loads them. */
START_TEST(texts)
{
    static const struct {
        const char *pattern;
        uint32_t number;
        const char *text; /* NULL: refused */
    } rows[] = {
        {"host-$ A 192.0.2.$", 7, "host-7 A 192.0.2.7"},
        {"no number", 7, "no number"},
        {"", 7, ""},
        {"${0}", 7, "7"},
        {"${-7}", 7, "0"},
        {"${-8}", 7, NULL},
        {"${10}", 7, "17"},
        {"${2147483647}", 1, NULL},
        {"${0,3}", 7, "007"},
        {"${0,3,d}", 1234, "1234"},
        {"${0,0,x}", 255, "ff"},
        {"${0,4,X}", 255, "00FF"},
        {"${0,0,o}", 8, "10"},
        {"${0,0,n}", 0x1a2, "2.a.1"},
        {"${0,0,N}", 0x1a2, "2.A.1"},
        {"${0,7,n}", 0x1a, "a.1.0.0"},
        {"${0,0,n}", 0, "0"},
        {"\\$ and $", 7, "\\$ and 7"},
        {"$$ and $", 7, "\\$ and 7"},
        {"\\\\$", 7, "\\\\7"},
        {"end\\", 7, "end\\"},
        {"${", 7, NULL},
        {"${0", 7, NULL},
        {"${0,}", 7, NULL},
        {"${0,1,q}", 7, NULL},
        {"${0,1,", 7, NULL},
        {"${0,256}", 7, NULL},
        {"${0,255,n}", 7, ""}, /* only that it fits */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[GENERATE_TEXT_MAX];
        const char *why = generate_text(rows[i].pattern, rows[i].number, text);
        ck_assert_msg((why == NULL) == (rows[i].text != NULL), "%s: %s", rows[i].pattern, why ? why : text);
        ck_assert_msg(why || (i == COUNT(rows) - 1) || strcmp(text, rows[i].text) == 0, "%s: %s",
                      rows[i].pattern, text);
    }
}
END_TEST

START_TEST(too_long)
{
    char pattern[GENERATE_TEXT_MAX + 1], text[GENERATE_TEXT_MAX];
    memset(pattern, 'a', sizeof pattern);
    pattern[GENERATE_TEXT_MAX - 1] = '\0';
    ck_assert_ptr_null(generate_text(pattern, 1, text));
    pattern[GENERATE_TEXT_MAX - 1] = 'a';
    pattern[GENERATE_TEXT_MAX] = '\0';
    ck_assert_ptr_nonnull(generate_text(pattern, 1, text));
    pattern[GENERATE_TEXT_MAX - 2] = '$';
    pattern[GENERATE_TEXT_MAX - 1] = '\0';
    ck_assert_ptr_null(generate_text(pattern, 1, text));
    ck_assert_ptr_nonnull(generate_text(pattern, 12, text));
}
END_TEST

CHECK_MAIN("zones/generate", ranges, texts, too_long)
