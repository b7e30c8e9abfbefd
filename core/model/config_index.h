// SPDX-License-Identifier: MIT
/*
 * config_index - a hash table of octet strings: which names, addresses and prefixes were there before, and where.
 * Its memory is the arena's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"

struct config_index_slot {
    const void *key; /* NULL: free */
    size_t size;
    uint64_t hash;
    size_t value;
    struct err_place place;
};

struct config_index {
    struct arena *arena;
    struct config_index_slot *slots;
    size_t room, count; /* room is a power of two, or 0 */
};

/* Adds a copy of `key`. NULL if it is new; else nothing changes and the slot that has it comes back. */
const struct config_index_slot *config_index_add(struct config_index *index, const void *key, size_t size,
                                                 size_t value, struct err_place place);
/* NULL if it is not there. */
const struct config_index_slot *config_index_find(const struct config_index *index, const void *key,
                                                  size_t size);
