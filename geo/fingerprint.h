// SPDX-License-Identifier: MIT
/* fingerprint - 128 bits of hash that tell whether two configurations place every client alike. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/model/config.h"

struct fingerprint {
    uint64_t a, b;
};

/* Of everything but the name that makes a map: its rules, and all sites. */
struct fingerprint fingerprint_map(const struct config *config, size_t map);
/* Of all maps, in their order. */
struct fingerprint fingerprint_maps(const struct config *config);
bool fingerprint_equal(struct fingerprint a, struct fingerprint b);
