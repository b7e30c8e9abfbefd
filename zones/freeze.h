// SPDX-License-Identifier: MIT
/*
 * freeze - builder -> struct zone: RRsets as finished octets, nodes as one array, both in the arena of the
 * zones, and independent of the builder.
 */
#pragma once

#include "core/base/arena.h"
#include "core/model/config.h"
#include "zones/builder.h"
#include "zones/zones_private.h"

/* The builder must have passed its checks. Fills `zone` and returns its builder->node_count entries, each
 * behind its parent. */
struct zones_entry *freeze_zone(const struct builder *builder, const struct config *config,
                                struct arena *arena, struct zone *zone);
