// SPDX-License-Identifier: MIT
#include "geo/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/country.h"

static int compare_asns(const void *a, const void *b)
{
    uint32_t left = ((const struct config_asn_rule *)a)->asn;
    uint32_t right = ((const struct config_asn_rule *)b)->asn;
    return (left > right) - (left < right);
}

static int compare_codes(const void *a, const void *b)
{
    return strcmp(((const struct config_code_rule *)a)->code, ((const struct config_code_rule *)b)->code);
}

static const struct config_code_rule *sorted_codes(struct arena *arena, const struct config_code_rule *rules,
                                                   size_t count)
{
    struct config_code_rule *sorted = arena_array(arena, count + 1, sizeof *sorted);
    if (!count)
        return sorted;
    memcpy(sorted, rules, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_codes);
    return sorted;
}

static const struct config_asn_rule *sorted_asns(struct arena *arena, const struct config_map *map)
{
    struct config_asn_rule *sorted = arena_array(arena, map->asn_count + 1, sizeof *sorted);
    if (!map->asn_count)
        return sorted;
    memcpy(sorted, map->asns, map->asn_count * sizeof *sorted);
    qsort(sorted, map->asn_count, sizeof *sorted, compare_asns);
    return sorted;
}

struct rules rules_prepare(struct arena *arena, const struct config *config, size_t map_index)
{
    const struct config_map *map = &config->maps[map_index];
    struct rules_site *sites = arena_array(arena, config->site_count + 1, sizeof *sites);
    for (size_t i = 0; i < config->site_count; i++) {
        const struct config_site *site = &config->sites[i];
        sites[i] = (struct rules_site){distance_point_at(site->latitude, site->longitude), site->bias};
    }
    return (struct rules){
        .map = map,
        .sites = sites,
        .site_count = config->site_count,
        .asns = sorted_asns(arena, map),
        .subdivisions = sorted_codes(arena, map->subdivisions, map->subdivision_count),
        .countries = sorted_codes(arena, map->countries, map->country_count),
        .continents = sorted_codes(arena, map->continents, map->continent_count),
    };
}

unsigned rules_wanted(const struct config *config)
{
    unsigned wanted = 0;
    for (size_t i = 0; i < config->map_count; i++) {
        const struct config_map *map = &config->maps[i];
        wanted |= map->asn_count ? PLACE_ASN : 0u;
        wanted |= map->subdivision_count ? PLACE_SUBDIVISION : 0u;
        wanted |= map->continent_count ? PLACE_CONTINENT : 0u;
    }
    return wanted;
}

static const struct config_site_list *find_asn(const struct rules *rules, uint32_t asn)
{
    struct config_asn_rule key = {.asn = asn};
    const struct config_asn_rule *found =
        bsearch(&key, rules->asns, rules->map->asn_count, sizeof key, compare_asns);
    return asn && found ? &found->list : NULL;
}

static struct rules_match find_code(enum geo_rule kind, const struct config_code_rule *sorted, size_t count,
                                    const char *code)
{
    struct config_code_rule key = {.list = {NULL, 0}};
    snprintf(key.code, sizeof key.code, "%s", code);
    const struct config_code_rule *found = bsearch(&key, sorted, count, sizeof key, compare_codes);
    return found ? (struct rules_match){kind, &found->list, found->code} : (struct rules_match){.list = NULL};
}

static struct rules_match find_subdivision(const struct rules *rules, const struct geo_place *place)
{
    char code[sizeof((struct config_code_rule *)NULL)->code];
    if (!rules->map->subdivision_count || !*place->country || !*place->subdivision)
        return (struct rules_match){.list = NULL};
    snprintf(code, sizeof code, "%s-%s", place->country, place->subdivision);
    return find_code(GEO_RULE_SUBDIVISION, rules->subdivisions, rules->map->subdivision_count, code);
}

/* The first rule that matches; without one `list` is NULL: distance or default. */
static struct rules_match find_rule(const struct rules *rules, const struct geo_place *place,
                                    const struct country *country)
{
    const struct config_map *map = rules->map;
    const char *continent = *place->continent || !country ? place->continent : country->continent;
    struct rules_match match = {GEO_RULE_ASN, find_asn(rules, place->asn), NULL};
    if (!match.list)
        match = find_subdivision(rules, place);
    if (!match.list && map->country_count && country)
        match = find_code(GEO_RULE_COUNTRY, rules->countries, map->country_count, place->country);
    if (!match.list && map->continent_count && *continent)
        match = find_code(GEO_RULE_CONTINENT, rules->continents, map->continent_count, continent);
    return match;
}

struct order {
    uint8_t *sites;
    size_t count;
    uint64_t taken; /* bit of each site that is in already */
};

_Static_assert(CONFIG_SITES_MAX <= 64, "the sites of an order are bits of one word");

static void append(struct order *order, uint8_t site)
{
    if (order->taken >> site & 1)
        return;
    order->taken |= 1ull << site;
    order->sites[order->count++] = site;
}

/* All other sites, in the order of the file. */
static void append_rest(struct order *order, const struct rules *rules)
{
    for (size_t i = 0; i < rules->site_count; i++)
        append(order, (uint8_t)i);
}

/* The sites from `first` on, nearest first: a stable insertion sort. */
static void sort_by_distance(struct order *order, size_t first, const struct rules *rules,
                             const struct distance_point *from)
{
    double km[CONFIG_SITES_MAX];
    for (size_t i = first; i < order->count; i++) {
        uint8_t site = order->sites[i];
        double own = distance_biased(distance_km(from, &rules->sites[site].at), rules->sites[site].bias);
        size_t to = i;
        for (; to > first && km[to - 1] > own; to--) {
            km[to] = km[to - 1];
            order->sites[to] = order->sites[to - 1];
        }
        km[to] = own;
        order->sites[to] = site;
    }
}

bool rules_locate(const struct geo_place *place, struct distance_point *at)
{
    const struct country *country = *place->country ? country_find(place->country) : NULL;
    if (place->has_location)
        *at = distance_point_at((double)place->latitude, (double)place->longitude);
    else if (country)
        *at = distance_point_at((double)country->latitude, (double)country->longitude);
    return place->has_location || country;
}

struct rules_match rules_match(const struct rules *rules, const struct geo_place *place,
                               const struct config_site_list *network)
{
    const struct country *country = *place->country ? country_find(place->country) : NULL;
    if (network)
        return (struct rules_match){GEO_RULE_NETWORK, network, NULL};
    struct rules_match match = find_rule(rules, place, country);
    if (match.list)
        return match;
    if (place->has_location || country)
        return (struct rules_match){GEO_RULE_DISTANCE, NULL, NULL};
    return (struct rules_match){GEO_RULE_DEFAULT, &rules->map->default_sites, NULL};
}

size_t rules_order(const struct rules *rules, const struct geo_place *place,
                   const struct config_site_list *network, uint8_t out[CONFIG_SITES_MAX])
{
    struct distance_point at;
    struct order order = {out, 0, 0};
    bool located = rules_locate(place, &at);
    const struct config_site_list *list = rules_match(rules, place, network).list;
    for (size_t i = 0; list && i < list->count; i++)
        append(&order, list->sites[i]);
    size_t first = order.count;
    if (rules->map->fence && first)
        return first;
    append_rest(&order, rules);
    if (located)
        sort_by_distance(&order, first, rules, &at);
    return order.count;
}
