// SPDX-License-Identifier: MIT
/*
 * steering - the configuration's steered names, laid over the frozen data. The nodes that steering changes are
 * copied, shallowly, into the build's own memory, and the index leads to the copies: other builds that share the
 * data do not notice, and looking up a steered name costs what any other does.
 */
#pragma once

#include "core/base/err.h"
#include "core/model/config.h"
#include "zones/zones_private.h"

/* Steers the names of zone number `at`; zones->names must hold the names of all zones. False, with findings, if
 * one of them cannot be steered. */
bool steering_apply(struct zones *zones, size_t at, const struct config_zone *zone,
                    const struct config *config, struct err *err);
