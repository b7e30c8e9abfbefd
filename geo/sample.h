// SPDX-License-Identifier: MIT
/* sample - how many clients a new edition of the databases would move. */
#pragma once

#include "core/base/err.h"
#include "core/model/config.h"
#include "geo/geo.h"

/* False, with an error, if in some map and family more than config's max_change of a fixed sample of networks
 * has another first site in `next` than in `previous`. Both have the same maps and sites. */
bool sample_agrees(const struct geo *previous, const struct geo *next, const struct config *config,
                   struct err *err);
