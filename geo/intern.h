// SPDX-License-Identifier: MIT
/*
 * intern - equal things get equal small numbers: a set of items of one size, numbered from 0 in the order
 * they were first added. Items are compared octet by octet, so their padding must be zero.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct intern {
    uint8_t *items; /* back to back */
    size_t item_size;
    uint32_t count, room;
    uint64_t *slots; /* open addressing: 32 bits of the item's hash, then number + 1; 0 is free */
    uint32_t slot_count;
};

struct intern intern_of(size_t item_size);
/* The item's number, the next one if it is new. */
uint32_t intern_add(struct intern *set, const void *item);
void intern_free(struct intern *set);

static inline const void *intern_item(const struct intern *set, uint32_t number)
{
    return set->items + (size_t)number * set->item_size;
}
