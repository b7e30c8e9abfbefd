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

#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/err.h"
#include "core/model/config.h"

struct geo;

/* All maps of `config`; maps are numbered as in config.maps. NULL on failure. The result keeps no pointer
 * into `config`. Ended with geo_free(). */
struct geo *geo_build(const struct config *config, struct err *err);
void geo_free(struct geo *geo); /* NULL is fine */

struct geo_preference {
    const uint8_t *sites; /* indexes into config.sites, best first; lives as long as the geo */
    uint8_t count;
    uint8_t scope; /* prefix length, in the family of the address asked, for all of which `sites` holds.
                      RFC 7871 section 7.2.1: may be longer than the source */
};

/* The preference list for the network `client`/`length` (bits past `length` are ignored; length 0: the
 * map's default list and scope 0). IPv4-mapped, 6to4, Teredo and 64:ff9b::/96 addresses count as their IPv4
 * address, the scope translated back. */
struct geo_preference geo_find(const struct geo *geo, size_t map, const struct addr *client, unsigned length);
