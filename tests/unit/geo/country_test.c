// SPDX-License-Identifier: MIT
#include "geo/country.h"

#include <math.h>
#include <string.h>

#include "tests/support/check_main.h"

#define ISO_3166_1_CODES 249

START_TEST(table_is_sorted_and_complete)
{
    size_t count;
    const struct country *all = country_all(&count);
    ck_assert_uint_eq(count, ISO_3166_1_CODES + 1); /* XK */
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(strlen(all[i].code), 2);
        ck_assert_msg(!i || strcmp(all[i - 1].code, all[i].code) < 0, "%s", all[i].code);
        ck_assert_msg(strstr("AF AN AS EU NA OC SA", all[i].continent), "%s", all[i].code);
        ck_assert_msg(fabsf(all[i].latitude) <= 90 && fabsf(all[i].longitude) <= 180, "%s", all[i].code);
        ck_assert_ptr_eq(country_find(all[i].code), &all[i]);
    }
}
END_TEST

START_TEST(continents_lie_where_they_should)
{
    /* A swapped sign or continent is what a table like this gets wrong. */
    static const struct {
        const char *continent;
        float south, north, west, east;
    } boxes[] = {
        {"AF", -35, 35, -26, 64},  {"AN", -90, -49, -180, 180}, {"AS", -13, 54, 32, 140},
        {"EU", 34, 80, -20, 106},  {"NA", 7, 73, -110, -42},    {"OC", -45, 20, -180, 180},
        {"SA", -55, 13, -79, -50},
    };
    size_t count;
    const struct country *all = country_all(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t b = 0; b < sizeof boxes / sizeof *boxes; b++) {
            if (strcmp(boxes[b].continent, all[i].continent) != 0)
                continue;
            ck_assert_msg(all[i].latitude >= boxes[b].south && all[i].latitude <= boxes[b].north &&
                              all[i].longitude >= boxes[b].west && all[i].longitude <= boxes[b].east,
                          "%s", all[i].code);
        }
    }
}
END_TEST

START_TEST(some_countries)
{
    static const char *const known[][2] = {{"DE", "EU"}, {"US", "NA"}, {"RU", "EU"}, {"TR", "AS"},
                                           {"XK", "EU"}, {"AQ", "AN"}, {"BR", "SA"}, {"NZ", "OC"},
                                           {"ZA", "AF"}, {"AD", "EU"}, {"ZW", "AF"}};
    static const char *const unknown[] = {"", "ZZ", "EU", "de", "A", "UK", "AN", "DEU"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        ck_assert_str_eq(country_find(known[i][0])->continent, known[i][1]);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        ck_assert_msg(!country_find(unknown[i]), "%s", unknown[i]);
}
END_TEST

CHECK_MAIN("geo/country", table_is_sorted_and_complete, continents_lie_where_they_should, some_countries)
