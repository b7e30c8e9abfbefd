// SPDX-License-Identifier: MIT
#include "core/base/pattern.h"

#include <string.h>
#include <time.h>

#include "tests/support/check_main.h"

#define LARGE 65536

START_TEST(matches)
{
    static const struct {
        const char *pattern, *octets;
        size_t size;
        bool occurs;
    } rows[] = {
        {"ok", "all ok here", 11, true},
        {"ok", "o k", 3, false},
        {"^ok", "ok then", 7, true},
        {"^ok", "not ok", 6, false},
        {"ok$", "not ok", 6, true},
        {"ok$", "ok\n", 3, false},
        {"a|^b", "xb", 2, false},
        {"a|b", "xb", 2, true},
        {"lag: [0-9]{1,2} ms", "{ lag: 12 ms }", 14, true},
        {"lag: [0-9]{1,2} ms", "{ lag: 123 ms }", 15, false},
        {"[[:digit:]]+", "no number", 9, false},
        {"ok", "a\0\xff ok", 6, true},
        {"a.c", "a\0c", 3, false}, /* as POSIX has it */
        {"ok", "ok", 1, false},    /* the size counts */
        {"", "", 0, true},
        {"x\\.y", "x.y", 3, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char why[PATTERN_WHY_MAX] = "";
        struct pattern *pattern = pattern_create(rows[i].pattern, why);
        ck_assert_msg(pattern != NULL, "%s: %s", rows[i].pattern, why);
        ck_assert_msg(pattern_occurs(pattern, rows[i].octets, rows[i].size) == rows[i].occurs, "%s in %s",
                      rows[i].pattern, rows[i].octets);
        pattern_free(pattern);
    }
    pattern_free(NULL);
}
END_TEST

START_TEST(mistakes)
{
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        {"a(b", "Unmatched ( or \\("},
        {"[a", "Unmatched [, [^, [:, [., or [="},
        {"*", "Invalid preceding regular expression"},
        {"(a)\\1", "back references are not possible"},
        {"a\\", "Trailing backslash"},
    };
    char why[PATTERN_WHY_MAX], large[PATTERN_TEXT_MAX + 2];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_ptr_null(pattern_create(rows[i].pattern, why));
        ck_assert_str_eq(why, rows[i].why);
    }
    memset(large, 'a', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    ck_assert_ptr_null(pattern_create(large, why));
    ck_assert_str_eq(why, "longer than 512 octets");
}
END_TEST

/* Patterns that take a matcher with a separate try for every start, or with backtracking, minutes. */
START_TEST(hostile_text)
{
    static const char *const patterns[] = {"a.*b", "(a|aa)*c", "(a*)*b", "(a|b)*a(a|b){12}c", "a{1,200}b"};
    static char octets[LARGE + 1];
    struct timespec from, to;
    char why[PATTERN_WHY_MAX];
    memset(octets, 'a', LARGE);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct pattern *pattern = pattern_create(patterns[i], why);
        clock_gettime(CLOCK_MONOTONIC, &from);
        ck_assert(!pattern_occurs(pattern, octets, LARGE));
        clock_gettime(CLOCK_MONOTONIC, &to);
        long ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
        ck_assert_msg(ms < 200, "%s: %ld ms", patterns[i], ms);
        pattern_free(pattern);
    }
}
END_TEST

CHECK_MAIN("core/base/pattern", matches, mistakes, hostile_text)
