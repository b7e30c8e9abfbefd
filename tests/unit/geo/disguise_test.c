// SPDX-License-Identifier: MIT
#include "geo/disguise.h"

#include "tests/unit/geo/fixture.h"

START_TEST(addresses)
{
    static const struct {
        const char *ipv6, *ipv4;
    } rows[] = {
        {"::ffff:192.0.2.33", "192.0.2.33"},
        {"64:ff9b::192.0.2.33", "192.0.2.33"},
        {"2002:c000:221::1", "192.0.2.33"},
        {"2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45"}, /* RFC 4380 section 4 */
        {"2001:db8::1", NULL},
        {"64:ff9b:1::1", NULL}, /* RFC 8215: local use, any translation */
        {"::192.0.2.33", NULL},
        {"::fffe:192.0.2.33", NULL},
        {"2001:1::", NULL},
        {"2003::", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addr ipv6 = fixture_addr(rows[i].ipv6);
        const struct disguise *disguise = disguise_find(bits_of(&ipv6));
        ck_assert_msg(!disguise == !rows[i].ipv4, "%s", rows[i].ipv6);
        if (!disguise)
            continue;
        struct addr ipv4 = fixture_addr(rows[i].ipv4);
        struct bits found = disguise_ipv4(disguise, bits_of(&ipv6));
        ck_assert_msg(bits_equal(found, bits_of(&ipv4)), "%s", rows[i].ipv6);
    }
}
END_TEST

START_TEST(ranges)
{
    static const struct {
        const char *prefix;
        bool below, covers;
    } rows[] = {
        {"::/0", true, false},         {"2000::/3", true, false},           {"2002::/15", true, false},
        {"2002::/16", false, true},    {"2002:100::/24", false, true},      {"2001::/16", true, false},
        {"2001::/32", false, true},    {"2001:db8::/32", false, false},     {"::/95", false, false},
        {"::/80", true, false},        {"::ffff:0:0/96", false, true},      {"fe00::/8", false, false},
        {"64:ff9b::/95", true, false}, {"64:ff9b::1:0:0/96", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct prefix prefix = fixture_prefix(rows[i].prefix);
        struct bits path = bits_of(&prefix.addr);
        ck_assert_msg(disguise_below(path, prefix.length) == rows[i].below, "%s below", rows[i].prefix);
        ck_assert_msg(disguise_covers(path, prefix.length) == rows[i].covers, "%s covers", rows[i].prefix);
    }
}
END_TEST

CHECK_MAIN("geo/disguise", addresses, ranges)
