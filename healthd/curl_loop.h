// SPDX-License-Identifier: MIT
/*
 * curl_loop - libcurl's multi interface driven by libuv: the engine of the kinds of probes that libcurl
 * speaks. One multi handle for all; curl says which sockets to watch and when to wake it.
 *
 * Everything on the loop's thread.
 */
#pragma once

#include <stdbool.h>

#include "core/base/err.h"

struct uv_loop_s;
struct probe_engine;

struct curl_transfer {
    void *easy; /* a CURL handle, owned by whoever made it */
    /* It came to its end, with `code`, a CURLcode, and is no longer the engine's; never from inside
     * curl_loop_add(). */
    void (*done)(struct curl_transfer *transfer, int code);
};

struct probe_engine *curl_loop_create(struct uv_loop_s *loop, struct err *err);
/* No transfer may be under way. The loop must run on until it has no handles. NULL is fine. */
void curl_loop_free(struct probe_engine *engine);

/* Begins; false if libcurl would not. */
bool curl_loop_add(struct probe_engine *engine, struct curl_transfer *transfer);
/* Stops a transfer that is under way: done() is not called. */
void curl_loop_remove(struct probe_engine *engine, struct curl_transfer *transfer);
