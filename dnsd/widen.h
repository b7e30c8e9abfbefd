// SPDX-License-Identifier: MIT
/*
 * widen - keeps ECS scopes as wide as the answers: for every service and family the table of scopes
 * (geo_scopes) that fits the sites that can answer now.
 *
 * A table is good for one map and one set of sites, whoever's it is; equal ones are built once. A query
 * compares the set that it sees itself with the set that the table was built for (widen_find), and else
 * makes do with the narrower scope of the preference list, which is always true. So a flip cannot be met by
 * a stale table, however late the main thread learns of it; it only costs some milliseconds of narrower scopes.
 *
 * Views are published like everything that queries read (publication.h). All but widen_find() is for the main
 * thread; tables are built on a thread of libuv's pool.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dnsd/snapshot.h"

#define WIDEN_TICK_MS 10 /* how often widen_is_current() wants to be asked */

struct widen;
struct uv_loop_s;

/* Called when a table is ready: time to publish a new view. */
typedef void widen_ready(void *context);

struct widen *widen_create(struct uv_loop_s *loop, widen_ready *ready, void *context);
/* The loop must have ended. */
void widen_free(struct widen *widen);

/* The tables that fit what may be answered now, as far as they are built; starts to build what is missing.
 * Ended with widen_view_free() when no query thread can still read it. */
struct widen_view *widen_look(struct widen *widen, const struct snapshot *snapshot,
                              const struct health_view *health);
void widen_view_free(struct widen_view *view); /* NULL is fine */
/* True if widen_look() would give the same as the published `view`. */
bool widen_is_current(struct widen *widen, const struct widen_view *view, const struct snapshot *snapshot,
                      const struct health_view *health);
/* Frees the tables of every other geo: after a new one was published. */
void widen_forget(struct widen *widen, const struct geo *except);

/* Any thread: the scopes for the service's answers by just these sites; NULL if there are none (yet). `view` may
 * be NULL. */
const struct geo_scopes *widen_find(const struct widen_view *view, size_t service, enum addr_family family,
                                    struct geo_answerers answerers);
