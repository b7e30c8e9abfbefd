// SPDX-License-Identifier: MIT
#include "dnsd/cookie_secrets.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"

#define ONE "000102030405060708090a0b0c0d0e0f"
#define TWO "FFfedcba98765432100123456789abcd"

static const struct {
    const char *message, *text;
    unsigned mode, count;   /* secrets; 0: refused */
    const char *finding[2]; /* "line: text", NULL: none */
} rows[] = {
    {"one", ONE "\n", 0600, 1, {NULL}},
    {"two, without a last line end", ONE "\n" TWO, 0600, 2, {NULL}},
    {"comments, empty lines, DOS lines", "# signs since May\r\n\r\n" ONE "\r\n", 0600, 1, {NULL}},
    {"readable by the group", ONE "\n", 0640, 1, {"0: others than its owner may read"}},
    {"empty", "", 0600, 0, {"0: no cookie secret"}},
    {"too short", ONE "\n0123\n", 0600, 0, {"2: 32 hexadecimal digits"}},
    {"too long", ONE "00\n", 0600, 0, {"1: 32 hexadecimal digits", "0: no cookie secret"}},
    {"no digits",
     "\n\nzz0102030405060708090a0b0c0d0e0f\n",
     0600,
     0,
     {"3: 32 hexadecimal", "0: no cookie secret"}},
    {"a line more", ONE " \n", 0600, 0, {"1: 32 hexadecimal", "0: no cookie secret"}},
    {"nine",
     ONE "\n" ONE "\n" ONE "\n" ONE "\n" ONE "\n" ONE "\n" ONE "\n" ONE "\n" ONE "\n",
     0600,
     0,
     {"9: more than 8"}},
};

static void check_findings(size_t row, const struct err *err, const char *path)
{
    for (size_t i = 0; i < 2; i++) {
        const char *expected = rows[row].finding[i];
        char text[300];
        ck_assert_msg((expected != NULL) == (i < err->count), "%s: %zu findings", rows[row].message,
                      err->count);
        if (expected == NULL)
            return;
        snprintf(text, sizeof text, "%u: %s", err->findings[i].place.line, err->findings[i].text);
        ck_assert_msg(strncmp(text, expected, 3) == 0 && strstr(text, expected + 3) != NULL, "%s: %s",
                      rows[row].message, text);
        ck_assert_str_eq(err->findings[i].place.file, path);
        ck_assert_ptr_null(strstr(text, "0102030405")); /* a log is no place for secrets */
    }
}

START_TEST(reads_files_of_secrets)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[] = "/tmp/meridian-cookies-XXXXXX";
        struct err err = ERR_INIT;
        struct cookie_secrets secrets = {0};
        int fd = mkstemp(path);
        ck_assert_int_eq(write(fd, rows[i].text, strlen(rows[i].text)), (ssize_t)strlen(rows[i].text));
        fchmod(fd, rows[i].mode);
        close(fd);
        const struct config_cookies config = {true, path};
        bool ok = cookie_secrets_load(&config, &secrets, &err);
        ck_assert_msg(ok == (rows[i].count > 0) && secrets.count == rows[i].count, "%s: %u secrets",
                      rows[i].message, secrets.count);
        ck_assert(!secrets.random);
        for (uint8_t octet = 0; ok && octet < SIPHASH_KEY_SIZE; octet++)
            ck_assert_uint_eq(secrets.keys[0][octet], octet);
        check_findings(i, &err, path);
        err_free(&err);
        unlink(path);
    }
}
END_TEST

START_TEST(a_missing_file_is_an_error)
{
    struct err err = ERR_INIT;
    struct cookie_secrets secrets = {0};
    const struct config_cookies config = {true, "/tmp/meridian-no-such-file"};
    ck_assert(!cookie_secrets_load(&config, &secrets, &err));
    ck_assert_ptr_nonnull(strstr(err.findings[0].text, "No such file"));
    err_free(&err);
}
END_TEST

START_TEST(without_a_file_chance_decides)
{
    struct err err = ERR_INIT;
    struct cookie_secrets one = {0}, other = {0};
    const struct config_cookies on = {true, NULL}, off = {false, NULL};
    ck_assert(cookie_secrets_load(&on, &one, &err) && cookie_secrets_load(&on, &other, &err));
    ck_assert(one.random && one.count == 1);
    ck_assert_mem_ne(one.keys[0], other.keys[0], SIPHASH_KEY_SIZE);
    ck_assert(cookie_secrets_load(&off, &one, &err));
    ck_assert_uint_eq(one.count, 0);
    ck_assert_uint_eq(err.count, 0);
}
END_TEST

CHECK_MAIN("dnsd/cookie_secrets", reads_files_of_secrets, a_missing_file_is_an_error,
           without_a_file_chance_decides)
