// SPDX-License-Identifier: MIT
/*
 * snapshot - everything that one load of meridian.yaml yields for answering: configuration, maps, zones,
 * services. Built off the query threads, immutable, freed whole.
 *
 * serving is a snapshot together with what healthd says of it: what respond() answers from.
 */
#pragma once

#include "core/base/err.h"
#include "core/model/config.h"
#include "dnsd/cookie.h"
#include "dnsd/health_view.h"
#include "dnsd/rrl.h"
#include "dnsd/service.h"
#include "geo/geo.h"
#include "zones/zones.h"

struct snapshot {
    struct config *config;
    struct geo *geo;
    struct zones *zones;
    struct arena *arena;
    const struct service *services; /* as config->services */
    struct cookie_secrets cookies;
    struct rrl *rrl; /* NULL: not configured. The one thing in here that answering changes */
};

struct serving {
    const struct snapshot *snapshot;
    const struct health_view *health;
};

/* `previous` (NULL: none) is in service until this one takes its place; it stays as it is. NULL if anything is wrong
 * but zones that can be kept as they are in `previous`; `err` holds every mistake found in either case. */
struct snapshot *snapshot_load(const char *config_path, const struct snapshot *previous, struct err *err);
void snapshot_free(struct snapshot *snapshot); /* NULL is fine */
