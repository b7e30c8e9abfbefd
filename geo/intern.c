// SPDX-License-Identifier: MIT
#include "geo/intern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/mem.h"

#define SLOTS_FIRST 64

struct intern intern_of(size_t item_size)
{
    return (struct intern){.item_size = item_size};
}

/* A slot for the hash that is free or, unless `item` is NULL, holds the item. The hash in the slot spares
 * most looks at items. There always is a free slot. */
static uint64_t *slot_of(const struct intern *set, uint32_t hash, const void *item)
{
    uint32_t mask = set->slot_count - 1, at = hash & mask;
    for (; set->slots[at]; at = (at + 1) & mask) {
        if (item && set->slots[at] >> 32 == hash &&
            memcmp(intern_item(set, (uint32_t)set->slots[at] - 1), item, set->item_size) == 0)
            break;
    }
    return &set->slots[at];
}

static void grow_slots(struct intern *set)
{
    uint64_t *old = set->slots;
    uint32_t old_count = set->slot_count;
    set->slot_count = old_count ? old_count * 2 : SLOTS_FIRST;
    set->slots = mem_alloc((size_t)set->slot_count * sizeof *set->slots);
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i])
            *slot_of(set, (uint32_t)(old[i] >> 32), NULL) = old[i];
    }
    free(old);
}

static void append(struct intern *set, const void *item)
{
    assert(set->count < UINT32_MAX / 4);
    if (set->count == set->room) {
        set->room = set->room ? set->room * 2 : SLOTS_FIRST / 2;
        set->items = mem_resize(set->items, set->room, set->item_size);
    }
    memcpy(set->items + (size_t)set->count * set->item_size, item, set->item_size);
    set->count++;
}

uint32_t intern_add(struct intern *set, const void *item)
{
    if (set->count >= set->slot_count / 2)
        grow_slots(set);
    uint32_t hash = (uint32_t)hash_octets(item, set->item_size, 0);
    uint64_t *slot = slot_of(set, hash, item);
    if (!*slot) {
        append(set, item);
        *slot = (uint64_t)hash << 32 | set->count;
    }
    return (uint32_t)*slot - 1;
}

void intern_free(struct intern *set)
{
    free(set->items);
    free(set->slots);
    *set = intern_of(set->item_size);
}
