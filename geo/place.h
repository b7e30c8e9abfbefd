// SPDX-License-Identifier: MIT
/*
 * place - where a network is, as far as the databases know: every field may be missing.
 *
 * All octets of a place are meaningful (unused ones are zero), so that places can be interned.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PLACE_CODE_MAX 3 /* octets of a subdivision code without its country: ISO 3166-2 */

/* Which fields the rules ask for besides country and location: the others are not read, so that databases
 * can be joined without splitting places by what no rule looks at. */
enum place_wanted {
    PLACE_CONTINENT = 1,
    PLACE_SUBDIVISION = 2,
    PLACE_ASN = 4,
};

struct geo_place {
    float latitude, longitude; /* degrees; both 0 without `has_location` */
    uint32_t asn;              /* 0: unknown (RFC 7607: no network's number) */
    char country[3];           /* ISO 3166-1 alpha-2, one that country_find() knows; empty: unknown */
    char continent[3];         /* AF AN AS EU NA OC SA */
    char subdivision[PLACE_CODE_MAX + 1]; /* "CA" of US-CA */
    bool has_location;
    uint8_t zero;
};

_Static_assert(sizeof(struct geo_place) == 24, "no padding: places are compared as octets");

/* Field by field `first`'s value, or if it has none, `second`'s. */
struct geo_place place_merge(const struct geo_place *first, const struct geo_place *second);

/* Coordinates are taken if they are finite and on Earth. */
void place_set_location(struct geo_place *place, double latitude, double longitude);
/* Codes are taken in either case, `length` octets; what is no code of its kind is ignored. */
void place_set_country(struct geo_place *place, const char *code, uint32_t length);
void place_set_continent(struct geo_place *place, const char *code, uint32_t length);
void place_set_subdivision(struct geo_place *place, const char *code, uint32_t length);
