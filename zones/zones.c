// SPDX-License-Identifier: MIT
#include "zones/zones.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/model/dname.h"
#include "zones/builder.h"
#include "zones/check.h"
#include "zones/freeze.h"
#include "zones/load.h"
#include "zones/zones_private.h"

/* What is known of a zone between its freezing and the joining of all zones. */
struct frozen {
    struct zones_entry *entries;
    size_t count;
};

static void build_one(struct zones *zones, size_t at, const struct config *config, struct err *err,
                      struct frozen *out)
{
    size_t errors_before = err->errors;
    struct builder builder;
    builder_init(&builder, &config->zones[at], err);
    load_file(&builder);
    builder_steer(&builder);
    builder_mark_cuts(&builder);
    check_rrsets(&builder);
    check_zone(&builder);
    if (err->errors == errors_before) {
        out->entries = freeze_zone(&builder, config, zones->arena, &zones->zones[at]);
        out->count = builder.node_count;
    }
    builder_free(&builder);
}

/* --- joining the zones ---------------------------------------------------------------------------------- */

/* The zone whose apex is the longest that `name` is at or below. */
static struct zone *deepest_zone(const struct index *apexes, const struct zones_node *node)
{
    struct zone *zone = index_get(apexes, node->owner, node->owner_length);
    return zone ? zone : index_get_ancestor(apexes, node->owner, node->owner_length);
}

static void note_cut_above(struct zones *zones, const struct zone *child, const struct zones_entry *entry)
{
    const struct zones_entry **known = &zones->cuts_above[child - zones->zones];
    if (entry->node.is_cut && (!*known || (*known)->zone->origin_length < entry->zone->origin_length))
        *known = entry;
}

/* Every name goes to the deepest zone it is in; a parent's cut is remembered for DS questions. */
static void join(struct zones *zones, const struct frozen *frozen, const struct index *apexes)
{
    size_t total = 0;
    for (size_t i = 0; i < zones->count; i++)
        total += frozen[i].count;
    index_reserve(&zones->names, total);
    for (size_t i = 0; i < zones->count; i++) {
        for (size_t j = 0; j < frozen[i].count; j++) {
            struct zones_entry *entry = &frozen[i].entries[j];
            const struct zone *deepest = deepest_zone(apexes, &entry->node);
            if (deepest == entry->zone)
                index_put(&zones->names, entry->node.owner, entry->node.owner_length, entry);
            else if (deepest->origin_length == entry->node.owner_length)
                note_cut_above(zones, deepest, entry);
        }
    }
}

/* --- interface ------------------------------------------------------------------------------------------ */

/* A finding for a zone that is there twice; else its apex is remembered. */
static void claim_apex(struct zones *zones, const struct config_zone *zone, size_t at, struct index *apexes,
                       struct err *err)
{
    size_t length = dname_length(zone->origin);
    if (index_get(apexes, zone->origin, length))
        err_add(err, ERR_ERROR, zone->place, "zone %s is configured twice", zone->name);
    else
        index_put(apexes, zone->origin, length, &zones->zones[at]);
}

struct zones *zones_build(const struct config *config, struct err *err)
{
    size_t errors_before = err->errors;
    struct zones *zones = mem_alloc(sizeof *zones);
    struct frozen *frozen = mem_alloc((config->zone_count + 1) * sizeof *frozen);
    struct index apexes = INDEX_INIT;

    zones->arena = arena_create();
    zones->count = config->zone_count;
    zones->zones = arena_array(zones->arena, zones->count, sizeof *zones->zones);
    zones->cuts_above = arena_array(zones->arena, zones->count, sizeof *zones->cuts_above);
    for (size_t i = 0; i < zones->count; i++) {
        claim_apex(zones, &config->zones[i], i, &apexes, err);
        build_one(zones, i, config, err, &frozen[i]);
    }
    if (err->errors == errors_before) {
        join(zones, frozen, &apexes);
    } else {
        zones_free(zones);
        zones = NULL;
    }
    index_free(&apexes);
    free(frozen);
    return zones;
}

void zones_free(struct zones *zones)
{
    if (!zones)
        return;
    index_free(&zones->names);
    arena_free(zones->arena);
    free(zones);
}

size_t zones_count(const struct zones *zones)
{
    return zones->count;
}

const struct zone *zones_at(const struct zones *zones, size_t index)
{
    assert(index < zones->count);
    return &zones->zones[index];
}
