// SPDX-License-Identifier: MIT
#include "zones/split.h"

#include "tests/unit/zones/fixture.h"

/* Each row is a file; `expected` has what split_next() gives, one a line: "line:text", or "line!why". */
START_TEST(entries)
{
    static const struct {
        const char *message, *text, *expected;
    } rows[] = {
        {"nothing", "", ""},
        {"nothing but blanks and comments", "\n \t\n; c\n  ; c", ""},
        {"two lines", "a b\nc d\n", "1:a b\n2:c d\n"},
        {"no newline at the end", "a", "1:a\n"},
        {"blanks become one, the last go", "a \t\t b \r\n", "1:a b\n"},
        {"the first blank stays", "\t a\n", "1: a\n"},
        {"comment", "a ; b ( \"\nc", "1:a\n2:c\n"},
        {"parentheses", "\na ( b ; c\n\n d ) e\nf", "2:a b d e\n5:f\n"},
        {"nested parentheses", "a ( b ( c\n ) d\n ) e\nf", "1:a b c d e\n4:f\n"},
        {"parentheses twice", "a ( b\n ) c ( d\n ) e\nf", "1:a b c d e\n4:f\n"},
        {"parenthesis first", "(\n a\n)\n", "2: a\n"},
        {"quotes keep everything", "a \";( \t)\\\"\" b\n", "1:a \";( \t)\\\"\" b\n"},
        {"escapes keep one", "a \\; \\( \\\" b ; c\n", "1:a \\; \\( \\\" b\n"},
        {"a backslash at the end of a line", "a \\\nb\n", "1:a \\\n2:b\n"},
        {"quote left open", "a \"b\nc\n", "1!quote\n2:c\n"},
        {"escaped quote left open", "a \"b\\\"\nc\n", "1!quote\n2:c\n"},
        {"quote left open in parentheses", "a ( b\n \"c\nd\n", "2!quote\n3:d\n"},
        {"closed too often", "a ) b\nc\n", "1!closing\n2:c\n"},
        {"never closed", "a\nb ( c\nd\n", "1:a\n2!never closed\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[256], got[512] = "";
        ck_assert_uint_lt(strlen(rows[i].text), sizeof text);
        memcpy(text, rows[i].text, strlen(rows[i].text) + 1);
        FILE *file = *text ? fmemopen(text, strlen(text), "r") : fopen("/dev/null", "r");
        struct split split = split_open(file);
        const char *expected = rows[i].expected;
        for (enum split_outcome outcome; (outcome = split_next(&split)) != SPLIT_END;) {
            bool bad = outcome == SPLIT_BAD;
            snprintf(got, sizeof got, "%u%c%s", split.entry_line, bad ? '!' : ':',
                     bad ? split.why : split.text);
            size_t length = strcspn(expected, "\n");
            /* Of a reason a few words are enough. */
            const char *words = memchr(expected, '!', length);
            bool same = bad ? words && strncmp(got, expected, (size_t)(words - expected) + 1) == 0 &&
                                  memmem(got, strlen(got), words + 1, length - (size_t)(words + 1 - expected))
                            : strlen(got) == length && strncmp(got, expected, length) == 0;
            ck_assert_msg(length && same, "%s: %s", rows[i].message, got);
            expected += length + 1;
        }
        ck_assert_msg(!*expected, "%s: missing %s", rows[i].message, expected);
        split_close(&split);
        fclose(file);
    }
}
END_TEST

START_TEST(endless_entry)
{
    size_t size = 3 * SPLIT_ENTRY_MAX;
    char *text = malloc(size);
    ck_assert_ptr_nonnull(text);
    memset(text, 'a', size);
    memcpy(text + size - 3, "\nb", 2);
    text[size - 1] = '\n';
    FILE *file = fmemopen(text, size, "r");
    struct split split = split_open(file);
    ck_assert_int_eq(split_next(&split), SPLIT_BAD);
    ck_assert_ptr_nonnull(strstr(split.why, "longer than"));
    ck_assert_int_eq(split_next(&split), SPLIT_ENTRY);
    ck_assert_str_eq(split.text, "b");
    ck_assert_uint_eq(split.entry_line, 2);
    ck_assert_int_eq(split_next(&split), SPLIT_END);
    split_close(&split);
    fclose(file);
    free(text);
}
END_TEST

CHECK_MAIN("zones/split", entries, endless_entry)
