// SPDX-License-Identifier: MIT
/*
 * identity - which checks are the same. Two questions:
 *
 *   the same settings   every key but the name is equal: one target serves both, and at a reload its probes go on
 *                       undisturbed
 *   the same subject    what is looked at is equal (the page, the name asked for, the command), however it is
 *                       judged and how often: at a reload what is known of it is handed on, though it is probed
 *                       anew
 * Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/model/config.h"

bool identity_same_settings(const struct config_check *a, const struct config_check *b);
bool identity_same_subject(const struct config_check *a, const struct config_check *b);

/* Hash of a subject at an endpoint; stable over restarts. */
uint64_t identity_hash(const struct config_check *check, const struct endpoint *endpoint);
