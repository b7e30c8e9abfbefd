// SPDX-License-Identifier: MIT
#include "zones/zones.h"

#include <assert.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/model/dname.h"
#include "zones/directory.h"
#include "zones/join.h"
#include "zones/steering.h"
#include "zones/zones_private.h"

/* One zones_build(). */
struct build {
    const struct config *config;
    const struct zones *previous;
    struct err *err;
    uint64_t now_wall_ms;
    struct arena *scratch;
    const struct config_zone **wanted; /* the zones, in their order */
    size_t count, configured;          /* so many of them, the first, stand under `zones` */
    struct zones *zones;
    bool failed; /* something has an error that no previous version makes up for */
};

/* --- which zones ----------------------------------------------------------------------------------------- */

static bool is_same_file(const char *a, const char *b)
{
    struct stat first, second;
    return strcmp(a, b) == 0 || (stat(a, &first) == 0 && stat(b, &second) == 0 &&
                                 first.st_dev == second.st_dev && first.st_ino == second.st_ino);
}

/* What is wrong with a second zone of the same name. A zone under `zones` may have its file in the directory: it is
 * there for its steering. */
static void refuse_twice(struct build *build, size_t first_at, const struct config_zone *again,
                         bool in_directory)
{
    const struct config_zone *first = build->wanted[first_at];
    if (in_directory && first_at < build->configured && is_same_file(first->file, again->file))
        return;
    build->failed = true;
    if (first->place.line)
        err_add(build->err, ERR_ERROR, again->place, "zone %s is configured twice, first at %s:%u",
                again->name, first->place.file, first->place.line);
    else
        err_add(build->err, ERR_ERROR, again->place, "zone %s is configured twice, first with %s",
                again->name, first->file);
}

/* `origins`: of the zones so far; the tag is their number. */
static void want(struct build *build, const struct config_zone *zones, size_t count, struct index *origins,
                 bool in_directory)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = dname_length(zones[i].origin);
        const struct index_slot *first = index_find(origins, zones[i].origin, length);
        if (first) {
            refuse_twice(build, first->tag, &zones[i], in_directory);
            continue;
        }
        struct index_key *key = arena_alloc(build->scratch, sizeof *key);
        key->name = zones[i].origin;
        index_put(origins, key, length, (uint32_t)build->count);
        build->wanted[build->count++] = &zones[i];
    }
}

static void list_wanted(struct build *build)
{
    const struct config *config = build->config;
    struct config_zone *found = NULL;
    size_t found_count = 0;
    struct index origins = INDEX_INIT;
    if (config->zone_directory && !directory_read(config->zone_directory, config->zone_directory_place,
                                                  build->scratch, &found, &found_count, build->err))
        build->failed = true;
    build->wanted = arena_array(build->scratch, config->zone_count + found_count, sizeof *build->wanted);
    if (config->zone_count + found_count > ZONES_MAX) {
        err_add(build->err, ERR_ERROR, config->zone_directory_place, "more than %d zones", ZONES_MAX);
        build->failed = true;
        return;
    }
    want(build, config->zones, config->zone_count, &origins, false);
    build->configured = build->count;
    want(build, found, found_count, &origins, true);
    index_free(&origins);
}

/* --- a version for each ---------------------------------------------------------------------------------- */

/* The version of the zone that is in service; NULL: none. */
static struct version *version_in_service(const struct build *build, size_t at)
{
    if (!build->previous)
        return NULL;
    const uint8_t *origin = build->wanted[at]->origin;
    size_t length = dname_length(origin);
    const struct index_slot *slot = index_find(&build->previous->names, origin, length);
    if (!slot || build->previous->zones[slot->tag].origin_length != length)
        return NULL; /* a name in another zone */
    return build->previous->versions[slot->tag];
}

static void keep_in_service(struct build *build, size_t at, struct version *old)
{
    build->zones->versions[at] = version_share(old);
    build->zones->zones[at] = old->zone;
    build->zones->zones[at].stale = true;
    err_add(build->err, ERR_WARNING, (struct err_place){build->wanted[at]->file, 0, 0},
            "zone %s: its previous version, serial %" PRIu32 ", stays in service", old->zone.name,
            old->zone.serial);
}

static void take_version(struct build *build, size_t at)
{
    const struct config_zone *wanted = build->wanted[at];
    struct version *old = version_in_service(build, at), *version;
    if (old && version_is_current(old, wanted->file))
        version = version_share(old);
    else
        version = version_load(wanted, build->now_wall_ms, build->err);
    if (version) {
        build->zones->versions[at] = version;
        build->zones->zones[at] = version->zone;
    } else if (old) {
        keep_in_service(build, at, old);
    } else {
        build->failed = true;
    }
}

/* --- the whole ------------------------------------------------------------------------------------------- */

/* A new version that the configuration's steering does not fit is as broken as one with errors of its own. True if
 * there was one, and the version in service took its place. */
static bool steer_all(struct build *build)
{
    struct zones *zones = build->zones;
    bool replaced = false;
    for (size_t i = 0; i < zones->count; i++) {
        if (steering_apply(zones, i, build->wanted[i], build->config, build->err))
            continue;
        struct version *old = version_in_service(build, i);
        if (old && old != zones->versions[i]) {
            version_release(zones->versions[i]);
            keep_in_service(build, i, old);
            replaced = true;
        } else {
            build->failed = true;
        }
    }
    return replaced;
}

static void put_together(struct build *build)
{
    join_zones(build->zones);
    while (steer_all(build) && !build->failed) /* at most once: what took its place is in service */
        join_zones(build->zones);
}

static void make_room(struct build *build)
{
    struct zones *zones = build->zones = mem_alloc(sizeof *zones);
    zones->arena = arena_create();
    zones->count = build->count;
    zones->zones = arena_array(zones->arena, zones->count, sizeof *zones->zones);
    zones->versions = arena_array(zones->arena, zones->count, sizeof *zones->versions);
    zones->cuts_above = arena_array(zones->arena, zones->count, sizeof *zones->cuts_above);
}

struct zones *zones_build(const struct config *config, const struct zones *previous, struct err *err)
{
    struct build build = {.config = config, .previous = previous, .err = err, .scratch = arena_create()};
    build.now_wall_ms = clock_wall_ms();
    list_wanted(&build);
    make_room(&build);
    for (size_t i = 0; i < build.count; i++)
        take_version(&build, i);
    if (!build.failed)
        put_together(&build);
    if (build.failed) {
        zones_free(build.zones);
        build.zones = NULL;
    }
    arena_free(build.scratch);
    malloc_trim(0); /* reading takes more memory than the result: the system gets it back */
    return build.zones;
}

void zones_free(struct zones *zones)
{
    if (!zones)
        return;
    for (size_t i = 0; i < zones->count; i++)
        version_release(zones->versions[i]);
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
