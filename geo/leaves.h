// SPDX-License-Identifier: MIT
/*
 * leaves - a longest-prefix table in its plainest form: the leaves of a binary trie, from the lowest address
 * to the highest. A leaf is 24 bits of value and 8 bits of depth (prefix length). The leaves cover the
 * whole address space without gaps, so a leaf's address follows from the depths before it.
 *
 * Leaves must be added in order; two siblings of equal value become one leaf, again and again, so that the
 * depth of a leaf is the shortest prefix for all of which its value holds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/bits.h"

#define LEAVES_VALUE_MAX 0xffffffu
#define LEAVES_COUNT_MAX ((size_t)1 << 28) /* 1 GiB of them; the largest databases have 2^24 */

struct leaves {
    uint32_t *items;
    size_t count, room;
};

static inline uint32_t leaf_of(uint32_t value, unsigned depth)
{
    return value << 8 | depth;
}

static inline uint32_t leaf_value(uint32_t leaf)
{
    return leaf >> 8;
}

static inline unsigned leaf_depth(uint32_t leaf)
{
    return leaf & 0xff;
}

/* The next leaf, which begins at `path`. */
void leaves_add(struct leaves *leaves, struct bits path, unsigned depth, uint32_t value);
void leaves_free(struct leaves *leaves);
