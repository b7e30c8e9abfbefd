// SPDX-License-Identifier: MIT
/*
 * geo - client address -> preference list of sites, and the scope for which that list holds.
 *
 * geo_build() joins the GeoIP databases, the rules of every map and the list of sites to one longest-prefix
 * table per map and address family: prefix -> class, class -> ordered list of sites. It runs off the query
 * threads; the databases are closed when it returns. The result is immutable: any number of threads may
 * call geo_find(), which neither allocates, locks nor fails.
 *
 * Order of rules, first match wins: network (most specific), ASN, subdivision, country, continent, distance,
 * default. A rule's sites come first, all others follow by distance, unless the map is fenced. Distance is
 * great circle on a sphere, times the site's bias; a record with a country but no coordinates counts as the
 * country's centroid (geo/country.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/err.h"
#include "core/model/config.h"

struct geo;

/* All maps of `config`; maps are numbered as in config.maps. NULL on failure. The result keeps no pointer
 * into `config`. Ended with geo_free().
 *
 * `previous` is what is in service now, or NULL. If maps, sites and files are the same, the result is a share of
 * it. New files are compared with those it was built from: if they are broken, older, of quite another size, or
 * would move more than config.max_change_percent of the clients, that is an error, and the result is a share of
 * `previous` if it still fits the maps and sites, else NULL. */
struct geo *geo_build(const struct config *config, struct geo *previous, struct err *err);
/* One more share of the same geo, to be ended with geo_free() too; any thread. */
struct geo *geo_share(struct geo *geo);
/* Gives a share back; the last one frees. NULL is fine. */
void geo_free(struct geo *geo);

struct geo_preference {
    const uint8_t *sites; /* indexes into config.sites, best first; lives as long as the geo */
    uint8_t count;
    uint8_t scope;   /* prefix length, in the family of the address asked, for all of which `sites` holds.
                      RFC 7871 section 7.2.1: may be longer than the source */
    uint8_t ipv4_at; /* for geo_scopes_find(): where the IPv4 address begins, and which leaf holds it */
    uint32_t leaf;
};

/* The preference list for the network `client`/`length` (bits past `length` are ignored; length 0: the
 * map's default list and scope 0). IPv4-mapped, 6to4, Teredo and 64:ff9b::/96 addresses count as their IPv4
 * address, the scope translated back. */
struct geo_preference geo_find(const struct geo *geo, size_t map, const struct addr *client, unsigned length);
/* The same for many clients, several times faster than one by one. */
void geo_find_many(const struct geo *geo, size_t map, const struct prefix *clients, size_t count,
                   struct geo_preference *out);

/* --- scopes as wide as the answers --------------------------------------------------------------------------
 *
 * geo_find()'s scope holds for the whole list. But a service has some of the sites as members, and of these
 * some are up: where lists differ only in the others, the answer is the same, and the scope may be wider. Given
 * the sites that can answer now, geo_scopes has the widest scope for every client. */

/* Sites are bits: 1 << index into config.sites. A client is answered with the first site of its list that is in
 * `eligible`; if there is none (a fenced list), with the first in `fallback`; else with no site at all. */
struct geo_answerers {
    uint64_t eligible, fallback;
};

struct geo_scopes;

/* Linear in the map, some milliseconds for a city database; off the query threads. Holds its share of
 * `geo`. */
struct geo_scopes *geo_scopes_build(struct geo *geo, size_t map, struct geo_answerers answerers);
/* The same in parts that may be done at once: after geo_scopes_create(), geo_scopes_fill() for the clients of either
 * family, on a thread each if you like. It must not be looked into before. */
struct geo_scopes *geo_scopes_create(struct geo *geo, size_t map, struct geo_answerers answerers);
void geo_scopes_fill(struct geo_scopes *scopes, enum addr_family family);
void geo_scopes_free(struct geo_scopes *scopes); /* NULL is fine */
/* The widest scope within which every client has the same answer, for a preference that geo_find() found in the
 * same geo and map. */
uint8_t geo_scopes_find(const struct geo_scopes *scopes, const struct geo_preference *preference);

/* The site that answers, or GEO_NO_SITE. */
#define GEO_NO_SITE CONFIG_SITES_MAX
unsigned geo_answering_site(const struct geo_preference *preference, struct geo_answerers answerers);
/* True if all clients get the same answer whatever the map says. */
bool geo_answers_everyone_alike(struct geo_answerers answerers, bool fenced);

/* --- why ---------------------------------------------------------------------------------------------------- */

enum geo_rule {
    GEO_RULE_NETWORK,
    GEO_RULE_ASN,
    GEO_RULE_SUBDIVISION,
    GEO_RULE_COUNTRY,
    GEO_RULE_CONTINENT,
    GEO_RULE_DISTANCE,
    GEO_RULE_DEFAULT,
};

/* "network", "asn" ...: as the keys of a map are called. */
const char *geo_rule_name(enum geo_rule rule);

#define GEO_FILES_MAX 32 /* databases that are joined */

/* What one database says of the client. */
struct geo_record {
    const char *path;
    uint64_t build_epoch_s; /* seconds since 1970 UTC */
    bool found;
    uint8_t length; /* of the network that the record is about; of nothing known without `found` */
};

struct geo_explanation {
    struct addr
        counted_as; /* the IPv4 address that an IPv6 address stands for; family ADDR_NONE: no such thing */
    struct geo_record records[GEO_FILES_MAX];
    size_t record_count;
    char country[3], continent[3], subdivision[4]; /* "" if unknown */
    uint32_t asn;                                  /* 0 if unknown */
    bool has_location;                             /* coordinates from a database */
    bool has_centroid;                             /* no coordinates: the middle of its country */
    double latitude, longitude;                    /* of either */
    enum geo_rule rule;
    char rule_key
        [64]; /* of the rule in the map: "10.20.0.0/16", "64500", "US-CA"; "" for distance and default */
    uint8_t sites[CONFIG_SITES_MAX];
    size_t site_count;
    double km[CONFIG_SITES_MAX];        /* to sites[i], great circle; without a location negative */
    double biased_km[CONFIG_SITES_MAX]; /* what they are sorted by */
    uint8_t scope;                      /* of the preference list */
};

/* How `client`/`length` is placed by map number `map` of `config`. Opens the databases and builds a geo of them:
 * for people, not for queries. Pointers belong to `arena`. False, with errors, if a database is broken. */
struct arena;
bool geo_explain(const struct config *config, size_t map, const struct addr *client, unsigned length,
                 struct arena *arena, struct geo_explanation *out, struct err *err);
