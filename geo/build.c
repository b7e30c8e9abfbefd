// SPDX-License-Identifier: MIT
#include "geo/build.h"

#include <malloc.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "geo/classify.h"
#include "geo/database.h"
#include "geo/join.h"
#include "geo/rules.h"
#include "geo/sample.h"

/* What all maps are built from. */
struct places {
    struct join_places known;
    struct leaves v4, v6;
};

static bool read_places(const struct config *config, const struct geo *previous, struct places *places,
                        struct sources *sources, struct err *err)
{
    struct databases databases;
    bool opened = databases_open(config, &databases, err);
    *sources = sources_of(&databases);
    bool ok = opened && (!previous || sources_may_replace(&previous->sources, &databases, err)) &&
              join_databases(&databases, ADDR_V4, &places->known, &places->v4, err) &&
              join_databases(&databases, ADDR_V6, &places->known, &places->v6, err);
    databases_close(&databases);
    return ok;
}

static void free_places(struct places *places)
{
    leaves_free(&places->v4);
    leaves_free(&places->v6);
    join_places_free(&places->known);
}

static bool build_table(const struct rules *rules, enum addr_family family, const struct places *places,
                        struct intern *lists, struct table *table, struct err *err)
{
    struct leaves classes = {NULL, 0, 0};
    const struct leaves *leaves = family == ADDR_V4 ? &places->v4 : &places->v6;
    bool ok = classify_leaves(rules, family, leaves, &places->known.set, lists, &classes, err);
    if (ok)
        *table = table_build(&classes);
    leaves_free(&classes);
    return ok;
}

/* An earlier map with the same rules, or NULL. */
static const struct geo_map *equal_map(const struct geo *geo, size_t map)
{
    for (size_t i = 0; i < map; i++)
        if (fingerprint_equal(geo->maps[map].fingerprint, geo->maps[i].fingerprint))
            return &geo->maps[i];
    return NULL;
}

static bool build_map(struct geo_map *map, const struct rules *rules, const struct places *places,
                      struct intern *lists, struct err *err)
{
    map->unknown = classify_unknown(rules, lists);
    return build_table(rules, ADDR_V4, places, lists, &map->v4, err) &&
           build_table(rules, ADDR_V6, places, lists, &map->v6, err);
}

static bool build_maps(struct geo *geo, const struct config *config, const struct places *places,
                       struct err *err)
{
    bool ok = true;
    struct arena *arena = arena_create();
    struct intern lists = classify_lists(config->site_count);
    for (size_t i = 0; ok && i < config->map_count; i++) {
        struct geo_map *map = &geo->maps[i];
        map->fingerprint = fingerprint_map(config, i);
        const struct geo_map *equal = equal_map(geo, i);
        if (equal) {
            *map = *equal;
            map->borrowed = true;
            continue;
        }
        struct rules rules = rules_prepare(arena, config, i);
        ok = build_map(map, &rules, places, &lists, err);
    }
    geo->list_size = lists.item_size;
    geo->class_count = lists.count;
    geo->lists = mem_copy_flat(lists.items, lists.count * lists.item_size);
    intern_free(&lists);
    arena_free(arena);
    return ok;
}

static struct geo *build(const struct config *config, const struct geo *previous, struct err *err)
{
    struct geo *geo = mem_alloc(sizeof *geo);
    struct places places = {.known = join_places_of(rules_wanted(config))};
    atomic_init(&geo->shares, 1);
    geo->fingerprint = fingerprint_maps(config);
    geo->map_count = config->map_count;
    geo->maps = mem_alloc((config->map_count + 1) * sizeof *geo->maps);
    bool ok =
        read_places(config, previous, &places, &geo->sources, err) && build_maps(geo, config, &places, err);
    free_places(&places);
    malloc_trim(0); /* what the build needed is several times what it leaves */
    if (ok)
        return geo;
    geo_free(geo);
    return NULL;
}

/* Whether clients may be sent by `next` from now on. Answers can be compared only if nothing but the contents of
 * the files has changed. */
static bool may_replace(const struct geo *previous, const struct geo *next, const struct config *config,
                        struct err *err)
{
    return !previous || !fingerprint_equal(previous->fingerprint, next->fingerprint) ||
           !sources_are_alike(&previous->sources, &next->sources) ||
           sample_agrees(previous, next, config, err);
}

struct geo *geo_build(const struct config *config, struct geo *previous, struct err *err)
{
    bool same_maps = previous && fingerprint_equal(previous->fingerprint, fingerprint_maps(config));
    if (same_maps && sources_are_unchanged(&previous->sources, config))
        return geo_share(previous);
    struct geo *geo = build(config, previous, err);
    if (geo && may_replace(previous, geo, config, err))
        return geo;
    geo_free(geo);
    if (!same_maps)
        return NULL;
    err_add(err, ERR_ERROR, (struct err_place){0},
            "the previous maps stay in service: clients are placed by the GeoIP databases as they were");
    return geo_share(previous);
}

struct geo *geo_share(struct geo *geo)
{
    atomic_fetch_add_explicit(&geo->shares, 1, memory_order_relaxed);
    return geo;
}

void geo_free(struct geo *geo)
{
    if (!geo || atomic_fetch_sub_explicit(&geo->shares, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < geo->map_count; i++) {
        if (geo->maps[i].borrowed)
            continue;
        table_free(&geo->maps[i].v4);
        table_free(&geo->maps[i].v6);
    }
    free(geo->maps);
    free(geo->lists);
    if (geo->sources.arena)
        sources_free(&geo->sources);
    free(geo);
}
