// SPDX-License-Identifier: MIT
#include "core/base/addr.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
    const char *text, *expected; /* NULL: refused */
} addresses[] = {
    {"192.0.2.1", "192.0.2.1"}, {"2001:DB8::1", "2001:db8::1"}, {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
    {"192.0.2", NULL},          {"192.0.2.1.", NULL},           {"192.0.2.256", NULL},
    {"0x7f.1", NULL},           {"fe80::1%eth0", NULL},         {"", NULL},
    {" 192.0.2.1", NULL},
};

START_TEST(parses_addresses)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct addr addr;
        char text[ADDR_TEXT_MAX];
        bool ok = addr_parse(addresses[i].text, &addr);
        ck_assert_msg(ok == (addresses[i].expected != NULL), "\"%s\"", addresses[i].text);
        if (ok)
            ck_assert_str_eq(addr_format(&addr, text), addresses[i].expected);
    }
}
END_TEST

static const struct {
    const char *text, *expected;
    bool host_bits;
} prefixes[] = {
    {"192.0.2.0/24", "192.0.2.0/24", false},
    {"192.0.2.7", "192.0.2.7/32", false},
    {"0.0.0.0/0", "0.0.0.0/0", false},
    {"2001:db8:7::/48", "2001:db8:7::/48", false},
    {"::/0", "::/0", false},
    {"192.0.2.1/24", NULL, true},
    {"2001:db8::1/64", NULL, true},
    {"192.0.2.0/33", NULL, false},
    {"192.0.2.0/", NULL, false},
    {"192.0.2.0/+8", NULL, false},
    {"192.0.2.0/024000", NULL, false},
    {"/24", NULL, false},
};

START_TEST(parses_prefixes)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        struct prefix prefix;
        char text[PREFIX_TEXT_MAX];
        bool host_bits;
        bool ok = prefix_parse(prefixes[i].text, &prefix, &host_bits);
        ck_assert_msg(ok == (prefixes[i].expected != NULL), "\"%s\"", prefixes[i].text);
        ck_assert_msg(host_bits == prefixes[i].host_bits, "host bits of \"%s\"", prefixes[i].text);
        if (ok)
            ck_assert_str_eq(prefix_format(&prefix, text), prefixes[i].expected);
    }
}
END_TEST

static const struct {
    const char *text, *expected;
} endpoints[] = {
    {"127.0.0.1@5300", "127.0.0.1@5300"},
    {"127.0.0.1", "127.0.0.1@53"},
    {"::1@5300", "::1@5300"},
    {"::1", "::1@53"},
    {"127.0.0.1@0", NULL},
    {"127.0.0.1@65536", NULL},
    {"127.0.0.1:53", NULL},
    {"@53", NULL},
    {"127.0.0.1@", NULL},
};

START_TEST(parses_endpoints)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        struct endpoint endpoint, back;
        struct sockaddr_storage name;
        char text[ENDPOINT_TEXT_MAX];
        bool ok = endpoint_parse(endpoints[i].text, 53, &endpoint);
        ck_assert_msg(ok == (endpoints[i].expected != NULL), "\"%s\"", endpoints[i].text);
        if (!ok)
            continue;
        ck_assert_str_eq(endpoint_format(&endpoint, text), endpoints[i].expected);
        endpoint_to_sockaddr(&endpoint, &name);
        ck_assert(endpoint_from_sockaddr((struct sockaddr *)&name, &back));
        ck_assert_str_eq(endpoint_format(&back, text), endpoints[i].expected);
    }
}
END_TEST

START_TEST(masks_any_length)
{
    static const struct {
        unsigned length;
        const char *expected;
    } rows[] = {
        {128, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {127, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"},
        {64, "ffff:ffff:ffff:ffff::"},
        {57, "ffff:ffff:ffff:ff80::"},
        {1, "8000::"},
        {0, "::"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addr addr = {.family = ADDR_V6};
        char text[ADDR_TEXT_MAX];
        memset(addr.octets, 0xff, sizeof addr.octets);
        addr_mask(&addr, rows[i].length);
        ck_assert_str_eq(addr_format(&addr, text), rows[i].expected);
    }
}
END_TEST

START_TEST(a_prefix_contains_its_own_family_only)
{
    struct prefix prefix;
    struct addr inside, outside, other;
    ck_assert(prefix_parse("10.0.0.0/8", &prefix, NULL));
    ck_assert(addr_parse("10.255.0.1", &inside) && addr_parse("11.0.0.1", &outside) &&
              addr_parse("a00::", &other));
    ck_assert(prefix_contains(&prefix, &inside));
    ck_assert(!prefix_contains(&prefix, &outside));
    ck_assert(!prefix_contains(&prefix, &other));
}
END_TEST

CHECK_MAIN("core/base/addr", parses_addresses, parses_prefixes, parses_endpoints, masks_any_length,
           a_prefix_contains_its_own_family_only)
