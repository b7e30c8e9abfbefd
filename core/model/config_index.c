// SPDX-License-Identifier: MIT
#include "core/model/config_index.h"

#include <string.h>

#include "core/base/hash.h"

#define FIRST_ROOM 8u

/* The slot of `key`, or the free one where it belongs. There is always a free one. */
static struct config_index_slot *probe(const struct config_index *index, const void *key, size_t size,
                                       uint64_t hash)
{
    for (size_t i = (size_t)hash & (index->room - 1);; i = (i + 1) & (index->room - 1)) {
        struct config_index_slot *slot = &index->slots[i];
        if (!slot->key || (slot->hash == hash && slot->size == size && !memcmp(slot->key, key, size)))
            return slot;
    }
}

static void grow(struct config_index *index)
{
    const struct config_index old = *index;
    index->room = old.room ? old.room * 2 : FIRST_ROOM;
    index->slots = arena_array(index->arena, index->room, sizeof *index->slots);
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].key)
            *probe(index, old.slots[i].key, old.slots[i].size, old.slots[i].hash) = old.slots[i];
}

const struct config_index_slot *config_index_add(struct config_index *index, const void *key, size_t size,
                                                 size_t value, struct err_place place)
{
    if (index->count + 1 > index->room / 4 * 3)
        grow(index);
    uint64_t hash = hash_octets(key, size, 0);
    struct config_index_slot *slot = probe(index, key, size, hash);
    if (slot->key)
        return slot;
    *slot = (struct config_index_slot){arena_copy(index->arena, key, size), size, hash, value, place};
    index->count++;
    return NULL;
}

const struct config_index_slot *config_index_find(const struct config_index *index, const void *key,
                                                  size_t size)
{
    if (!index->room)
        return NULL;
    const struct config_index_slot *slot = probe(index, key, size, hash_octets(key, size, 0));
    return slot->key ? slot : NULL;
}
