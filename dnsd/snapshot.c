// SPDX-License-Identifier: MIT
#include "dnsd/snapshot.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/mem.h"

struct snapshot *snapshot_load(const char *config_path, const struct snapshot *previous, struct err *err)
{
    struct config *config = config_load(config_path, err);
    if (config == NULL)
        return NULL;
    struct snapshot *snapshot = mem_alloc(sizeof *snapshot);
    snapshot->config = config;
    /* Both, whatever the first says: the operator wants to see all mistakes at once. */
    snapshot->zones = zones_build(config, previous != NULL ? previous->zones : NULL, err);
    snapshot->geo = geo_build(config, err);
    if (snapshot->zones == NULL || snapshot->geo == NULL) {
        snapshot_free(snapshot);
        return NULL;
    }
    snapshot->arena = arena_create();
    snapshot->services = service_build_all(config, snapshot->arena);
    return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    arena_free(snapshot->arena);
    zones_free(snapshot->zones);
    geo_free(snapshot->geo);
    config_free(snapshot->config);
    free(snapshot);
}
