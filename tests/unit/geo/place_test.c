// SPDX-License-Identifier: MIT
#include "geo/place.h"

#include <math.h>
#include <string.h>

#include "tests/support/check_main.h"

START_TEST(locations_on_earth_only)
{
    static const struct {
        double latitude, longitude;
        bool taken;
    } rows[] = {{0, 0, true},         {90, 180, true},      {-90, -180, true}, {90.1, 0, false},
                {0, 180.5, false},    {-91, 0, false},      {NAN, 0, false},   {0, NAN, false},
                {INFINITY, 0, false}, {0, -INFINITY, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct geo_place place = {0};
        place_set_location(&place, rows[i].latitude, rows[i].longitude);
        ck_assert_msg(place.has_location == rows[i].taken, "row %zu", i);
    }
}
END_TEST

START_TEST(codes)
{
    struct geo_place place = {0};
    place_set_country(&place, "zz", 2);
    place_set_country(&place, "DEU", 3);
    place_set_country(&place, "", 0);
    place_set_continent(&place, "Europe", 6);
    place_set_subdivision(&place, "California", 10);
    place_set_subdivision(&place, "B-", 2);
    ck_assert_str_eq(place.country, "");
    ck_assert_str_eq(place.continent, "");
    ck_assert_str_eq(place.subdivision, "");
    place_set_country(&place, "deX", 2); /* a string of a database has no NUL */
    place_set_continent(&place, "EU", 2);
    place_set_subdivision(&place, "by", 2);
    ck_assert_str_eq(place.country, "DE");
    ck_assert_str_eq(place.continent, "EU");
    ck_assert_str_eq(place.subdivision, "BY");
}
END_TEST

START_TEST(merging_takes_the_first_that_knows)
{
    const struct geo_place nothing = {0};
    const struct geo_place asn = {.asn = 64500};
    const struct geo_place country = {.country = "DE", .continent = "EU"};
    const struct geo_place city = {
        .country = "DE", .subdivision = "BY", .has_location = true, .latitude = 48, .longitude = 11};
    const struct geo_place abroad = {
        .country = "FR", .subdivision = "IDF", .has_location = true, .latitude = 49, .longitude = 2};

    struct geo_place merged = place_merge(&nothing, &city);
    ck_assert_mem_eq(&merged, &city, sizeof city);
    merged = place_merge(&city, &nothing);
    ck_assert_mem_eq(&merged, &city, sizeof city);

    merged = place_merge(&asn, &country);
    merged = place_merge(&merged, &city);
    ck_assert_uint_eq(merged.asn, 64500);
    ck_assert_str_eq(merged.country, "DE");
    ck_assert_str_eq(merged.continent, "EU");
    ck_assert_str_eq(merged.subdivision, "BY");
    ck_assert(merged.has_location && merged.latitude == 48 && merged.longitude == 11);

    merged = place_merge(&asn, &(struct geo_place){.asn = 64501});
    ck_assert_uint_eq(merged.asn, 64500);

    merged = place_merge(&country, &abroad);
    ck_assert_str_eq(merged.country, "DE");
    ck_assert_str_eq(merged.subdivision, ""); /* France's */
    ck_assert(merged.has_location && merged.latitude == 49);
    merged = place_merge(&city, &abroad);
    ck_assert_mem_eq(&merged, &city, sizeof city);
}
END_TEST

CHECK_MAIN("geo/place", locations_on_earth_only, codes, merging_takes_the_first_that_knows)
