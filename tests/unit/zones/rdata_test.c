// SPDX-License-Identifier: MIT
#include "zones/rdata.h"

#include "tests/unit/zones/fixture.h"

#define OCTETS(literal) (const uint8_t *)(literal), sizeof(literal) - 1

START_TEST(valid)
{
    static const struct {
        const char *message;
        unsigned type;
        const uint8_t *rdata;
        size_t size;
        bool valid;
    } rows[] = {
        {"A", RDATA_A, OCTETS("\1\2\3\4"), true},
        {"A, short", RDATA_A, OCTETS("\1\2\3"), false},
        {"A, long", RDATA_A, OCTETS("\1\2\3\4\5"), false},
        {"AAAA of an A", RDATA_AAAA, OCTETS("\1\2\3\4"), false},
        {"NS", RDATA_NS, OCTETS("\1a\0"), true},
        {"NS root", RDATA_NS, OCTETS("\0"), true},
        {"NS empty", RDATA_NS, OCTETS(""), false},
        {"NS without the root's octet", RDATA_NS, OCTETS("\1a"), false},
        {"NS, label past the end", RDATA_NS, OCTETS("\5a\0"), false},
        {"NS with a pointer", RDATA_NS, OCTETS("\300\14"), false},
        {"NS with something behind", RDATA_NS, OCTETS("\1a\0\0"), false},
        {"MX", RDATA_MX, OCTETS("\0\1\1a\0"), true},
        {"MX without a name", RDATA_MX, OCTETS("\0\1"), false},
        {"MX cut in the preference", RDATA_MX, OCTETS("\0"), false},
        {"SOA with one name", RDATA_SOA,
         OCTETS("\1a\0"
                "12345678901234567890"),
         false},
        {"SOA", RDATA_SOA,
         OCTETS("\1a\0\1b\0"
                "12345678901234567890"),
         true},
        {"SOA without its numbers", RDATA_SOA,
         OCTETS("\1a\0\1b\0"
                "1234567890123456789"),
         false},
        {"opaque", 65280, OCTETS("\300"), true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_msg(rdata_valid((uint16_t)rows[i].type, rows[i].rdata, rows[i].size) == rows[i].valid, "%s",
                      rows[i].message);
}
END_TEST

START_TEST(length_of_a_name)
{
    uint8_t name[300];
    memset(name, 1, sizeof name);
    ck_assert_uint_eq(rdata_name_length(name, sizeof name), 0); /* no end */
    name[254] = 0;
    ck_assert_uint_eq(rdata_name_length(name, sizeof name), 255);
    ck_assert_uint_eq(rdata_name_length(name, 254), 0);
    name[254] = 1;
    name[256] = 0;
    ck_assert_uint_eq(rdata_name_length(name, sizeof name), 0); /* 257 octets */
}
END_TEST

START_TEST(compare)
{
    static const struct {
        const char *message;
        unsigned type;
        const uint8_t *a;
        size_t a_size;
        const uint8_t *b;
        size_t b_size;
        bool equal;
    } rows[] = {
        {"same", RDATA_MX, OCTETS("\0A\1a\0"), OCTETS("\0A\1a\0"), true},
        {"case of the name", RDATA_MX, OCTETS("\0A\1a\0"), OCTETS("\0A\1A\0"), true},
        {"preference that looks like a letter", RDATA_MX, OCTETS("\0A\1a\0"), OCTETS("\0a\1a\0"), false},
        {"other name", RDATA_NS, OCTETS("\1a\0"), OCTETS("\1b\0"), false},
        {"other length", RDATA_NS, OCTETS("\1a\0"), OCTETS("\2aa\0"), false},
        {"case of text", 16, OCTETS("\1a"), OCTETS("\1A"), false},
        {"serial that looks like a letter", RDATA_SOA,
         OCTETS("\0\0"
                "A2345678901234567890"),
         OCTETS("\0\0"
                "a2345678901234567890"),
         false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int order =
            rdata_compare((uint16_t)rows[i].type, rows[i].a, rows[i].a_size, rows[i].b, rows[i].b_size);
        int back =
            rdata_compare((uint16_t)rows[i].type, rows[i].b, rows[i].b_size, rows[i].a, rows[i].a_size);
        ck_assert_msg((order == 0) == rows[i].equal, "%s", rows[i].message);
        ck_assert_msg((order < 0) == (back > 0), "%s: not an order", rows[i].message);
    }
}
END_TEST

CHECK_MAIN("zones/rdata", valid, length_of_a_name, compare)
