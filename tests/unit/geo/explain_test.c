// SPDX-License-Identifier: MIT
/* The explanation is that of the table: same list, same scope; and it names what decided. */
#include "geo/explain.h"

#include "core/base/arena.h"
#include "tests/unit/geo/fixture.h"

static void write_database(const char *path)
{
    struct mmdb_writer *writer = mmdb_writer_create(6, 28);
    const struct mmdb_record california = {
        .country = "US", .subdivision = "CA", .has_location = true, .latitude = 37.5, .longitude = -122};
    const struct mmdb_record germany = {.country = "DE", .continent = "EU"}, brazil = {.country = "BR"},
                             network = {.asn = 64500};
    mmdb_writer_set_epoch(writer, 1750000000);
    mmdb_writer_put(writer, "8.0.0.0/8", mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &california));
    mmdb_writer_put(writer, "91.0.0.0/10", mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &germany));
    mmdb_writer_put(writer, "177.0.0.0/8", mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &brazil));
    mmdb_writer_put(writer, "64.0.0.0/8", mmdb_writer_record(writer, MMDB_SHAPE_ASN, &network));
    mmdb_writer_put(writer, "2a00::/12", mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &germany));
    mmdb_writer_link(writer, "2002::/16", "::/96");
    mmdb_writer_save(writer, path);
    mmdb_writer_free(writer);
}

static const struct {
    const char *message, *client, *rule, *key, *sites;
    unsigned record_length;
    const char *country;
} rows[] = {
    {"distance", "8.8.8.0/24", "distance", "", "ifs", 8, "US"},
    {"country", "177.1.2.3/32", "country", "BR", "sif", 8, "BR"},
    {"continent", "91.0.0.0/24", "continent", "EU", "fis", 10, "DE"},
    {"continent, IPv6", "2a00:1::/48", "continent", "EU", "fis", 12, "DE"},
    {"asn", "64.1.0.0/16", "asn", "64500", "isf", 8, ""},
    {"network", "10.20.1.0/24", "network", "10.20.0.0/16", "sfi", 7, ""},
    {"nested network", "10.20.30.0/24", "network", "10.20.30.0/24", "ifs", 7, ""},
    {"default", "203.0.113.0/24", "default", "", "isf", 2, ""},
    {"6to4", "2002:0808:0800::/40", "distance", "", "ifs", 8, "US"},
    {"nobody", "0.0.0.0/0", "default", "", "isf", 0, ""},
    {"IPv6, where the IPv4 tree lies", "::8.8.8.8/128", "default", "", "isf", 96, ""},
};

static const struct config_network_rule networks[2] = {
    {{{ADDR_V4, {10, 20}}, 16}, LIST(SIN)},
    {{{ADDR_V4, {10, 20, 30}}, 24}, LIST(IAD)},
};

START_TEST(what_decides_is_named)
{
    char path[64];
    fixture_path(path, "explain");
    write_database(path);
    const struct config_code_rule countries[] = {{"BR", LIST(SIN)}}, continents[] = {{"EU", LIST(FRA)}};
    const struct config_asn_rule asns[] = {{64500, LIST(IAD, SIN)}};
    const struct config_map map = {.name = "default",
                                   .networks = networks,
                                   .network_count = 2,
                                   .asns = asns,
                                   .asn_count = 1,
                                   .countries = countries,
                                   .country_count = 1,
                                   .continents = continents,
                                   .continent_count = 1,
                                   .default_sites = LIST(IAD, SIN)};
    const struct config_database database = {.path = path};
    struct config config = {.databases = &database,
                            .database_count = 1,
                            .sites = fixture_sites,
                            .site_count = SITES,
                            .maps = &map,
                            .map_count = 1};
    struct geo *geo = fixture_build(&config);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_create();
        struct geo_explanation found;
        struct err err = ERR_INIT;
        char text[CONFIG_SITES_MAX + 1];
        struct prefix client = fixture_prefix(rows[i].client);
        ck_assert(geo_explain(&config, 0, &client.addr, client.length, arena, &found, &err));
        struct geo_preference table = geo_find(geo, 0, &client.addr, client.length);
        ck_assert_msg(strcmp(geo_rule_name(found.rule), rows[i].rule) == 0 &&
                          strcmp(found.rule_key, rows[i].key) == 0,
                      "%s: %s %s", rows[i].message, geo_rule_name(found.rule), found.rule_key);
        fixture_text(found.sites, found.site_count, text);
        ck_assert_msg(strcmp(text, rows[i].sites) == 0, "%s: %s", rows[i].message, text);
        ck_assert_msg(found.site_count == table.count && memcmp(found.sites, table.sites, table.count) == 0 &&
                          found.scope == table.scope,
                      "%s: the table has another list or scope", rows[i].message);
        ck_assert_uint_eq(found.record_count, 1);
        ck_assert_uint_eq(found.records[0].build_epoch_s, 1750000000);
        ck_assert_msg(found.records[0].length == rows[i].record_length, "%s: record of /%u", rows[i].message,
                      found.records[0].length);
        ck_assert_str_eq(found.country, rows[i].country);
        arena_free(arena);
    }
    geo_free(geo);
    unlink(path);
}
END_TEST

CHECK_MAIN("geo/explain", what_decides_is_named)
