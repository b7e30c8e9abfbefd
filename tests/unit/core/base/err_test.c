// SPDX-License-Identifier: MIT
#include "core/base/err.h"

#include <string.h>

#include "tests/support/check_main.h"

START_TEST(suggests_what_was_meant)
{
    static const char *const keys[] = {"interval", "timeout", "confirm", "fall", "rise", "port", "a"};
    static const struct {
        const char *word, *expected;
    } rows[] = {
        {"intervall", "interval"},
        {"itnerval", "interval"},
        {"Timeout", "timeout"},
        {"timout", "timeout"},
        {"fal", "fall"},
        {"rsie", "rise"},
        {"prot", "port"},
        {"weight", NULL},
        {"xy", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = err_suggest(rows[i].word, keys, sizeof keys / sizeof *keys);
        ck_assert_msg(rows[i].expected ? got && strcmp(got, rows[i].expected) == 0 : got == NULL,
                      "\"%s\" -> %s", rows[i].word, got ? got : "nothing");
    }
}
END_TEST

START_TEST(a_finding_says_as_much_of_its_place_as_is_known)
{
    static const struct {
        struct err_place place;
        const char *expected;
    } rows[] = {
        {{NULL, 0, 0}, "error: it broke"},
        {{"a.yaml", 0, 0}, "a.yaml: error: it broke"},
        {{"a.yaml", 3, 0}, "a.yaml:3: error: it broke"},
        {{"a.yaml", 3, 7}, "a.yaml:3:7: error: it broke"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;
        char text[100];
        err_add(&err, ERR_ERROR, rows[i].place, "it %s", "broke");
        err_format(&err.findings[0], text, sizeof text);
        ck_assert_str_eq(text, rows[i].expected);
        err_free(&err);
    }
}
END_TEST

START_TEST(findings_past_the_limit_are_counted)
{
    struct err err = ERR_INIT;
    for (unsigned i = 0; i < ERR_FINDINGS_MAX + 500; i++)
        err_add(&err, i % 2 ? ERR_WARNING : ERR_ERROR, (struct err_place){"f", i + 1, 0}, "no %u", i);
    ck_assert_uint_eq(err.count, ERR_FINDINGS_MAX);
    ck_assert_uint_eq(err.errors, 750);
    ck_assert_uint_eq(err.warnings, 750);
    ck_assert_str_eq(err.findings[ERR_FINDINGS_MAX - 1].text, "no 999");
    err_free(&err);
    ck_assert_uint_eq(err.count, 0);
}
END_TEST

CHECK_MAIN("core/base/err", suggests_what_was_meant, a_finding_says_as_much_of_its_place_as_is_known,
           findings_past_the_limit_are_counted)
