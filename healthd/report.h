// SPDX-License-Identifier: MIT
/*
 * report - what the operator reads when a target flips: which site, for which services, at which address,
 * why, and what it means for clients. One line.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/log.h"
#include "healthd/target.h"

#define REPORT_MAX 1500

/* The line for a `target` whose verdict was `before` and has just flipped, into `out`; returns its level. */
enum log_level report_flip(const struct targets *targets, const struct target *target,
                           const struct verdict *before, uint64_t now_ms, char out[REPORT_MAX]);

/* "fra (www, api) 192.0.2.10@80", for lines about a target that has not flipped. */
const char *report_name(const struct targets *targets, const struct target *target, char out[REPORT_MAX]);
