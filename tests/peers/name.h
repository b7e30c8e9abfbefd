// SPDX-License-Identifier: MIT
/*
 * name - domain names in wire format, taken apart and put together. The names that differential asks for are
 * made of those in the zones: one label more, one less, another one, in another case.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_MAX_OCTETS 255

struct name {
    uint8_t length; /* with the root's octet */
    uint8_t octets[NAME_MAX_OCTETS];
};

/* Names in the order they were found, without repetition. */
struct name_list {
    struct name *names;
    size_t count, room;
};

struct name name_from(const void *octets, size_t length);
struct name name_parent(const struct name *name); /* not of the root */
/* False: the name would be too long. */
bool name_child(const struct name *parent, const char *label, size_t length, struct name *child);
struct name name_in_case(const struct name *name, uint64_t *random_state);
bool name_is_under(const struct name *name, const struct name *ancestor); /* itself included */
int name_compare(const struct name *a, const struct name *b);             /* without regard to case */

void name_list_add(struct name_list *list, const struct name *name);
/* Drops names that differ in case only from one that stands before them. */
void name_list_unique(struct name_list *list);

/* Pseudo-random numbers, the same for the same seed (xorshift64*, Vigna 2016). */
uint64_t name_random(uint64_t *state);
