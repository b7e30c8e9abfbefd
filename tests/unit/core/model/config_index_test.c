// SPDX-License-Identifier: MIT
#include "core/model/config_index.h"

#include "tests/support/check_main.h"

#include <stdio.h>

START_TEST(many)
{
    const size_t count = 5000;
    struct config_index index = {.arena = arena_create()};
    ck_assert_ptr_null(config_index_find(&index, "0", 1));
    for (size_t i = 0; i < count; i++) {
        char key[32];
        size_t size = (size_t)snprintf(key, sizeof key, "%zu", i);
        ck_assert_ptr_null(config_index_add(&index, key, size, i, (struct err_place){NULL, (unsigned)i, 1}));
    }
    for (size_t i = 0; i < count; i++) {
        char key[32];
        size_t size = (size_t)snprintf(key, sizeof key, "%zu", i);
        const struct config_index_slot *slot = config_index_find(&index, key, size);
        ck_assert_ptr_nonnull(slot);
        ck_assert_uint_eq(slot->value, i);
        ck_assert_ptr_eq(config_index_add(&index, key, size, 0, (struct err_place){NULL, 0, 0}), slot);
        ck_assert_uint_eq(slot->value, i); /* the first stays */
    }
    ck_assert_uint_eq(index.count, count);
    ck_assert_ptr_null(config_index_find(&index, "5000", 4));
    ck_assert_ptr_null(config_index_find(&index, "1", 0));
    arena_free(index.arena);
}
END_TEST

CHECK_MAIN("config index", many)
