// SPDX-License-Identifier: MIT
#include "geo/place.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "geo/country.h"

struct geo_place place_merge(const struct geo_place *first, const struct geo_place *second)
{
    struct geo_place merged = *first;
    if (!merged.has_location) {
        merged.has_location = second->has_location;
        merged.latitude = second->latitude;
        merged.longitude = second->longitude;
    }
    if (!merged.asn)
        merged.asn = second->asn;
    if (!*merged.country)
        memcpy(merged.country, second->country, sizeof merged.country);
    if (!*merged.continent)
        memcpy(merged.continent, second->continent, sizeof merged.continent);
    /* "CA" is California or Catamarca: a subdivision means nothing without its country. */
    if (!*merged.subdivision && memcmp(merged.country, second->country, sizeof merged.country) == 0)
        memcpy(merged.subdivision, second->subdivision, sizeof merged.subdivision);
    return merged;
}

void place_set_location(struct geo_place *place, double latitude, double longitude)
{
    if (!(fabs(latitude) <= 90) || !(fabs(longitude) <= 180)) /* NaN compares false */
        return;
    place->has_location = true;
    place->latitude = (float)latitude;
    place->longitude = (float)longitude;
}

/* Upper case into `out`, zero-padded; false unless the code is `least` to `most` letters or digits. */
static bool read_code(const char *code, uint32_t length, uint32_t least, uint32_t most,
                      char out[PLACE_CODE_MAX + 1])
{
    char upper[PLACE_CODE_MAX + 1] = "";
    if (length < least || length > most)
        return false;
    for (uint32_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)code[i]))
            return false;
        upper[i] = (char)toupper((unsigned char)code[i]);
    }
    memcpy(out, upper, sizeof upper);
    return true;
}

void place_set_country(struct geo_place *place, const char *code, uint32_t length)
{
    char upper[PLACE_CODE_MAX + 1];
    if (read_code(code, length, 2, 2, upper) && country_find(upper))
        memcpy(place->country, upper, sizeof place->country);
}

void place_set_continent(struct geo_place *place, const char *code, uint32_t length)
{
    char upper[PLACE_CODE_MAX + 1];
    if (read_code(code, length, 2, 2, upper))
        memcpy(place->continent, upper, sizeof place->continent);
}

void place_set_subdivision(struct geo_place *place, const char *code, uint32_t length)
{
    char upper[PLACE_CODE_MAX + 1];
    if (read_code(code, length, 1, PLACE_CODE_MAX, upper))
        memcpy(place->subdivision, upper, sizeof place->subdivision);
}
