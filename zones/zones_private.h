// SPDX-License-Identifier: MIT
/*
 * zones_private - what zones.h hides: how the tables of `struct zones` hang together.
 *
 * One index holds the names of all zones. A name that stands in the files of a parent and of a child zone
 * which are both here leads to the child's node: the deepest zone is the one with authority. What the
 * parent has there (the cut, glue) is reached through the parent's nodes only.
 */
#pragma once

#include "core/base/arena.h"
#include "zones/index.h"
#include "zones/zones.h"

/* What the index of names leads to. */
struct zones_entry {
    struct zones_node node; /* first: a node of the index is an entry */
    const struct zone *zone;
};

struct zones {
    struct arena *arena;
    struct zone *zones;
    /* For each zone, its cut in the closest parent zone that is here too and delegates it; NULL: none. */
    const struct zones_entry **cuts_above;
    size_t count;
    struct index names; /* -> struct zones_entry */
};
