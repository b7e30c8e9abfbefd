// SPDX-License-Identifier: MIT
/*
 * probe - one look at one address, by a kind of its own file (probe_http.c, probe_tcp.c ...): a table of functions.
 *
 * An engine is what all probes of a kind share on an event loop. A probe belongs to one target for life and
 * is started again and again. Every start that returned true gives exactly one result, within the check's
 * timeout, never from inside start() itself; cancel() takes the start back: then there is none.
 *
 * Everything on the loop's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/err.h"
#include "core/model/config.h"

struct uv_loop_s;
struct probe;
struct probe_engine;

#define PROBE_REASON_MAX 120

enum probe_outcome {
    PROBE_PASS,
    PROBE_FAIL,
    PROBE_UNDONE, /* this machine could not make it (out of file descriptors, of ports, of memory): says nothing
                     about the target */
};

struct probe_result {
    enum probe_outcome outcome;
    uint32_t latency_ms;
    char reason[PROBE_REASON_MAX]; /* of a failure, for people: "connection refused" */
};

/* May not free the probe. */
typedef void probe_done(void *context, const struct probe_result *result);

struct probe_kind {
    struct probe_engine *(*engine_create)(struct uv_loop_s *loop, struct err *err);
    /* All probes must have been freed. The loop must run on until it has no handles. */
    void (*engine_free)(struct probe_engine *engine);
    /* Keeps no pointer into `check`. */
    struct probe *(*create)(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context);
    /* Must not be under way. False: this machine could not even begin; no result will come. */
    bool (*start)(struct probe *probe);
    void (*cancel)(struct probe *probe);
    void (*free)(struct probe *probe); /* cancels; NULL is fine */
};

extern const struct probe_kind probe_http, /* and https */
    probe_tls, probe_tcp, probe_dns, probe_icmp, probe_exec;

const struct probe_kind *probe_kind_of(enum config_check_type type);

/* --- what kinds share: results ----------------------------------------------------------------------------- */

/* A reason, and the outcome that goes with it. */
void probe_fail(struct probe_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
void probe_undone(struct probe_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a system call that failed: errors that no target can cause are this machine's. */
void probe_fail_errno(struct probe_result *result, int error);

/* What a stranger sent, fit for a log line: no control characters, cut to `out_size`. Returned for use in a
 * printf argument. */
const char *probe_printable(const char *octets, size_t size, char *out, size_t out_size);
