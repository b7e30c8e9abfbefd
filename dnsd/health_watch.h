// SPDX-License-Identifier: MIT
/*
 * health_watch - keeps dnsd attached to healthd's table: opens it, follows when healthd replaces it, and says
 * so when healthd falls silent. Flips do not pass through here: queries read them from the table.
 *
 * Main thread only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/log.h"
#include "core/model/health_table.h"

#define HEALTH_WATCH_MS 100 /* how often health_watch_tick() wants to be called */

struct health_watch {
    char *path;
    struct health_table *table; /* NULL: none yet */
    bool stale;                 /* and said so */
    uint64_t next_open_ms;
};

void health_watch_init(struct health_watch *watch, const char *run_dir, const struct log *log);
/* If there is a table to change to, returns it open: the caller calls health_watch_adopt() with it once it
 * serves from it. NULL: nothing changes. */
struct health_table *health_watch_tick(struct health_watch *watch, uint64_t monotonic_ns,
                                       const struct log *log);
/* Makes `table` the watched one and closes the previous: nothing may point into that any more. */
void health_watch_adopt(struct health_watch *watch, struct health_table *table);
void health_watch_free(struct health_watch *watch);
