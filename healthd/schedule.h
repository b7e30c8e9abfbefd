// SPDX-License-Identifier: MIT
/*
 * schedule - when targets are probed. Each has its own timer and at most one probe under way, so that a slow
 * one never delays another.
 *
 * From start to start `interval` passes, less a jitter of up to 5 per cent that keeps targets from falling into
 * step; never more, so that detection takes no longer than promised: a target that fails for good is down
 * after interval + (fall - 1) x (confirm + timeout), plus the last timeout if it does not even refuse. While the
 * verdict is in doubt the next start is `confirm` after the end of the last probe; but a probe that this machine could not make
 * is tried again after the interval.
 *
 * Everything on the loop's thread.
 */
#pragma once

#include <stdint.h>

#include "core/base/err.h"
#include "healthd/probe.h"
#include "healthd/target.h"

struct uv_loop_s;
struct schedule;

/* The funnel: called once for every result; steps the target's verdict before it returns. */
typedef void schedule_result(void *context, struct target *target, const struct probe_result *result);

struct schedule *schedule_create(struct uv_loop_s *loop, schedule_result *result, void *context,
                                 struct err *err);

/* Probes `targets` instead of `old` (NULL: none yet). Timers and probes under way of targets that `old` has
 * with the same settings go on undisturbed; the first probes of the others are spread over a while. `old` may
 * be freed afterwards, with its configuration. */
void schedule_targets(struct schedule *schedule, struct targets *targets, struct targets *old);

/* Stops all probing, that of `targets` (NULL: none). The loop must run on until it has no handles. */
void schedule_free(struct schedule *schedule, struct targets *targets);

/* --- pure parts ------------------------------------------------------------------------------------------ */

/* Milliseconds until the first probe of a target among `count`: at most its interval, and no longer than
 * probing them all takes at a gentle rate. */
uint32_t schedule_first_delay(uint64_t identity, size_t count, uint32_t interval_ms);
/* `interval_ms` less up to 5 per cent, another share for every `round`. */
uint32_t schedule_jitter(uint64_t identity, uint64_t round, uint32_t interval_ms);
