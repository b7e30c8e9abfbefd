// SPDX-License-Identifier: MIT
/*
 * zones_private - what zones.h hides: how the tables of `struct zones` hang together.
 *
 *   version   the frozen data of one zone; shared by all builds between two changes of its files
 *   zones     one build: a version for each zone, the index that leads into them, and what depends on the
 *             configuration: copies of the nodes that are steered
 *
 * One index holds the names of all zones. A name that stands in the files of a parent and of a child zone
 * which are both here leads to the child's node: the deepest zone is the one with authority. What the
 * parent has there (the cut, glue) is reached through the parent's nodes only.
 */
#pragma once

#include "core/base/arena.h"
#include "zones/index.h"
#include "zones/version.h"
#include "zones/zones.h"

/* A node and the zone it belongs to. */
struct zones_place {
    const struct zone *zone;
    const struct zones_node *node; /* NULL: none */
};

struct zones {
    struct arena *arena;
    size_t count;
    struct zone *zones;
    struct version **versions; /* of each zone */
    /* For each zone, its cut in the closest parent zone that is here too and delegates it. */
    struct zones_place *cuts_above;
    struct index names; /* -> struct zones_node; the tag is the zone's number */
};
