// SPDX-License-Identifier: MIT
#include "zones/join.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

struct join {
    struct zones *zones;
    struct index apexes; /* -> struct zone; the tag is its number */
    bool *has_below;     /* of each zone: another zone lies below it */
};

static void index_apexes(struct join *join)
{
    const struct zones *zones = join->zones;
    index_reserve(&join->apexes, zones->count);
    for (size_t i = 0; i < zones->count; i++)
        index_put(&join->apexes, &zones->zones[i], zones->zones[i].origin_length, (uint32_t)i);
    for (size_t i = 0; i < zones->count; i++) {
        const struct zone *zone = &zones->zones[i];
        const struct index_slot *above =
            index_find_ancestor(&join->apexes, zone->origin, zone->origin_length);
        if (above)
            join->has_below[above->tag] = true;
    }
}

/* The number of the zone whose apex is the longest that `node` is at or below. */
static size_t deepest_zone(const struct join *join, const struct zones_node *node)
{
    const struct index_slot *slot = index_find(&join->apexes, node->owner, node->owner_length);
    if (!slot)
        slot = index_find_ancestor(&join->apexes, node->owner, node->owner_length);
    return slot->tag;
}

/* `node` of zone number `parent` is where zone number `child` begins. */
static void note_cut_above(struct zones *zones, size_t child, size_t parent, const struct zones_node *node)
{
    struct zones_place *known = &zones->cuts_above[child];
    if (node->is_cut && (!known->node || known->zone->origin_length < zones->zones[parent].origin_length))
        *known = (struct zones_place){&zones->zones[parent], node};
}

static void join_zone(struct join *join, size_t at)
{
    struct zones *zones = join->zones;
    const struct version *version = zones->versions[at];
    for (size_t i = 0; i < version->node_count; i++) {
        struct zones_node *node = version->nodes[i];
        size_t deepest = join->has_below[at] ? deepest_zone(join, node) : at;
        if (deepest == at)
            index_put(&zones->names, node, node->owner_length, (uint32_t)at);
        else if (zones->zones[deepest].origin_length == node->owner_length)
            note_cut_above(zones, deepest, at, node);
    }
}

void join_zones(struct zones *zones)
{
    struct join join = {zones, INDEX_INIT, mem_alloc(zones->count + 1)};
    size_t total = 0;
    index_free(&zones->names);
    for (size_t i = 0; i < zones->count; i++) {
        zones->zones[i].apex = zones->versions[i]->zone.apex;
        zones->cuts_above[i] = (struct zones_place){NULL, NULL};
        total += zones->versions[i]->node_count;
    }
    index_apexes(&join);
    index_reserve(&zones->names, total);
    for (size_t i = 0; i < zones->count; i++)
        join_zone(&join, i);
    index_free(&join.apexes);
    free(join.has_below);
}
