// SPDX-License-Identifier: MIT
/*
 * freeze - builder -> version: RRsets as finished octets, nodes and what hangs on them side by side, in an arena of
 * the version's own and as large as it takes; independent of the builder.
 */
#pragma once

#include "zones/builder.h"
#include "zones/version.h"

/* The builder must have passed its checks. The caller owns the version. */
struct version *freeze_zone(const struct builder *builder, uint64_t loaded_wall_ms);
