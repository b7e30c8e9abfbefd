// SPDX-License-Identifier: MIT
#include "geo/bits.h"

#include "tests/unit/geo/fixture.h"

START_TEST(masks_and_successors)
{
    static const struct {
        const char *address;
        unsigned length;
        const char *masked, *after;
    } rows[] = {
        {"2001:db8::ffff", 32, "2001:db8::", "2001:db9::"},
        {"2001:db8::ffff", 64, "2001:db8::", "2001:db8:0:1::"},
        {"2001:db8::ffff", 65, "2001:db8::", "2001:db8:0:0:8000::"},
        {"::8000:0:0:1", 65, "::8000:0:0:0", "0:0:0:1::"},
        {"::ffff:ffff:ffff:ffff", 128, "::ffff:ffff:ffff:ffff", "0:0:0:1::"},
        {"ffff::1", 16, "ffff::", "::"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, "8000::", "::"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addr address = fixture_addr(rows[i].address), masked = fixture_addr(rows[i].masked);
        struct addr after = fixture_addr(rows[i].after);
        struct bits bits = bits_masked(bits_of(&address), rows[i].length);
        ck_assert_msg(bits_equal(bits, bits_of(&masked)), "%s masked", rows[i].address);
        ck_assert_msg(bits_equal(bits_after(bits, rows[i].length), bits_of(&after)), "%s after",
                      rows[i].address);
    }
    struct addr any = fixture_addr("2001:db8::ffff");
    ck_assert(bits_equal(bits_masked(bits_of(&any), 0), (struct bits){0, 0}));
}
END_TEST

START_TEST(single_bits)
{
    for (unsigned i = 0; i < 128; i++) {
        struct bits bits = bits_with((struct bits){0, 0}, i);
        for (unsigned k = 0; k < 128; k++)
            ck_assert_uint_eq(bits_at(bits, k), i == k);
        if (i >= 6)
            ck_assert(bits_equal(bits_shifted(bits, 6), bits_with((struct bits){0, 0}, i - 6)));
    }
}
END_TEST

CHECK_MAIN("geo/bits", masks_and_successors, single_bits)
