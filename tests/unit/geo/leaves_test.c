// SPDX-License-Identifier: MIT
#include "geo/leaves.h"

#include "tests/unit/geo/fixture.h"

static void add(struct leaves *leaves, const char *prefix, uint32_t value)
{
    struct prefix parsed = fixture_prefix(prefix);
    leaves_add(leaves, bits_of(&parsed.addr), parsed.length, value);
}

START_TEST(equal_siblings_become_one)
{
    struct leaves leaves = {NULL, 0, 0};
    add(&leaves, "0.0.0.0/2", 7);
    add(&leaves, "64.0.0.0/3", 7);
    add(&leaves, "96.0.0.0/3", 7);
    ck_assert_uint_eq(leaves.count, 1);
    ck_assert_uint_eq(leaves.items[0], leaf_of(7, 1));
    add(&leaves, "128.0.0.0/1", 7);
    ck_assert_uint_eq(leaves.count, 1);
    ck_assert_uint_eq(leaves.items[0], leaf_of(7, 0));
    leaves_free(&leaves);
}
END_TEST

START_TEST(neighbours_that_are_no_siblings_stay)
{
    struct leaves leaves = {NULL, 0, 0};
    add(&leaves, "0.0.0.0/2", 1);
    add(&leaves, "64.0.0.0/2", 7);
    add(&leaves, "128.0.0.0/2", 7);
    add(&leaves, "192.0.0.0/2", 2);
    ck_assert_uint_eq(leaves.count, 4);
    leaves_free(&leaves);
}
END_TEST

CHECK_MAIN("geo/leaves", equal_siblings_become_one, neighbours_that_are_no_siblings_stay)
