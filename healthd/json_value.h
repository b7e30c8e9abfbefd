// SPDX-License-Identifier: MIT
/*
 * json_value - one value of a JSON text, found by a pointer (RFC 6901) and compared. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/model/config.h"
#include "healthd/probe.h"

/* Whether the comparison holds. If not, or if there is no such value, or no JSON, `result` becomes a failure with a
 * reason: "/db/lag is 7, want less than 5". `cut`: more followed after `text`. */
bool json_value_judge(const struct config_json *wanted, const char *text, size_t size, bool cut,
                      struct probe_result *result);
