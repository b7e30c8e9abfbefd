// SPDX-License-Identifier: MIT
#include "geo/intern.h"

#include "tests/support/check_main.h"

#define ITEMS 100000

START_TEST(equal_items_share_a_number)
{
    struct intern set = intern_of(sizeof(uint64_t));
    for (unsigned round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < ITEMS; i++) {
            uint64_t item = i * i * 7919;
            ck_assert_uint_eq(intern_add(&set, &item), i);
            ck_assert_mem_eq(intern_item(&set, (uint32_t)i), &item, sizeof item);
        }
    }
    ck_assert_uint_eq(set.count, ITEMS);
    intern_free(&set);
}
END_TEST

CHECK_MAIN("geo/intern", equal_items_share_a_number)
