// SPDX-License-Identifier: MIT
#include "geo/explain.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/arena.h"
#include "geo/bits.h"
#include "geo/country.h"
#include "geo/database.h"
#include "geo/disguise.h"
#include "geo/rules.h"

_Static_assert(GEO_FILES_MAX == DATABASES_MAX, "every database has its place");

const char *geo_rule_name(enum geo_rule rule)
{
    static const char *const names[] = {"network",   "asn",      "subdivision", "country",
                                        "continent", "distance", "default"};
    return names[rule];
}

#define IPV4_DEPTH 96

/* The client as rules and databases see it. */
struct subject {
    struct addr addr; /* masked; IPv4 for a disguise */
    struct bits bits;
    unsigned length; /* 0: nobody is meant */
};

static struct subject subject_of(const struct addr *client, unsigned length, struct geo_explanation *out)
{
    struct subject subject = {*client, {0, 0}, length};
    addr_mask(&subject.addr, length);
    subject.bits = bits_of(&subject.addr);
    const struct disguise *disguise = client->family == ADDR_V6 ? disguise_find(subject.bits) : NULL;
    if (!length || !disguise)
        return subject;
    subject.bits = disguise_ipv4(disguise, subject.bits);
    subject.addr = (struct addr){.family = ADDR_V4};
    for (unsigned i = 0; i < 4; i++)
        subject.addr.octets[i] = (uint8_t)(subject.bits.hi >> (56 - 8 * i));
    out->counted_as = subject.addr;
    return subject;
}

/* In an IPv6 tree the IPv4 networks lie at ::/96, and are none of the IPv6 addresses there (geo/join.h). */
static bool is_ipv4_tree(const struct subject *subject, unsigned depth)
{
    return subject->addr.family == ADDR_V6 && depth == IPV4_DEPTH && !subject->bits.hi &&
           !(subject->bits.lo >> 32);
}

/* The record of the tree that covers the address, and how long its prefix is. */
static uint32_t descend(const struct database *database, const struct subject *subject, uint8_t *length)
{
    uint32_t record = subject->addr.family == ADDR_V4 ? database->root_v4 : database->root_v6;
    unsigned depth = 0, bits = addr_bits(&subject->addr);
    while (depth < bits && database_is_node(database, record) && !is_ipv4_tree(subject, depth))
        record = database_child(database, record, bits_at(subject->bits, depth++));
    *length = (uint8_t)depth;
    return database_is_node(database, record) ? database->node_count : record;
}

static bool read_record(const struct database *database, const struct subject *subject,
                        struct geo_record *record, struct geo_place *place, struct err *err)
{
    struct geo_place own = {0};
    uint32_t found = descend(database, subject, &record->length);
    record->found = !database_is_empty(database, found);
    if (!record->found)
        return true;
    if (!database_place(database, found, PLACE_ASN | PLACE_CONTINENT | PLACE_SUBDIVISION, &own, err))
        return false;
    *place = place_merge(place, &own);
    return true;
}

static bool read_databases(const struct config *config, const struct subject *subject, struct arena *arena,
                           struct geo_explanation *out, struct geo_place *place, struct err *err)
{
    struct databases databases;
    bool ok = databases_open(config, &databases, err);
    for (size_t i = 0; ok && i < databases.count; i++) {
        const struct database *database = &databases.items[i];
        struct geo_record *record = &out->records[out->record_count++];
        record->path = arena_strdup(arena, database->path);
        record->build_epoch_s = database->build_epoch_s;
        ok = !subject->length || read_record(database, subject, record, place, err);
    }
    databases_close(&databases);
    return ok;
}

static void put_place(const struct geo_place *place, struct geo_explanation *out)
{
    const struct country *country = *place->country ? country_find(place->country) : NULL;
    memcpy(out->country, place->country, sizeof out->country);
    memcpy(out->subdivision, place->subdivision, sizeof out->subdivision);
    snprintf(out->continent, sizeof out->continent, "%s",
             *place->continent || !country ? place->continent : country->continent);
    out->asn = place->asn;
    out->has_location = place->has_location;
    out->has_centroid = !place->has_location && country;
    out->latitude = (double)(out->has_centroid ? country->latitude : place->latitude);
    out->longitude = (double)(out->has_centroid ? country->longitude : place->longitude);
}

/* The most specific network rule that covers the client. */
static const struct config_network_rule *find_network(const struct config_map *map,
                                                      const struct subject *subject)
{
    const struct config_network_rule *best = NULL;
    for (size_t i = 0; subject->length && i < map->network_count; i++) {
        const struct prefix *prefix = &map->networks[i].prefix;
        if (prefix_contains(prefix, &subject->addr) && (!best || prefix->length > best->prefix.length))
            best = &map->networks[i];
    }
    return best;
}

static void put_rule(const struct rules_match *match, const struct config_network_rule *network,
                     const struct geo_place *place, struct geo_explanation *out)
{
    char text[PREFIX_TEXT_MAX];
    out->rule = match->rule;
    if (match->rule == GEO_RULE_NETWORK)
        snprintf(out->rule_key, sizeof out->rule_key, "%s", prefix_format(&network->prefix, text));
    else if (match->rule == GEO_RULE_ASN)
        snprintf(out->rule_key, sizeof out->rule_key, "%u", place->asn);
    else if (match->code)
        snprintf(out->rule_key, sizeof out->rule_key, "%s", match->code);
}

static void put_distances(const struct rules *rules, const struct geo_place *place,
                          struct geo_explanation *out)
{
    struct distance_point at = {0, 0, 0};
    bool located = rules_locate(place, &at);
    for (size_t i = 0; i < out->site_count; i++) {
        const struct rules_site *site = &rules->sites[out->sites[i]];
        out->km[i] = located ? distance_km(&at, &site->at) : -1;
        out->biased_km[i] = located ? distance_biased(out->km[i], site->bias) : -1;
    }
}

static bool put_scope(const struct config *config, size_t map, const struct addr *client, unsigned length,
                      struct geo_explanation *out, struct err *err)
{
    struct geo *geo = geo_build(config, NULL, err);
    if (geo)
        out->scope = geo_find(geo, map, client, length).scope;
    geo_free(geo);
    return geo != NULL;
}

bool geo_explain(const struct config *config, size_t map_index, const struct addr *client, unsigned length,
                 struct arena *arena, struct geo_explanation *out, struct err *err)
{
    assert(map_index < config->map_count);
    struct geo_place place = {0};
    *out = (struct geo_explanation){.record_count = 0};
    struct subject subject = subject_of(client, length, out);
    if (!read_databases(config, &subject, arena, out, &place, err))
        return false;
    struct rules rules = rules_prepare(arena, config, map_index);
    const struct config_network_rule *network = find_network(rules.map, &subject);
    struct rules_match match = rules_match(&rules, &place, network ? &network->list : NULL);
    put_place(&place, out);
    put_rule(&match, network, &place, out);
    out->site_count = rules_order(&rules, &place, network ? &network->list : NULL, out->sites);
    put_distances(&rules, &place, out);
    return put_scope(config, map_index, client, length, out, err);
}
