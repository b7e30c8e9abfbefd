// SPDX-License-Identifier: MIT
#include "healthd/publish.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "healthd/policy.h"

struct publish {
    struct health_table *table;
    uint64_t *words; /* as stored */
};

struct publish *publish_create(const char *path, const struct targets *targets, struct err *err)
{
    struct publish *publish = NULL;
    size_t count = targets->slot_count;
    struct health_slot_spec *specs = mem_alloc(count * sizeof *specs);
    uint64_t *words = mem_alloc(count * sizeof *words);
    for (size_t i = 0; i < count; i++) {
        const struct target_slot *slot = &targets->slots[i];
        words[i] = policy_slot_word(slot);
        specs[i] = (struct health_slot_spec){slot->service->name, slot->site, slot->member->addresses,
                                             slot->address_count, words[i]};
    }
    struct health_table *table = health_table_create(path, specs, count, err);
    free(specs);
    if (!table) {
        free(words);
        return NULL;
    }
    publish = mem_alloc(sizeof *publish);
    *publish = (struct publish){table, words};
    return publish;
}

bool publish_slot(struct publish *publish, const struct targets *targets, size_t slot)
{
    uint64_t word = policy_slot_word(&targets->slots[slot]);
    if (word == publish->words[slot])
        return false;
    publish->words[slot] = word;
    health_table_store(publish->table, slot, word);
    return true;
}

void publish_beat(struct publish *publish, uint64_t monotonic_ns)
{
    health_table_beat(publish->table, monotonic_ns);
}

void publish_free(struct publish *publish)
{
    if (!publish)
        return;
    health_table_close(publish->table);
    free(publish->words);
    free(publish);
}

/* A target that several slots speak of is down if one of them says so: they all had it from the same probes. */
static void recall(struct target *target, uint64_t word, int bit)
{
    bool up = word >> bit & 1;
    if (target->verdict.state == VERDICT_DOWN || (up && word & HEALTH_UNKNOWN))
        return;
    target->verdict.state = up ? VERDICT_UP : VERDICT_DOWN;
    target->verdict.ruffled = !up;
    if (!up)
        (void)snprintf(target->reason, sizeof target->reason, "down when healthd last ran");
}

size_t publish_recall(struct targets *targets, const struct health_table *previous)
{
    size_t down = 0;
    for (size_t s = 0; s < targets->slot_count; s++) {
        const struct target_slot *slot = &targets->slots[s];
        const struct health_slot *was = health_table_find(previous, slot->service->name, slot->site);
        if (!was || !slot->targets)
            continue;
        uint64_t word = atomic_load_explicit(&was->word, memory_order_acquire);
        for (size_t i = 0; i < slot->address_count; i++) {
            int bit = health_slot_bit(was, &slot->member->addresses[i]);
            if (bit >= 0)
                recall(slot->targets[i], word, bit);
        }
    }
    for (size_t i = 0; i < targets->count; i++)
        down += targets->items[i].verdict.state == VERDICT_DOWN;
    return down;
}
