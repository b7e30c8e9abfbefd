// SPDX-License-Identifier: MIT
/*
 * build - what a geo is made of. Steps of geo_build(), a file each:
 *
 *   databases_open    the files, copied, checked and mapped          (database.h)
 *   join_databases    trees of all databases -> leaves of places     (join.h)
 *   classify_leaves   rules and networks of a map -> leaves of classes (classify.h, rules.h, network.h)
 *   table_build       leaves -> the table that queries read          (table.h)
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/fingerprint.h"
#include "geo/geo.h"
#include "geo/source.h"
#include "geo/table.h"

struct geo_map {
    struct table v4, v6;
    uint32_t unknown; /* class of clients of no known place */
    struct fingerprint fingerprint;
    bool borrowed; /* the tables are those of an equal map */
};

/*
 * Before the first step it is asked whether anything changed at all (fingerprint.h, source.h); after each,
 * whether the result may replace the previous one (source.h, sample.h).
 */
struct geo {
    atomic_uint shares;
    struct geo_map *maps;
    size_t map_count;
    uint8_t *lists; /* class c at c * list_size: count of sites, sites */
    size_t list_size;
    uint32_t class_count;
    struct sources sources;
    struct fingerprint fingerprint; /* of the maps */
};
