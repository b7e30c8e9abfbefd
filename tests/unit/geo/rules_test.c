// SPDX-License-Identifier: MIT
#include "geo/rules.h"

#include "tests/unit/geo/fixture.h"

static const struct config_site_list network_list = LIST(SIN);

static const struct config_asn_rule asns[] = {{64500, LIST(IAD)}, {64499, LIST(SIN, IAD)}};
static const struct config_code_rule subdivisions[] = {{"US-CA", LIST(SIN)}, {"DE-BY", LIST(IAD, SIN)}};
static const struct config_code_rule countries[] = {
    {"RU", LIST(FRA, IAD)}, {"DE", LIST(SIN)}, {"US", LIST(FRA)}};
static const struct config_code_rule continents[] = {{"SA", LIST(SIN)}, {"NA", LIST(SIN, FRA)}};

static const struct config_map maps[] = {
    {.name = "rules",
     .asns = asns,
     .asn_count = 2,
     .subdivisions = subdivisions,
     .subdivision_count = 2,
     .countries = countries,
     .country_count = 3,
     .continents = continents,
     .continent_count = 2,
     .default_sites = LIST(SIN, FRA)},
    {.name = "fenced",
     .asns = asns,
     .asn_count = 2,
     .countries = countries,
     .country_count = 3,
     .default_sites = LIST(SIN, FRA),
     .fence = true},
    {.name = "fenced without default", .fence = true},
    {.name = "plain"},
};

static const struct config config = {
    .sites = fixture_sites, .site_count = SITES, .maps = maps, .map_count = sizeof maps / sizeof *maps};

enum { RULES, FENCED, BARE_FENCE, PLAIN };

#define AT(lat, lon) .has_location = true, .latitude = (lat), .longitude = (lon)

struct row {
    const char *message;
    unsigned map;
    const struct config_site_list *network;
    struct geo_place place;
    const char *expected; /* initials of the sites */
};

static const struct row rows[] = {
    {"distance", PLAIN, NULL, {AT(51, 9)}, "fis"},
    {"distance, from Tokyo", PLAIN, NULL, {.country = "JP", AT(35.7f, 139.7f)}, "sfi"},
    {"distance, across the antimeridian", PLAIN, NULL, {AT(-10, -175)}, "sif"},
    {"no coordinates: the country's middle", PLAIN, NULL, {.country = "BR"}, "ifs"},
    {"coordinates win over the country", PLAIN, NULL, {.country = "BR", AT(1, 104)}, "sfi"},
    {"unknown place, no default: order of the file", PLAIN, NULL, {.asn = 0}, "fis"},
    {"ASN only, no rule for it: still unknown", RULES, NULL, {.asn = 1}, "sfi"},

    {"network beats all", RULES, &network_list, {.asn = 64500, .country = "US", .subdivision = "CA"}, "sif"},
    {"network of an unknown place", RULES, &network_list, {.asn = 0}, "sfi"},
    {"ASN beats subdivision", RULES, NULL, {.asn = 64500, .country = "US", .subdivision = "CA"}, "ifs"},
    {"ASN of an unknown place: the rest as in the file", RULES, NULL, {.asn = 64500}, "ifs"},
    {"ASN with two sites", RULES, NULL, {.asn = 64499, .country = "DE"}, "sif"},
    {"subdivision beats country", RULES, NULL, {.country = "US", .subdivision = "CA"}, "sif"},
    {"a subdivision of another country", RULES, NULL, {.country = "RU", .subdivision = "CA"}, "fis"},
    {"country beats continent",
     RULES,
     NULL,
     {.country = "US", .continent = "NA", .subdivision = "NY"},
     "fis"},
    {"country, others by distance", RULES, NULL, {.country = "DE", AT(50, 8)}, "sfi"},
    {"continent by the country", RULES, NULL, {.country = "BR"}, "sif"},
    {"continent by the database", RULES, NULL, {.continent = "NA"}, "sfi"},
    {"continent of the database first", RULES, NULL, {.country = "MX", .continent = "SA"}, "sif"},
    {"no rule: distance", RULES, NULL, {.country = "FR"}, "fis"},
    {"unknown: default, then the rest", RULES, NULL, {.asn = 0}, "sfi"},

    {"fence: network", FENCED, &network_list, {.country = "FR"}, "s"},
    {"fence: ASN", FENCED, NULL, {.asn = 64500, AT(50, 8)}, "i"},
    {"fence: country", FENCED, NULL, {.country = "RU"}, "fi"},
    {"fence: distance is no rule", FENCED, NULL, {.country = "FR"}, "fis"},
    {"fence: unknown", FENCED, NULL, {.asn = 0}, "sf"},
    {"fence without a default: unknown", BARE_FENCE, NULL, {.asn = 0}, "fis"},
};

START_TEST(precedence)
{
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t sites[CONFIG_SITES_MAX];
        char text[CONFIG_SITES_MAX + 1];
        struct rules rules = rules_prepare(arena, &config, rows[i].map);
        size_t count = rules_order(&rules, &rows[i].place, rows[i].network, sites);
        fixture_text(sites, count, text);
        ck_assert_msg(strcmp(text, rows[i].expected) == 0, "%s: %s", rows[i].message, text);
    }
    arena_free(arena);
}
END_TEST

START_TEST(bias_moves_the_border)
{
    struct config_site sites[SITES];
    struct config biased = config;
    struct arena *arena = arena_create();
    struct geo_place atlantic = {.has_location = true, .latitude = 50, .longitude = -30};
    uint8_t order[CONFIG_SITES_MAX];
    memcpy(sites, fixture_sites, sizeof sites);
    biased.sites = sites;
    struct rules rules = rules_prepare(arena, &biased, PLAIN);
    ck_assert_uint_eq(rules_order(&rules, &atlantic, NULL, order), SITES);
    ck_assert_uint_eq(order[0], FRA);
    sites[FRA].bias = -50;
    rules = rules_prepare(arena, &biased, PLAIN);
    rules_order(&rules, &atlantic, NULL, order);
    ck_assert_uint_eq(order[0], IAD);
    sites[SIN].bias = 99;
    rules = rules_prepare(arena, &biased, PLAIN);
    rules_order(&rules, &atlantic, NULL, order);
    ck_assert_uint_eq(order[0], SIN);
    arena_free(arena);
}
END_TEST

START_TEST(ties_keep_the_order_of_the_file)
{
    struct config_site sites[CONFIG_SITES_MAX];
    struct config many = config;
    struct arena *arena = arena_create();
    struct geo_place place = {.country = "DE"};
    uint8_t order[CONFIG_SITES_MAX];
    for (size_t i = 0; i < CONFIG_SITES_MAX; i++)
        sites[i] = fixture_sites[i % 2 ? FRA : IAD];
    many.sites = sites;
    many.site_count = CONFIG_SITES_MAX;
    struct rules rules = rules_prepare(arena, &many, PLAIN);
    ck_assert_uint_eq(rules_order(&rules, &place, NULL, order), CONFIG_SITES_MAX);
    for (unsigned i = 0; i < CONFIG_SITES_MAX; i++)
        ck_assert_uint_eq(order[i], i < CONFIG_SITES_MAX / 2 ? 2 * i + 1 : 2 * (i - CONFIG_SITES_MAX / 2));
    arena_free(arena);
}
END_TEST

START_TEST(only_what_rules_ask_for_is_wanted)
{
    struct config one = config;
    ck_assert_uint_eq(rules_wanted(&config), PLACE_ASN | PLACE_SUBDIVISION | PLACE_CONTINENT);
    one.maps = &maps[PLAIN];
    one.map_count = 1;
    ck_assert_uint_eq(rules_wanted(&one), 0);
}
END_TEST

CHECK_MAIN("geo/rules", precedence, bias_moves_the_border, ties_keep_the_order_of_the_file,
           only_what_rules_ask_for_is_wanted)
