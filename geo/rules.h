// SPDX-License-Identifier: MIT
/*
 * rules - a map's rules applied to a place: the ordered list of sites. Pure.
 *
 * First match wins: network, ASN, subdivision, country, continent, distance, default. The sites of the
 * matching rule come first in the rule's order, all others follow by distance (in the order of the file if
 * nobody knows where the client is), unless the map is fenced. Equal distances keep the order of the file.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/model/config.h"
#include "geo/distance.h"
#include "geo/geo.h"
#include "geo/place.h"

struct rules_site {
    struct distance_point at;
    int bias;
};

/* A map's rules, sorted for look-up. */
struct rules {
    const struct config_map *map; /* outlives the rules */
    const struct rules_site *sites;
    size_t site_count;
    const struct config_asn_rule *asns;
    const struct config_code_rule *subdivisions, *countries, *continents;
};

/* Memory is the arena's; `config` must outlive the rules. */
struct rules rules_prepare(struct arena *arena, const struct config *config, size_t map);

/* Which fields of a place some rule of `config` asks for: enum place_wanted. */
unsigned rules_wanted(const struct config *config);

/* The rule that decides. */
struct rules_match {
    enum geo_rule rule;
    const struct config_site_list *list; /* NULL: by distance alone */
    const char *code;                    /* of a subdivision, country or continent; as in the map */
};

struct rules_match rules_match(const struct rules *rules, const struct geo_place *place,
                               const struct config_site_list *network);

/* Where distances begin: its coordinates, or its country's middle. False if nobody knows where it is. */
bool rules_locate(const struct geo_place *place, struct distance_point *at);

/* Writes the preference list and returns its length. `network` is the list of the most specific network
 * rule that covers the client, or NULL. */
size_t rules_order(const struct rules *rules, const struct geo_place *place,
                   const struct config_site_list *network, uint8_t out[CONFIG_SITES_MAX]);
