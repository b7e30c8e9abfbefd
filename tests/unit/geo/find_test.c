// SPDX-License-Identifier: MIT
#include "geo/geo.h"

#include "tests/unit/geo/fixture.h"

#define RANDOM_CLIENTS 20000
#define SAMPLES        4

/* A database for both families, IPv4 at ::/96 and aliased as real ones are, and a map with networks. */
static void write_database(const char *path, unsigned record_bits)
{
    static const char *const networks[][2] = {
        {"192.0.2.0/24", "SG"},   {"192.0.2.64/26", "US"},       {"198.51.100.0/22", "DE"},
        {"203.0.113.7/32", "SG"}, {"8.0.0.0/7", "US"},           {"9.0.0.0/8", "BR"},
        {"2000::/3", "DE"},       {"2001:db8::/32", "SG"},       {"2001:db8:5::/48", "US"},
        {"2400::/12", "SG"},      {"2001:db8:5:6::1/128", "DE"}, {"2600::/9", "US"},
    };
    struct mmdb_writer *writer = mmdb_writer_create(6, record_bits);
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        struct mmdb_record record = {.country = networks[i][1]};
        mmdb_writer_put(writer, networks[i][0], mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &record));
    }
    mmdb_writer_link(writer, "2002::/16", "::/96");
    mmdb_writer_link(writer, "::ffff:0:0/96", "::/96");
    mmdb_writer_link(writer, "2001::/32", "::/96");
    mmdb_writer_save(writer, path);
    mmdb_writer_free(writer);
}

/* The geo of that database with two maps; [1] has networks. */
static struct geo *build(unsigned record_bits)
{
    char path[64];
    fixture_path(path, "find");
    write_database(path, record_bits);
    const struct config_network_rule networks[] = {
        {fixture_prefix("10.20.0.0/16"), LIST(SIN)},      {fixture_prefix("10.20.30.0/24"), LIST(IAD)},
        {fixture_prefix("192.0.2.0/25"), LIST(IAD, SIN)}, {fixture_prefix("2001:db8:7::/48"), LIST(IAD)},
        {fixture_prefix("2000::/4"), LIST(SIN)},          {fixture_prefix("::1/128"), LIST(IAD)},
        {fixture_prefix("198.51.100.5/32"), LIST(SIN)},
    };
    const struct config_map maps[] = {
        {.name = "default", .default_sites = LIST(SIN, IAD)},
        {.name = "networks", .networks = networks, .network_count = 7, .default_sites = LIST(FRA, SIN)}};
    const struct config_database database = {.path = path};
    struct config config = {.databases = &database,
                            .database_count = 1,
                            .sites = fixture_sites,
                            .site_count = SITES,
                            .maps = maps,
                            .map_count = 2};
    struct geo *geo = fixture_build(&config);
    unlink(path);
    return geo;
}

struct row {
    const char *message;
    unsigned map;
    const char *client; /* prefix */
    const char *expected;
    unsigned scope;
};

static const struct row rows[] = {
    {"length 0", 0, "0.0.0.0/0", "sif", 0},
    {"length 0, IPv6", 0, "::/0", "sif", 0},
    {"a leaf", 0, "192.0.2.1/32", "sfi", 26},
    {"inside another", 0, "192.0.2.65/32", "ifs", 26},
    {"the leaf beside", 0, "192.0.2.129/32", "sfi", 25},
    {"length shorter than the leaf: its first address", 0, "192.0.2.0/24", "sfi", 26},
    {"shorter still", 0, "203.0.113.0/24", "sif", 30},
    {"a host", 0, "203.0.113.7/32", "sfi", 32},
    {"beside the host", 0, "203.0.113.6/32", "sif", 32},
    {"equal siblings are one: 198.51.100.0/22", 0, "198.51.101.0/24", "fis", 22},
    {"two countries with the same order are one", 0, "8.8.8.0/24", "ifs", 7},
    {"loopback is unknown", 0, "127.0.0.1/32", "sif", 2},

    {"IPv6", 0, "2001:db8:1::/48", "sfi", 46},
    {"IPv6, more specific", 0, "2001:db8:5::/56", "ifs", 62},
    {"IPv6 host", 0, "2001:db8:5:6::1/128", "fis", 128},
    {"IPv6, not in 2002::/16", 0, "2003::/32", "fis", 16},
    {"IPv6, beside Teredo", 0, "2001:1::/48", "fis", 32},
    {"IPv6 loopback", 0, "::1/128", "sif", 81},

    {"mapped", 0, "::ffff:192.0.2.65/128", "ifs", 96 + 26},
    {"NAT64", 0, "64:ff9b::192.0.2.65/128", "ifs", 96 + 26},
    {"6to4", 0, "2002:c000:241::/48", "ifs", 16 + 26},
    {"6to4, host", 0, "2002:c000:241::1/128", "ifs", 16 + 26},
    {"6to4, host of a /32", 0, "2002:cb00:7107::1/128", "sfi", 16 + 32},
    {"6to4, length 24: 192.0.0.0/8", 0, "2002:c000::/24", "sif", 16 + 23},
    {"Teredo, client 192.0.2.65", 0, "2001:0:4136:e378:8000:63bf:3fff:fdbe/128", "ifs", 96 + 26},
    {"Teredo /56: unknown", 0, "2001:0:4136:e300::/56", "sif", 96 + 3},
    {"6to4 /16: unknown", 0, "2002::/16", "sif", 16 + 5},
    {"mapped /96: unknown", 0, "::ffff:0:0/96", "sif", 96 + 5},

    {"network rule", 1, "10.20.1.1/32", "sfi", 20},
    {"the most specific network", 1, "10.20.30.99/32", "ifs", 24},
    {"network before the database", 1, "192.0.2.65/32", "isf", 25},
    {"the rest is as the database says", 1, "192.0.2.129/32", "sfi", 25},
    {"network, mapped", 1, "::ffff:10.20.30.99/128", "ifs", 96 + 24},
    {"network, IPv6", 1, "2001:db8:7::/56", "isf", 48},
    {"network around a disguise", 1, "2003::/32", "sfi", 16},
    {"which does not apply to it", 1, "2002:808:808::/48", "ifs", 16 + 7},
    {"IPv6 loopback has a rule", 1, "::1/128", "ifs", 128},
    {"host rule inside a leaf", 1, "198.51.100.5/32", "sfi", 32},
    {"the default of this map", 1, "127.0.0.1/32", "fsi", 2},
};

START_TEST(clients)
{
    static const unsigned record_bits[] = {24, 28, 32};
    for (size_t r = 0; r < 3; r++) {
        struct geo *geo = build(record_bits[r]);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            char text[CONFIG_SITES_MAX + 1];
            struct prefix client = fixture_prefix(rows[i].client);
            struct geo_preference found = geo_find(geo, rows[i].map, &client.addr, client.length);
            fixture_text(found.sites, found.count, text);
            ck_assert_msg(strcmp(text, rows[i].expected) == 0, "%s: %s /%u", rows[i].message, text,
                          found.scope);
            ck_assert_msg(found.scope == rows[i].scope, "%s: scope %u", rows[i].message, found.scope);
        }
        geo_free(geo);
    }
}
END_TEST

/* Half of the clients lie in or near the networks that have data. */
static struct addr random_client(void)
{
    static const char *const near[] = {"192.0.2.0",
                                       "198.51.100.0",
                                       "203.0.113.0",
                                       "10.20.30.0",
                                       "8.0.0.0",
                                       "2001:db8:5::",
                                       "2001:db8:7::",
                                       "2002:c000:200::",
                                       "2001::",
                                       "::ffff:0:0",
                                       "::ffff:192.0.2.0",
                                       "64:ff9b::192.0.2.0",
                                       "2001:1::",
                                       "2003::",
                                       "::",
                                       "2001:0:4136:e378::3fff:fdbe"};
    struct addr addr = fixture_addr(near[(size_t)random() % (sizeof near / sizeof *near)]);
    unsigned octets = addr_bits(&addr) / 8, first = (unsigned)random() % (octets + 1);
    if (random() % 8 == 0)
        first = 0;
    for (unsigned i = first; i < octets; i++)
        addr.octets[i] = (uint8_t)random();
    if (random() % 4 == 0)
        addr.octets[octets - 1 - (unsigned)random() % octets] ^= (uint8_t)(1 << random() % 8);
    return addr;
}

/* Any address of the scope that an answer to `client`/`length` claims. */
static struct addr sample(const struct addr *client, unsigned length, unsigned scope, unsigned kind)
{
    struct addr base = *client, address;
    addr_mask(&base, length);
    addr_mask(&base, scope);
    address = base;
    for (unsigned bit = scope; bit < addr_bits(client); bit++) {
        bool set = kind == 0 ? false : kind == 1 ? true : random() % 2;
        address.octets[bit / 8] |= (uint8_t)(set << (7 - bit % 8));
    }
    return address;
}

START_TEST(scope_holds_for_every_address_in_it)
{
    struct geo *geo = build(28);
    srandom(7);
    for (unsigned i = 0; i < RANDOM_CLIENTS; i++) {
        struct addr client = random_client();
        unsigned length = 1 + (unsigned)random() % addr_bits(&client), map = i % 2;
        struct geo_preference found = geo_find(geo, map, &client, length);
        ck_assert_uint_le(found.scope, addr_bits(&client));
        for (unsigned kind = 0; kind < SAMPLES; kind++) {
            char text[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];
            struct addr address = sample(&client, length, found.scope, kind);
            struct geo_preference full = geo_find(geo, map, &address, addr_bits(&address));
            ck_assert_msg(full.count == found.count && memcmp(full.sites, found.sites, found.count) == 0,
                          "%s/%u scope %u, but %s differs", addr_format(&client, text), length, found.scope,
                          addr_format(&address, other));
        }
    }
    geo_free(geo);
}
END_TEST

START_TEST(bits_past_the_length_are_ignored)
{
    struct geo *geo = build(24);
    srandom(8);
    for (unsigned i = 0; i < RANDOM_CLIENTS; i++) {
        struct addr client = random_client(), masked = client;
        unsigned length = (unsigned)random() % (addr_bits(&client) + 1);
        addr_mask(&masked, length);
        struct geo_preference a = geo_find(geo, i % 2, &client, length);
        struct geo_preference b = geo_find(geo, i % 2, &masked, length);
        ck_assert(a.sites == b.sites && a.scope == b.scope);
    }
    geo_free(geo);
}
END_TEST

CHECK_MAIN("geo/find", clients, scope_holds_for_every_address_in_it, bits_past_the_length_are_ignored)
