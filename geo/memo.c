// SPDX-License-Identifier: MIT
#include "geo/memo.h"

#include <stdlib.h>

#include "core/base/hash.h"
#include "core/base/mem.h"

#define SLOTS_FIRST 64

static struct memo_slot *slot_of(const struct memo *memo, uint64_t key_plus_one)
{
    size_t mask = memo->slot_count - 1;
    size_t slot = (size_t)hash_mix(key_plus_one, 0x9e3779b97f4a7c15) & mask;
    while (memo->slots[slot].key_plus_one && memo->slots[slot].key_plus_one != key_plus_one)
        slot = (slot + 1) & mask;
    return &memo->slots[slot];
}

static void grow(struct memo *memo)
{
    struct memo old = *memo;
    memo->slot_count = old.slot_count ? old.slot_count * 2 : SLOTS_FIRST;
    memo->slots = mem_alloc(memo->slot_count * sizeof *memo->slots);
    for (size_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i].key_plus_one)
            *slot_of(memo, old.slots[i].key_plus_one) = old.slots[i];
    }
    free(old.slots);
}

uint32_t *memo_at(struct memo *memo, uint64_t key)
{
    if (memo->count >= memo->slot_count / 2)
        grow(memo);
    struct memo_slot *slot = slot_of(memo, key + 1);
    if (!slot->key_plus_one) {
        *slot = (struct memo_slot){key + 1, MEMO_UNKNOWN};
        memo->count++;
    }
    return &slot->number;
}

void memo_free(struct memo *memo)
{
    free(memo->slots);
    *memo = (struct memo){NULL, 0, 0};
}
