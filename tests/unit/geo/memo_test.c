// SPDX-License-Identifier: MIT
#include "geo/memo.h"

#include "tests/support/check_main.h"

#define KEYS 100000

START_TEST(numbers_are_remembered)
{
    struct memo memo = {NULL, 0, 0};
    for (uint64_t key = 0; key < KEYS; key++) {
        uint32_t *number = memo_at(&memo, key << 32);
        ck_assert_uint_eq(*number, MEMO_UNKNOWN);
        *number = (uint32_t)key + 5;
    }
    for (uint64_t key = 0; key < KEYS; key++)
        ck_assert_uint_eq(*memo_at(&memo, key << 32), key + 5);
    memo_free(&memo);
}
END_TEST

CHECK_MAIN("geo/memo", numbers_are_remembered)
