// SPDX-License-Identifier: MIT
/*
 * index - a hash table from domain names to what they name: the one table that every lookup goes through.
 *
 * Open addressing, at most half full; a slot keeps hash and length, so that a name that is not there
 * seldom costs more than the slot itself. Names are in wire format and lower case.
 *
 * A value is a struct that begins as struct index_key does, with its name. So a slot has 16 bytes, four to a cache
 * line. Values belong to the caller and must outlive the index. Readable by any thread once nothing is
 * put any more.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define INDEX_TAG_MAX 0xffffffu

struct index_key {
    const uint8_t *name;
};

struct index_slot {
    uint32_t hash;
    uint32_t length : 8;
    uint32_t tag : 24; /* the caller's: the same value may have another in another index */
    void *value;       /* NULL: the slot is free */
};

struct index {
    struct index_slot *slots;
    size_t mask, count;
    unsigned labels_max; /* of the names in the index */
};

#define INDEX_INIT                                                                                           \
    {                                                                                                        \
        NULL, 0, 0, 0                                                                                        \
    }

/* Room for `expected` names; it grows past them. */
void index_reserve(struct index *names, size_t expected);
/* The name must not be in the index yet, the value must not be NULL. */
void index_put(struct index *names, void *value, size_t length, uint32_t tag);
/* NULL if it is not there. The slot stays where it is until the next index_put(). */
struct index_slot *index_find(const struct index *names, const uint8_t *name, size_t length);
/* The slot of the longest proper ancestor of `name` that is in the index; NULL if none is. */
struct index_slot *index_find_ancestor(const struct index *names, const uint8_t *name, size_t length);
/* Their values. */
void *index_get(const struct index *names, const uint8_t *name, size_t length);
void *index_get_ancestor(const struct index *names, const uint8_t *name, size_t length);
void index_free(struct index *names);
