// SPDX-License-Identifier: MIT
#include "zones/index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/mem.h"
#include "core/model/dname.h"

#define SLOTS_MIN 16
/* The operator chooses what is in the table, and that alone decides how long a probe can get: questions
 * from outside cannot make it degenerate, so the seed need not be secret. */
#define SEED 0x6d6572696469616eull

static uint32_t hash_of(const uint8_t *name, size_t length)
{
    return (uint32_t)hash_octets(name, length, SEED);
}

static void place(struct index *names, struct index_slot slot)
{
    size_t at = slot.hash & names->mask;
    while (names->slots[at].value)
        at = (at + 1) & names->mask;
    names->slots[at] = slot;
}

static void resize(struct index *names, size_t slots)
{
    struct index old = *names;
    names->slots = mem_alloc(slots * sizeof *names->slots);
    names->mask = slots - 1;
    for (size_t i = 0; old.slots && i <= old.mask; i++)
        if (old.slots[i].value)
            place(names, old.slots[i]);
    free(old.slots);
}

void index_reserve(struct index *names, size_t expected)
{
    size_t slots = names->slots ? names->mask + 1 : SLOTS_MIN;
    while (slots < 2 * expected)
        slots *= 2;
    if (!names->slots || slots > names->mask + 1)
        resize(names, slots);
}

static const uint8_t *name_of(const void *value)
{
    return ((const struct index_key *)value)->name;
}

void index_put(struct index *names, void *value, size_t length, uint32_t tag)
{
    assert(value && tag <= INDEX_TAG_MAX && length <= DNAME_MAX);
    index_reserve(names, names->count + 1);
    place(names, (struct index_slot){.hash = hash_of(name_of(value), length),
                                     .length = (uint8_t)length,
                                     .tag = tag & INDEX_TAG_MAX,
                                     .value = value});
    names->count++;
    unsigned labels = dname_labels(name_of(value));
    if (labels > names->labels_max)
        names->labels_max = labels;
}

struct index_slot *index_find(const struct index *names, const uint8_t *name, size_t length)
{
    if (!names->slots)
        return NULL;
    uint32_t hash = hash_of(name, length);
    for (size_t at = hash & names->mask;; at = (at + 1) & names->mask) {
        struct index_slot *slot = &names->slots[at];
        if (!slot->value)
            return NULL;
        if (slot->hash == hash && slot->length == length && memcmp(name_of(slot->value), name, length) == 0)
            return slot;
    }
}

struct index_slot *index_find_ancestor(const struct index *names, const uint8_t *name, size_t length)
{
    /* Labels deeper than anything here need no probe: a name of 127 labels costs no more than others. */
    unsigned labels = dname_labels(name);
    const uint8_t *at = labels > names->labels_max ? dname_parent(name, labels - names->labels_max) : name;
    if (at == name) {
        if (!*at)
            return NULL;
        at += 1 + *at;
    }
    for (;; at += 1 + *at) {
        struct index_slot *slot = index_find(names, at, length - (size_t)(at - name));
        if (slot || !*at)
            return slot;
    }
}

void *index_get(const struct index *names, const uint8_t *name, size_t length)
{
    const struct index_slot *slot = index_find(names, name, length);
    return slot ? slot->value : NULL;
}

void *index_get_ancestor(const struct index *names, const uint8_t *name, size_t length)
{
    const struct index_slot *slot = index_find_ancestor(names, name, length);
    return slot ? slot->value : NULL;
}

void index_free(struct index *names)
{
    free(names->slots);
    *names = (struct index)INDEX_INIT;
}
