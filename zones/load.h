// SPDX-License-Identifier: MIT
/*
 * load - the files of a zone (RFC 1035 section 5.1) -> builder: entries, and the directives that stand between
 * records.
 *
 *   $ORIGIN NAME            what relative names are relative to
 *   $TTL TIME               of records without one (RFC 2308 section 4); holds from there on, in whatever file
 *   $INCLUDE FILE [ORIGIN]  FILE relative to the folder of the including one; origin and owner are afterwards as before
 *   $GENERATE ...           see zones/generate.h
 */
#pragma once

#include "zones/builder.h"

#define LOAD_DEPTH_MAX 16 /* files that include each other */

/* Reads builder->zone->file and fills in builder->sources. Findings go to builder->err, with the line on which the
 * entry begins. */
void load_file(struct builder *builder, uint64_t now_wall_ms);
