// SPDX-License-Identifier: MIT
#include "geo/build.h"

#include <math.h>
#include <maxminddb.h>

#include "geo/country.h"
#include "tests/unit/geo/fixture.h"

#define EMBEDDED       "build/geoip/dbip-country.mmdb"
#define RANDOM_CLIENTS 10000

static const struct config_map default_map = {.name = "default"};

static struct config config_with(const struct config_database *databases, size_t count)
{
    return (struct config){.databases = databases,
                           .database_count = count,
                           .sites = fixture_sites,
                           .site_count = SITES,
                           .maps = &default_map,
                           .map_count = 1};
}

static void check(const struct geo *geo, size_t map, const char *client, const char *expected)
{
    char text[CONFIG_SITES_MAX + 1];
    struct prefix prefix = fixture_prefix(client);
    struct geo_preference found = geo_find(geo, map, &prefix.addr, prefix.length);
    fixture_text(found.sites, found.count, text);
    ck_assert_msg(strcmp(text, expected) == 0, "%s: %s", client, text);
}

START_TEST(without_databases_networks_still_count)
{
    const struct config_network_rule rule = {fixture_prefix("10.0.0.0/8"), LIST(SIN)};
    const struct config_map map = {.name = "m", .networks = &rule, .network_count = 1};
    struct config config = {.sites = fixture_sites, .site_count = SITES, .maps = &map, .map_count = 1};
    struct geo *geo = fixture_build(&config);
    check(geo, 0, "10.1.2.0/24", "sfi");
    check(geo, 0, "11.1.2.0/24", "fis");
    check(geo, 0, "2001:db8::/56", "fis");
    geo_free(geo);
}
END_TEST

/* One database of `prefix` -> `record` at the path made from `name`. */
static void write_one(char path[64], const char *name, unsigned ip_version, const char *prefix,
                      enum mmdb_shape shape, const struct mmdb_record *record)
{
    struct mmdb_writer *writer = mmdb_writer_create(ip_version, 24);
    fixture_path(path, name);
    mmdb_writer_put(writer, prefix, mmdb_writer_record(writer, shape, record));
    mmdb_writer_save(writer, path);
    mmdb_writer_free(writer);
}

START_TEST(databases_are_joined_field_by_field)
{
    char paths[3][64];
    const struct config_asn_rule asn = {64500, LIST(SIN)};
    const struct config_map map = {.name = "m", .asns = &asn, .asn_count = 1};
    write_one(paths[0], "asn", 4, "192.0.2.0/25", MMDB_SHAPE_ASN, &(struct mmdb_record){.asn = 64500});
    write_one(paths[1], "city", 6, "192.0.2.0/26", MMDB_SHAPE_GEOIP2,
              &(struct mmdb_record){.country = "DE", .has_location = true, .latitude = 38, .longitude = -77});
    write_one(paths[2], "country", 4, "192.0.0.0/16", MMDB_SHAPE_FLAT,
              &(struct mmdb_record){.country = "SG"});
    const struct config_database databases[] = {{.path = paths[0]}, {.path = paths[1]}, {.path = paths[2]}};
    struct config config = config_with(databases, 3);
    config.maps = &map;
    struct geo *geo = fixture_build(&config);
    check(geo, 0, "192.0.2.1/32", "sif");   /* ASN rule, then near the city */
    check(geo, 0, "192.0.2.65/32", "sfi");  /* ASN rule, then near the country */
    check(geo, 0, "192.0.2.129/32", "sfi"); /* country */
    check(geo, 0, "192.1.0.1/32", "fis");   /* nothing */
    geo_free(geo);
    config.maps = &default_map;
    geo = fixture_build(&config);
    check(geo, 0, "192.0.2.1/32", "ifs");
    geo_free(geo);
    for (size_t i = 0; i < 3; i++)
        unlink(paths[i]);
}
END_TEST

START_TEST(maps_are_numbered_as_in_the_config)
{
    const struct config_map maps[] = {{.name = "default"},
                                      {.name = "b", .default_sites = LIST(SIN), .fence = true}};
    struct config config = {.sites = fixture_sites, .site_count = SITES, .maps = maps, .map_count = 2};
    struct geo *geo = fixture_build(&config);
    check(geo, 0, "10.0.0.0/8", "fis");
    check(geo, 1, "10.0.0.0/8", "s");
    geo_free(geo);
}
END_TEST

START_TEST(a_rule_for_a_disguise_is_a_warning)
{
    struct err err = ERR_INIT;
    const struct config_network_rule rule = {fixture_prefix("2002:c000:200::/40"), LIST(SIN)};
    const struct config_map map = {
        .name = "m", .networks = &rule, .network_count = 1, .place = {"x.yaml", 7, 3}};
    struct config config = {.sites = fixture_sites, .site_count = SITES, .maps = &map, .map_count = 1};
    struct geo *geo = geo_build(&config, NULL, &err);
    ck_assert_ptr_nonnull(geo);
    ck_assert_uint_eq(err.warnings, 1);
    ck_assert_uint_eq(err.findings[0].place.line, 7);
    check(geo, 0, "2002:c000:201::/48", "fis");
    geo_free(geo);
    err_free(&err);
}
END_TEST

/* The order of sites for a country by other means than those under test: haversine. */
static void expected_order(const char *code, uint8_t order[SITES])
{
    double km[SITES];
    const struct country *country = country_find(code);
    memcpy(order, fixture_order, SITES);
    for (size_t i = 0; country && i < SITES; i++) {
        double to_rad = M_PI / 180, lat = (double)country->latitude * to_rad;
        double site_lat = fixture_sites[i].latitude * to_rad;
        double dlon = ((double)country->longitude - fixture_sites[i].longitude) * to_rad;
        double h = pow(sin((lat - site_lat) / 2), 2) + cos(lat) * cos(site_lat) * pow(sin(dlon / 2), 2);
        km[i] = 2 * 6371 * asin(sqrt(h));
    }
    for (size_t i = 0; country && i + 1 < SITES; i++) {
        for (size_t k = 0; k + 1 < SITES; k++) {
            if (km[order[k]] > km[order[k + 1]]) {
                uint8_t swap = order[k];
                order[k] = order[k + 1];
                order[k + 1] = swap;
            }
        }
    }
}

/* What the database itself says of an address: a country code, or nothing. */
static void look_up(const MMDB_s *mmdb, const struct addr *addr, char code[3])
{
    int status;
    struct sockaddr_storage sockaddr;
    struct endpoint endpoint = {*addr, 0};
    MMDB_entry_data_s data;
    code[0] = 0;
    endpoint_to_sockaddr(&endpoint, &sockaddr);
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(mmdb, (const struct sockaddr *)&sockaddr, &status);
    ck_assert_int_eq(status, MMDB_SUCCESS);
    if (found.found_entry && MMDB_get_value(&found.entry, &data, "country_code", NULL) == MMDB_SUCCESS &&
        data.has_data && data.data_size == 2)
        snprintf(code, 3, "%.2s", data.utf8_string);
}

static struct addr random_client(bool is_v6)
{
    struct addr addr = {.family = is_v6 ? ADDR_V6 : ADDR_V4};
    for (unsigned i = 0; i < addr_bits(&addr) / 8; i++)
        addr.octets[i] = (uint8_t)random();
    if (is_v6) {
        static const uint8_t first[] = {0x20, 0x24, 0x26, 0x28, 0x2a, 0x2c};
        addr.octets[0] = first[(size_t)random() % sizeof first];
        addr.octets[1] &= (uint8_t)random() & 0x0f;
        if (addr.octets[0] == 0x20)
            addr.octets[1] = 1;
        addr.octets[2] |= 1; /* not Teredo */
    }
    return addr;
}

static void check_client(const struct geo *geo, const MMDB_s *mmdb, const struct addr *client)
{
    char code[3], text[ADDR_TEXT_MAX];
    uint8_t order[SITES];
    struct addr inside = *client;
    struct geo_preference found = geo_find(geo, 0, client, addr_bits(client));
    for (unsigned round = 0; round < 4; round++) {
        look_up(mmdb, &inside, code);
        expected_order(code, order);
        ck_assert_msg(found.count == SITES && memcmp(found.sites, order, SITES) == 0, "%s (%s), scope %u",
                      addr_format(&inside, text), code, found.scope);
        for (unsigned bit = found.scope; bit < addr_bits(client); bit++)
            inside.octets[bit / 8] ^= (uint8_t)((random() & 1) << (7 - bit % 8));
    }
}

START_TEST(embedded_database)
{
    MMDB_s mmdb;
    const struct config_database database = {.path = EMBEDDED};
    struct config config = config_with(&database, 1);
    struct geo *geo = fixture_build(&config);
    ck_assert_int_eq(MMDB_open(EMBEDDED, MMDB_MODE_MMAP, &mmdb), MMDB_SUCCESS);
    check(geo, 0, "81.2.69.0/24", "fis"); /* GB */
    srandom(9);
    for (unsigned i = 0; i < RANDOM_CLIENTS; i++) {
        struct addr client = random_client(i % 2);
        check_client(geo, &mmdb, &client);
    }
    MMDB_close(&mmdb);
    geo_free(geo);
}
END_TEST

CHECK_MAIN("geo/build", without_databases_networks_still_count, databases_are_joined_field_by_field,
           maps_are_numbered_as_in_the_config, a_rule_for_a_disguise_is_a_warning, embedded_database)
