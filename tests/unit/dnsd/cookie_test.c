// SPDX-License-Identifier: MIT
#include "dnsd/cookie.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"

#define SECRET     "e5e973e5a6b2a43f48e7dc849e37bfcf"
#define SECRET_OLD "dd3bdf9344b678b185a6f5cb60fca715"
#define SECRET_NEW "445536bcd2513298075a5d379663c962"
#define CLIENT_1   "198.51.100.100"
#define CLIENT_2   "203.0.113.203"
#define CLIENT_3   "2001:db8:220:1:59de:d0f4:8769:82b8"

static size_t octets_of(const char *hex, uint8_t *out)
{
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        unsigned octet;
        ck_assert_int_eq(sscanf(hex + 2 * i, "%2x", &octet), 1);
        out[i] = (uint8_t)octet;
    }
    return size;
}

/* Up to two secrets, separated by a space. */
static struct cookie_secrets secrets_of(const char *text)
{
    struct cookie_secrets secrets = {0};
    for (; *text != '\0'; text += strcspn(text, " "), text += *text == ' ') {
        char one[33];
        snprintf(one, sizeof one, "%s", text);
        octets_of(one, secrets.keys[secrets.count++]);
    }
    return secrets;
}

/* RFC 9018 appendix A, and what section 4.3 says of time. `sent` at `now_s` yields `expected`. */
static const struct {
    const char *message, *secrets, *client, *sent;
    uint32_t now_s;
    enum cookie_verdict verdict;
    const char *expected;
} rows[] = {
    {"A.1: learning", SECRET, CLIENT_1, "2464c4abcf10c957", 0x5cf79f11, COOKIE_CLIENT,
     "2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
    {"A.2: renewed after 40 minutes", SECRET, CLIENT_1, "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
     0x5cf7a871, COOKIE_GOOD, "2464c4abcf10c957010000005cf7a871d4a564a1442aca77"},
    {"A.3: reserved octets are hashed as they came", SECRET, CLIENT_2,
     "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", 0x5cf78f71, COOKIE_GOOD,
     "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"},
    {"A.3: but too old by then", SECRET, CLIENT_2, "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
     0x5cf7a9ac, COOKIE_BAD, "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"},
    {"A.4: IPv6, made with the old secret", SECRET_OLD, CLIENT_3,
     "22681ab97d52c298010000005cf7c57926556bd0934c72f8", 0x5cf7c579, COOKIE_GOOD,
     "22681ab97d52c298010000005cf7c57926556bd0934c72f8"},
    {"A.4: rolled over: the old verifies, the new signs", SECRET_NEW " " SECRET_OLD, CLIENT_3,
     "22681ab97d52c298", 0x5cf7c609, COOKIE_CLIENT, "22681ab97d52c298010000005cf7c609a6bb79d16625507a"},
    {"the old cookie is good until it is renewed", SECRET_NEW " " SECRET_OLD, CLIENT_3,
     "22681ab97d52c298010000005cf7c57926556bd0934c72f8", 0x5cf7c609, COOKIE_GOOD,
     "22681ab97d52c298010000005cf7c57926556bd0934c72f8"},
    {"bad once the old secret is gone", SECRET_NEW, CLIENT_3,
     "22681ab97d52c298010000005cf7c57926556bd0934c72f8", 0x5cf7c609, COOKIE_BAD,
     "22681ab97d52c298010000005cf7c609a6bb79d16625507a"},
    {"30 minutes: kept", SECRET, CLIENT_1, "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
     0x5cf79f11 + 1800, COOKIE_GOOD, "2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
    {"an hour: good", SECRET, CLIENT_1, "2464c4abcf10c957010000005cf79f111f8130c3eee29480", 0x5cf79f11 + 3600,
     COOKIE_GOOD, NULL},
    {"an hour and a second: bad", SECRET, CLIENT_1, "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
     0x5cf79f11 + 3601, COOKIE_BAD, NULL},
    {"5 minutes in the future: another server's clock", SECRET, CLIENT_1,
     "2464c4abcf10c957010000005cf79f111f8130c3eee29480", 0x5cf79f11 - 300, COOKIE_GOOD,
     "2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
    {"a second more: bad", SECRET, CLIENT_1, "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
     0x5cf79f11 - 301, COOKIE_BAD, NULL},
    {"another client's cookie", SECRET, CLIENT_2, "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
     0x5cf79f11, COOKIE_BAD, NULL},
    {"another client cookie before it", SECRET, CLIENT_1, "2464c4abcf10c958010000005cf79f111f8130c3eee29480",
     0x5cf79f11, COOKIE_BAD, NULL},
    {"another version", SECRET, CLIENT_1, "2464c4abcf10c957020000005cf79f111f8130c3eee29480", 0x5cf79f11,
     COOKIE_BAD, NULL},
    {"somebody else's server cookie, shorter", SECRET, CLIENT_1, "2464c4abcf10c957010000005cf79f11",
     0x5cf79f11, COOKIE_BAD, "2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
    {"no cookie", SECRET, CLIENT_1, "", 0x5cf79f11, COOKIE_NONE, NULL},
    {"cookies are off", "", CLIENT_1, "2464c4abcf10c957", 0x5cf79f11, COOKIE_NONE, NULL},
};

START_TEST(judges_cookies)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cookie_secrets secrets = secrets_of(rows[i].secrets);
        uint8_t sent[COOKIE_SIZE_MAX], expected[COOKIE_SIZE], got[COOKIE_SIZE] = {0};
        struct addr client;
        ck_assert(addr_parse(rows[i].client, &client));
        size_t size = octets_of(rows[i].sent, sent);
        enum cookie_verdict verdict = cookie_judge(&secrets, &client, sent, size, rows[i].now_s, got);
        ck_assert_msg(verdict == rows[i].verdict, "%s: verdict %d", rows[i].message, verdict);
        if (rows[i].expected == NULL)
            continue;
        octets_of(rows[i].expected, expected);
        ck_assert_msg(memcmp(got, expected, sizeof expected) == 0, "%s", rows[i].message);
    }
}
END_TEST

/* Signed like ours, but of a version that means something else. */
START_TEST(another_version_is_not_ours)
{
    struct cookie_secrets secrets = secrets_of(SECRET);
    struct addr client;
    uint8_t cookie[COOKIE_SIZE + 4], out[COOKIE_SIZE];
    ck_assert(addr_parse(CLIENT_1, &client));
    octets_of("2464c4abcf10c957020000005cf79f11c6336464", cookie); /* ends with the client's address */
    uint64_t hash = siphash(secrets.keys[0], cookie, 20);
    for (unsigned i = 0; i < 8; i++)
        cookie[16 + i] = (uint8_t)(hash >> 8 * i);
    ck_assert_int_eq(cookie_judge(&secrets, &client, cookie, COOKIE_SIZE, 0x5cf79f11, out), COOKIE_BAD);
}
END_TEST

START_TEST(timestamps_wrap)
{
    struct cookie_secrets secrets = secrets_of(SECRET);
    struct addr client;
    uint8_t before[COOKIE_SIZE], after[COOKIE_SIZE];
    ck_assert(addr_parse(CLIENT_1, &client));
    cookie_judge(&secrets, &client, (const uint8_t *)"12345678", 8, UINT32_MAX - 10, before);
    ck_assert_int_eq(cookie_judge(&secrets, &client, before, COOKIE_SIZE, 20, after), COOKIE_GOOD);
    ck_assert_mem_eq(before, after, COOKIE_SIZE);
}
END_TEST

START_TEST(sizes_that_a_cookie_can_have)
{
    for (size_t size = 0; size < 64; size++)
        ck_assert_msg(cookie_has_sound_size(size) == (size == 8 || (size >= 16 && size <= 40)), "%zu", size);
}
END_TEST

CHECK_MAIN("dnsd/cookie", judges_cookies, another_version_is_not_ours, timestamps_wrap,
           sizes_that_a_cookie_can_have)
