// SPDX-License-Identifier: MIT
/*
 * load - a zone file (RFC 1035 section 5.1) -> builder. The only place that knows ldns, which turns the text
 * of each record into wire format.
 *
 * $ORIGIN and $TTL (RFC 2308 section 4) are understood; $INCLUDE is an error. TTL and class may stand in
 * either order; without $TTL a record without a TTL takes that of the record before it.
 */
#pragma once

#include "zones/builder.h"

/* Reads builder->zone->file. Findings go to builder->err, with the line on which the entry begins. */
void load_file(struct builder *builder);
