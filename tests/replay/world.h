// SPDX-License-Identifier: MIT
/*
 * world - both daemons without sockets, probes and clocks: healthd's targets, verdicts and health table, dnsd's
 * snapshot, watch and answer path, all of them the real ones, under a clock that a scenario sets.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"

struct world;

/* `folder` is an existing folder for the configuration, zone files and the health table; the caller removes
 * it. The daemons do not run yet. */
struct world *world_create(const char *folder);
void world_free(struct world *world);

void world_write_file(struct world *world, const char *name, const char *text);

/* The clock goes forward; while healthd runs its heart beats, and dnsd looks after its table. */
void world_set_time(struct world *world, uint64_t now_ms);

/* Each returns NULL, or why it failed (the findings). `meridian.yaml` is read anew. */
const char *world_start_dnsd(struct world *world);
const char *world_reload_dnsd(struct world *world);
const char *world_start_healthd(struct world *world);
const char *world_reload_healthd(struct world *world);
void world_stop_dnsd(struct world *world);
void world_stop_healthd(struct world *world); /* as SIGKILL does */

/* One result for every target of the site's members, or of an address. False if there is none, or healthd
 * does not run. */
bool world_probe(struct world *world, const char *site_or_address, bool pass);

/* "A 192.0.2.10 192.0.2.11 TTL 30 SCOPE 16", "NODATA SCOPE 0", "NXDOMAIN", "REFUSED": an answer in the words
 * of a scenario. SCOPE only if `subnet` is not NULL, which is then sent as client subnet by the resolver. */
void world_query(struct world *world, const char *name, const char *type, const struct addr *resolver,
                 const struct prefix *subnet, char *out, size_t room);

/* "up", "down", "unknown", "partly up": the member's state in the health table. "none": no such slot. */
const char *world_state(struct world *world, const char *service, const char *site);
/* True if dnsd has noticed that healthd is gone. */
bool world_is_stale(const struct world *world);
