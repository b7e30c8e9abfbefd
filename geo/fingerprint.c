// SPDX-License-Identifier: MIT
#include "geo/fingerprint.h"

#include <string.h>

#include "core/base/hash.h"

static void add(struct fingerprint *print, const void *octets, size_t size)
{
    print->a = hash_octets(octets, size, print->a + 1);
    print->b = hash_octets(octets, size, hash_mix(print->b, 0x9e3779b97f4a7c15));
}

static void add_number(struct fingerprint *print, uint64_t number)
{
    add(print, &number, sizeof number);
}

static void add_list(struct fingerprint *print, const struct config_site_list *list)
{
    add_number(print, list->count);
    if (list->count)
        add(print, list->sites, list->count);
}

static void add_codes(struct fingerprint *print, const struct config_code_rule *rules, size_t count)
{
    add_number(print, count);
    for (size_t i = 0; i < count; i++) {
        add(print, rules[i].code, strlen(rules[i].code) + 1);
        add_list(print, &rules[i].list);
    }
}

static void add_networks(struct fingerprint *print, const struct config_map *map)
{
    add_number(print, map->network_count);
    for (size_t i = 0; i < map->network_count; i++) {
        const struct prefix *prefix = &map->networks[i].prefix;
        add_number(print, (uint64_t)prefix->addr.family << 8 | prefix->length);
        add(print, prefix->addr.octets, sizeof prefix->addr.octets);
        add_list(print, &map->networks[i].list);
    }
}

static void add_sites(struct fingerprint *print, const struct config *config)
{
    add_number(print, config->site_count);
    for (size_t i = 0; i < config->site_count; i++) {
        const struct config_site *site = &config->sites[i];
        add(print, &site->latitude, sizeof site->latitude);
        add(print, &site->longitude, sizeof site->longitude);
        add(print, &site->bias, sizeof site->bias);
    }
}

struct fingerprint fingerprint_map(const struct config *config, size_t map_index)
{
    const struct config_map *map = &config->maps[map_index];
    struct fingerprint print = {0, 0};
    add_sites(&print, config);
    add_networks(&print, map);
    add_number(&print, map->asn_count);
    for (size_t i = 0; i < map->asn_count; i++) {
        add_number(&print, map->asns[i].asn);
        add_list(&print, &map->asns[i].list);
    }
    add_codes(&print, map->subdivisions, map->subdivision_count);
    add_codes(&print, map->countries, map->country_count);
    add_codes(&print, map->continents, map->continent_count);
    add_list(&print, &map->default_sites);
    add_number(&print, map->fence);
    return print;
}

struct fingerprint fingerprint_maps(const struct config *config)
{
    struct fingerprint all = {0, 0};
    add_number(&all, config->map_count);
    for (size_t i = 0; i < config->map_count; i++) {
        struct fingerprint map = fingerprint_map(config, i);
        add_number(&all, map.a);
        add_number(&all, map.b);
    }
    return all;
}

bool fingerprint_equal(struct fingerprint a, struct fingerprint b)
{
    return a.a == b.a && a.b == b.b;
}
