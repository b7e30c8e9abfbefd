// SPDX-License-Identifier: MIT
#include "core/model/dname.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define L10          "0123456789"
#define L63          L10 L10 L10 L10 L10 L10 "012"
#define L61          L10 L10 L10 L10 L10 L10 "0"

static const uint8_t *const EXAMPLE = (const uint8_t *)"\7example\3com";

START_TEST(parse_accepts)
{
    static const struct {
        const char *message, *text;
        const char *wire; /* the root's zero octet is the literal's own */
    } rows[] = {
        {"absolute", "www.example.com.", "\3www\7example\3com"},
        {"relative", "www", "\3www\7example\3com"},
        {"relative with a dot", "a.b", "\1a\1b\7example\3com"},
        {"lower case", "WwW.EXAMPLE.com.", "\3www\7example\3com"},
        {"origin", "@", "\7example\3com"},
        {"root", ".", ""},
        {"escaped dot", "a\\.b.", "\3a.b"},
        {"escaped final dot leaves the name relative", "a\\.", "\2a.\7example\3com"},
        {"escaped at-sign is a label", "\\@", "\1@\7example\3com"},
        {"escaped backslash", "\\\\.", "\1\\"},
        {"decimal escape", "a\\032b.", "\3a b"},
        {"decimal escape of a capital is lowered", "\\065.", "\1a"},
        {"decimal escape of a dot", "\\046.", "\1."},
        {"largest decimal escape", "\\255.", "\1\377"},
        {"wildcard", "*.users", "\1*\5users\7example\3com"},
        {"label of 63 octets", L63 ".", "\077" L63},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t out[DNAME_MAX];
        const char *why = "nothing";
        size_t length = dname_parse(rows[i].text, EXAMPLE, out, &why);
        ck_assert_msg(length == strlen(rows[i].wire) + 1, "%s: length %zu (%s)", rows[i].message, length,
                      why);
        ck_assert_msg(memcmp(out, rows[i].wire, length) == 0, "%s: other octets", rows[i].message);
    }
}
END_TEST

START_TEST(parse_as_written)
{
    uint8_t name[DNAME_MAX];
    const char *why = NULL;
    ck_assert_uint_eq(dname_parse_as_written("Www", (const uint8_t *)"\7Example", name, &why), 13);
    ck_assert_mem_eq(name, "\3Www\7Example", 13);
    ck_assert_uint_eq(dname_parse_as_written("@", (const uint8_t *)"\7Example", name, &why), 9);
    ck_assert_mem_eq(name, "\7Example", 9);
    ck_assert_uint_eq(dname_parse("Www", (const uint8_t *)"\7Example", name, &why), 13);
    ck_assert_mem_eq(name, "\3www\7example", 13);
    ck_assert_uint_eq(dname_parse_as_written("a..b", NULL, name, &why), 0);
    ck_assert_mem_eq(name, "\3www\7example", 13); /* untouched */
}
END_TEST

START_TEST(parse_refuses)
{
    static const struct {
        const char *message, *text, *why;
    } rows[] = {
        {"nothing", "", "empty name"},
        {"leading dot", ".com", "empty label"},
        {"two dots", "a..b", "empty label"},
        {"two dots at the end", "a..", "empty label"},
        {"two dots alone", "..", "empty label"},
        {"label of 64 octets", L63 "x.", "label longer than 63"},
        {"label of 64 octets, the last escaped", L63 "\\120.", "label longer than 63"},
        {"name of 256 octets", L63 "." L63 "." L63 "." L61 "x.", "name longer than 255"},
        {"too long with its origin", L63 "." L63 "." L63 "." L61, "name longer than 255"},
        {"backslash at the end", "a\\", "backslash at the end"},
        {"one digit", "a\\1.", "two more digits"},
        {"two digits and the end", "a\\12", "two more digits"},
        {"256", "a\\256.", "larger than 255"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t out[DNAME_MAX] = {0xaa};
        const char *why = NULL;
        ck_assert_msg(dname_parse(rows[i].text, EXAMPLE, out, &why) == 0, "%s: accepted", rows[i].message);
        ck_assert_msg(why && strstr(why, rows[i].why), "%s: why \"%s\"", rows[i].message, why ? why : "");
        ck_assert_msg(out[0] == 0xaa, "%s: wrote its output", rows[i].message);
    }
}
END_TEST

START_TEST(parse_at_the_limits)
{
    uint8_t out[DNAME_MAX];
    const char *why = NULL;
    char text[DNAME_TEXT_MAX] = "";

    ck_assert_uint_eq(dname_parse(L63 "." L63 "." L63 "." L61 ".", NULL, out, &why), DNAME_MAX);
    ck_assert_uint_eq(dname_labels(out), 4);
    for (size_t i = 0; i < DNAME_LABELS_MAX; i++)
        memcpy(text + 2 * i, "a.", 3);
    ck_assert_uint_eq(dname_parse(text, NULL, out, &why), DNAME_MAX);
    ck_assert_uint_eq(dname_labels(out), DNAME_LABELS_MAX);
    /* Without an origin a relative name is below the root; the result may overwrite the origin. */
    ck_assert_uint_eq(dname_parse("a", NULL, out, &why), 3);
    ck_assert_uint_eq(dname_parse("b", out, out, &why), 5);
    ck_assert_mem_eq(out, "\1b\1a", 5);
}
END_TEST

START_TEST(format_writes)
{
    static const struct {
        const char *wire, *text;
    } rows[] = {
        {"", "."},
        {"\3www\7example\3com", "www.example.com"},
        {"\3WwW\3com", "WwW.com"},
        {"\3a.b\3com", "a\\.b.com"},
        {"\1\\", "\\\\"},
        {"\1@", "\\@"},
        {"\5a\";($", "a\\\"\\;\\(\\$"},
        {"\3a b", "a\\032b"},
        {"\2\177\377", "\\127\\255"},
        {"\1*\1_", "*._"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[DNAME_TEXT_MAX];
        ck_assert_str_eq(dname_format((const uint8_t *)rows[i].wire, out), rows[i].text);
    }
}
END_TEST

/* Every octet value in every kind of place comes back from its presentation form. */
START_TEST(format_then_parse)
{
    for (unsigned octet = 0; octet <= UINT8_MAX; octet++) {
        uint8_t wire[DNAME_MAX] = {0}, lower[DNAME_MAX], back[DNAME_MAX];
        char text[DNAME_TEXT_MAX];
        const char *why = "nothing";
        size_t at = 0;
        /* 3 * 64 + 62 + 1 octets: the longest name, and the longest text if the octet needs \DDD. */
        for (size_t size = 63; at < DNAME_MAX - 1; at += 1 + size) {
            size = DNAME_MAX - 2 - at < size ? DNAME_MAX - 2 - at : size;
            wire[at] = (uint8_t)size;
            memset(wire + at + 1, (int)octet, size);
        }
        ck_assert_uint_eq(dname_length(wire), DNAME_MAX);
        dname_lower(lower, wire, DNAME_MAX);
        ck_assert_uint_lt(strlen(dname_format(wire, text)), DNAME_TEXT_MAX);
        ck_assert_msg(dname_parse(text, NULL, back, &why) == DNAME_MAX, "octet %u: %s", octet, why);
        ck_assert_mem_eq(back, lower, DNAME_MAX);
    }
}
END_TEST

START_TEST(relations)
{
    static const struct {
        const char *message, *name, *ancestor;
        bool under, equal;
    } rows[] = {
        {"itself", "\7example\3com", "\7example\3com", true, true},
        {"a child", "\1a\7example\3com", "\7example\3com", true, false},
        {"the parent", "\3com", "\7example\3com", false, false},
        {"everything is under the root", "\7example\3com", "", true, false},
        {"the root is under itself", "", "", true, true},
        {"a label that only ends alike", "\10xexample\3com", "\7example\3com", false, false},
        {"octets that look like the ancestor inside a label", "\15a\7example\3com", "\7example\3com", false,
         false},
        {"a sibling", "\7another\3com", "\7example\3com", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const uint8_t *name = (const uint8_t *)rows[i].name, *ancestor = (const uint8_t *)rows[i].ancestor;
        ck_assert_msg(dname_is_under(name, ancestor) == rows[i].under, "%s", rows[i].message);
        ck_assert_msg(dname_equal(name, ancestor) == rows[i].equal, "%s", rows[i].message);
    }
}
END_TEST

START_TEST(measures)
{
    ck_assert_uint_eq(dname_length(EXAMPLE), 13);
    ck_assert_uint_eq(dname_length((const uint8_t *)""), 1);
    ck_assert_uint_eq(dname_labels(EXAMPLE), 2);
    ck_assert_uint_eq(dname_labels((const uint8_t *)""), 0);
    ck_assert_ptr_eq(dname_parent(EXAMPLE, 0), EXAMPLE);
    ck_assert_ptr_eq(dname_parent(EXAMPLE, 1), EXAMPLE + 8);
    ck_assert_ptr_eq(dname_parent(EXAMPLE, 2), EXAMPLE + 12);
    ck_assert(dname_is_wildcard((const uint8_t *)"\1*\3com"));
    ck_assert(!dname_is_wildcard((const uint8_t *)"\2*a\3com"));
    ck_assert(!dname_is_wildcard((const uint8_t *)"\1a\1*"));
    ck_assert(!dname_is_wildcard((const uint8_t *)""));
}
END_TEST

CHECK_MAIN("core/model/dname", parse_accepts, parse_as_written, parse_refuses, parse_at_the_limits,
           format_writes, format_then_parse, relations, measures)
