// SPDX-License-Identifier: MIT
/*
 * version - one zone as its files were at one time: frozen, and independent of the configuration. Builds share it
 * for as long as the files stay as they are.
 *
 * Counted: version_load() and version_share() are each answered by one version_release(). The count is atomic, so
 * a build may be freed on another thread than the one that makes the next.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/model/config.h"
#include "zones/source.h"
#include "zones/zones.h"

struct version {
    atomic_uint users;
    struct arena *arena;          /* owns all of this, and this struct */
    const struct source *sources; /* every file it was read from; the first is the zone's own */
    size_t source_count;
    struct zones_node **nodes; /* each behind its parent; none steered */
    size_t node_count;
    struct zone zone;
};

/* Reads, checks and freezes a zone. NULL with findings if it cannot be served. */
struct version *version_load(const struct config_zone *zone, uint64_t now_wall_ms, struct err *err);
/* True if reading the zone again from `file` would yield the same. */
bool version_is_current(const struct version *version, const char *file);
struct version *version_share(struct version *version);
void version_release(struct version *version); /* NULL is fine */
