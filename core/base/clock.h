// SPDX-License-Identifier: MIT
/*
 * clock - the only place that reads a clock. Decisions never call it: `now` is passed to them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* CLOCK_MONOTONIC: the same for all processes of this machine, starts at boot, never steps. */
uint64_t clock_monotonic_ns(void);
uint64_t clock_monotonic_ms(void);
/* Seconds and milliseconds since 1970 UTC. For people, never for intervals. */
uint64_t clock_wall_ms(void);

#define CLOCK_TEXT_MAX 32
/* "2026-11-21T22:33:01.123Z" */
const char *clock_format(uint64_t wall_ms, char out[CLOCK_TEXT_MAX]);
/* A span for people: "850ms", "12s", "5m30s", "3h02m", "4d07h". */
const char *clock_format_span(uint64_t span_ms, char out[CLOCK_TEXT_MAX]);
