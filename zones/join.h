// SPDX-License-Identifier: MIT
/*
 * join - the names of all zones in one index: every name goes to the deepest zone it is in, and a parent's cut is
 * remembered for DS questions.
 */
#pragma once

#include "zones/zones_private.h"

/* Fills zones->names and zones->cuts_above from the versions; what they held before is dropped. */
void join_zones(struct zones *zones);
