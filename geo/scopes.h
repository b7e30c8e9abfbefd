// SPDX-License-Identifier: MIT
/*
 * scopes - how far around a client the answer stays the same, while a given set of sites can answer: the
 * table's leaves, merged once more, now by the site that answers. What is kept is an octet for every leaf of the
 * map: the depth of the merged prefix that it lies in. Look-ups share the table itself.
 *
 * The interface is in geo/geo.h.
 */
#pragma once

#include "geo/geo.h"

#define SCOPES_NO_LEAF UINT32_MAX /* a preference that is no leaf's: of clients without an address */
