// SPDX-License-Identifier: MIT
/*
 * check - is what load has read a zone that can be served? Every rule reports all of its cases.
 *
 * check_rrsets   one RRset at a time: duplicates (dropped), differing TTLs, singletons, size
 * check_zone     names against each other: apex, aliases, DNAME, delegations, glue
 */
#pragma once

#include "zones/builder.h"

void check_rrsets(struct builder *builder);
/* After builder_mark_cuts(). */
void check_zone(struct builder *builder);
