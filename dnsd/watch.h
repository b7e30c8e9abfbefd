// SPDX-License-Identifier: MIT
/*
 * watch - says when a file that was loaded has changed and come to rest (server.watch).
 *
 * A writer may still be at it when the first event arrives, so a change counts when no event has come for
 * WATCH_SETTLE_MS and file, size and time of change are the same in two looks. Changes are reported at most
 * once in WATCH_PAUSE_MS.
 *
 * Main thread only, on its event loop.
 */
#pragma once

#include <stdint.h>

#include "core/base/log.h"
#include "dnsd/watch_files.h"

#define WATCH_SETTLE_MS 500
#define WATCH_PAUSE_MS  1000

struct watch;

/* `path`: the file that changed first of `count` that did. */
typedef void watch_changed(void *context, const char *path, size_t count);

/* Watches nothing yet. `loop` is a uv_loop_t. */
struct watch *watch_start(void *loop, const struct log *log, watch_changed *changed, void *context);
/* Watches `files`, and owns them from here on; NULL: nothing. What has changed since `since_ms` (wall clock: when
 * loading them began) in folders not watched before counts as a change. Nothing that happens in folders watched
 * before and after is missed. */
void watch_set(struct watch *watch, struct watch_files *files, uint64_t since_ms);
/* The memory goes when the loop has run the close callbacks. */
void watch_stop(struct watch *watch);
