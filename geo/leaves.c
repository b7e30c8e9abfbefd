// SPDX-License-Identifier: MIT
#include "geo/leaves.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"

#define ROOM_FIRST 1024

/* In a trie without gaps the leaf before a right-hand leaf of the same depth is its sibling. */
void leaves_add(struct leaves *leaves, struct bits path, unsigned depth, uint32_t value)
{
    assert(value <= LEAVES_VALUE_MAX);
    while (depth && bits_at(path, depth - 1) && leaves->count &&
           leaves->items[leaves->count - 1] == leaf_of(value, depth)) {
        leaves->count--;
        depth--;
    }
    if (leaves->count == leaves->room) {
        leaves->room = leaves->room ? leaves->room * 2 : ROOM_FIRST;
        leaves->items = mem_resize(leaves->items, leaves->room, sizeof *leaves->items);
    }
    leaves->items[leaves->count++] = leaf_of(value, depth);
}

void leaves_free(struct leaves *leaves)
{
    free(leaves->items);
    *leaves = (struct leaves){NULL, 0, 0};
}
