// SPDX-License-Identifier: MIT
/*
 * snapshot - everything that one load of meridian.yaml yields for answering: configuration, maps, zones,
 * services. Built off the query threads, immutable, freed whole.
 *
 * serving is a snapshot together with what healthd says of it, and with the scopes that this allows: what
 * respond() answers from.
 */
#pragma once

#include "core/base/err.h"
#include "core/model/config.h"
#include "dnsd/health_view.h"
#include "dnsd/service.h"
#include "geo/geo.h"
#include "zones/zones.h"

struct widen_view; /* dnsd/widen.h */

struct snapshot {
    struct config *config;
    struct geo *geo;
    struct zones *zones;
    struct arena *arena;
    const struct service *services; /* as config->services */
};

struct serving {
    const struct snapshot *snapshot;
    const struct health_view *health;
    const struct widen_view *scopes; /* NULL: none is wider than the preference list's */
};

/* NULL if anything is wrong; `err` then holds every mistake found, and warnings in either case. `previous` is what
 * is in service, or NULL: databases that may not replace those of its maps are errors, but its maps stay. */
struct snapshot *snapshot_load(const char *config_path, const struct snapshot *previous, struct err *err);
void snapshot_free(struct snapshot *snapshot); /* NULL is fine */
