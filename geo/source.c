// SPDX-License-Identifier: MIT
#include "geo/source.h"

#include <string.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "geo/folder.h"

struct sources sources_of(const struct databases *databases)
{
    struct sources sources = {.arena = arena_create(), .count = databases->count};
    sources.items = arena_array(sources.arena, databases->count + 1, sizeof *sources.items);
    for (size_t i = 0; i < databases->count; i++) {
        const struct database *database = &databases->items[i];
        sources.items[i] = (struct source){.path = arena_strdup(sources.arena, database->path),
                                           .identity = database->identity,
                                           .build_epoch_s = database->build_epoch_s,
                                           .node_count = database->node_count};
    }
    return sources;
}

void sources_free(struct sources *sources)
{
    arena_free(sources->arena);
    *sources = (struct sources){NULL, 0, NULL};
}

static bool is_unchanged(const struct source *source, const struct config_database *file)
{
    struct stat status;
    if (strcmp(source->path, file->path) != 0 || stat(file->path, &status) != 0)
        return false;
    struct copy_identity now = copy_identity_of(&status);
    return copy_identity_equal(&source->identity, &now);
}

bool sources_are_unchanged(const struct sources *sources, const struct config *config)
{
    struct err err = ERR_INIT;
    struct folder_list files = {.arena = arena_create()};
    for (size_t i = 0; i < config->database_count; i++)
        folder_add(&files, &config->databases[i], &err);
    bool unchanged = !err.errors && files.count == sources->count;
    for (size_t i = 0; unchanged && i < files.count; i++)
        unchanged = is_unchanged(&sources->items[i], &files.items[i]);
    arena_free(files.arena);
    err_free(&err);
    return unchanged;
}

bool sources_are_alike(const struct sources *a, const struct sources *b)
{
    bool alike = a->count == b->count;
    for (size_t i = 0; alike && i < a->count; i++)
        alike = strcmp(a->items[i].path, b->items[i].path) == 0;
    return alike;
}

static const char *date_text(uint64_t epoch_s, char out[CLOCK_TEXT_MAX])
{
    clock_format(epoch_s * 1000, out);
    *strchrnul(out, 'T') = '\0';
    return out;
}

static bool may_replace(const struct source *previous, const struct database *next, struct err *err)
{
    char before[CLOCK_TEXT_MAX], now[CLOCK_TEXT_MAX];
    uint64_t more = previous->node_count > next->node_count ? previous->node_count - next->node_count
                                                            : next->node_count - previous->node_count;
    if (next->build_epoch_s < previous->build_epoch_s) {
        err_add(
            err, ERR_ERROR, next->place,
            "GeoIP database %s was built on %s, before the one in service (%s): an old file was put back; "
            "fetch a new one, or restart dnsd to use it",
            next->path, date_text(next->build_epoch_s, now), date_text(previous->build_epoch_s, before));
        return false;
    }
    if (more * 100 <= (uint64_t)previous->node_count * SOURCE_NODES_CHANGE_PERCENT)
        return true;
    err_add(
        err, ERR_ERROR, next->place,
        "GeoIP database %s has %u nodes, the one in service %u: that is more than %d%% apart; is it whole, "
        "and the same edition? restart dnsd to use it all the same",
        next->path, next->node_count, previous->node_count, SOURCE_NODES_CHANGE_PERCENT);
    return false;
}

bool sources_may_replace(const struct sources *previous, const struct databases *next, struct err *err)
{
    bool ok = true;
    for (size_t i = 0; i < next->count; i++)
        for (size_t k = 0; k < previous->count; k++)
            if (strcmp(previous->items[k].path, next->items[i].path) == 0)
                ok &= may_replace(&previous->items[k], &next->items[i], err);
    return ok;
}
