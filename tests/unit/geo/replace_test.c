// SPDX-License-Identifier: MIT
/* A geo beside the one in service: when it is the same, when it is another, when it is refused. */
#include "geo/geo.h"

#include "geo/build.h"
#include "tests/unit/geo/fixture.h"

#define EPOCH 1700000000u

struct file {
    uint32_t epoch_s;
    unsigned networks;        /* /24s from 11.0.0.0 on: how many nodes */
    const char *country, *v6; /* of 1.0.0.0 to 127.255.255.255, of 2000::/3 */
};

static const struct file first = {EPOCH, 16, "DE", "DE"};

static void write_file(const char *path, const struct file *file)
{
    struct mmdb_writer *writer = mmdb_writer_create(6, 28);
    mmdb_writer_set_epoch(writer, file->epoch_s);
    struct mmdb_record v4 = {.country = file->country}, v6 = {.country = file->v6}, other = {.country = "SG"};
    mmdb_writer_put(writer, "2000::/3", mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &v6));
    mmdb_writer_put(writer, "0.0.0.0/1", mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &v4));
    uint32_t record = mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &other);
    for (unsigned i = 0; i < file->networks; i++) {
        char text[PREFIX_TEXT_MAX];
        snprintf(text, sizeof text, "11.%u.0.0/24", i * 2);
        mmdb_writer_put(writer, text, record);
    }
    unlink(path); /* another inode, as updates have */
    mmdb_writer_save(writer, path);
    mmdb_writer_free(writer);
}

static void write_broken(const char *path)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("this is no database", file);
    fclose(file);
}

enum outcome { NEW, PREVIOUS };

static const struct {
    const char *message;
    struct file next;
    unsigned max_change;
    enum outcome outcome;
    const char *why;
} rows[] = {
    {"the same contents again", {EPOCH, 16, "DE", "DE"}, 30, NEW, NULL},
    {"a month later", {EPOCH + 2600000, 18, "DE", "DE"}, 30, NEW, NULL},
    {"an old file was put back",
     {EPOCH - 2600000, 16, "DE", "DE"},
     30,
     PREVIOUS,
     "was built on 2023-10-15, before the one in service (2023-11-14)"},
    {"half of it is missing", {EPOCH, 4, "DE", "DE"}, 30, PREVIOUS, "nodes, the one in service"},
    {"twice of it", {EPOCH, 40, "DE", "DE"}, 30, PREVIOUS, "more than 30% apart"},
    {"half of the IPv4 networks move",
     {EPOCH, 16, "US", "DE"},
     30,
     PREVIOUS,
     "of IPv4 networks to another site"},
    {"which may be wanted", {EPOCH, 16, "US", "DE"}, 60, NEW, NULL},
    {"all IPv6 networks move", {EPOCH, 16, "DE", "SG"}, 99, PREVIOUS, "of IPv6 networks to another site"},
    {"100% is no limit", {EPOCH, 16, "US", "SG"}, 100, NEW, NULL},
};

static struct config config_of(const struct config_database *database, const struct config_map *map)
{
    return (struct config){.databases = database,
                           .database_count = 1,
                           .sites = fixture_sites,
                           .site_count = SITES,
                           .maps = map,
                           .map_count = 1,
                           .max_change_percent = 30};
}

static bool has_finding(const struct err *err, const char *text)
{
    for (size_t i = 0; i < err->count; i++)
        if (strstr(err->findings[i].text, text))
            return true;
    return false;
}

START_TEST(a_new_file_is_taken_or_refused)
{
    char path[64];
    fixture_path(path, "replace");
    const struct config_database database = {.path = path};
    const struct config_map map = {.name = "default"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config config = config_of(&database, &map);
        struct err err = ERR_INIT;
        write_file(path, &first);
        struct geo *previous = fixture_build(&config);
        write_file(path, &rows[i].next);
        config.max_change_percent = rows[i].max_change;
        struct geo *geo = geo_build(&config, previous, &err);
        ck_assert_msg((geo == previous) == (rows[i].outcome == PREVIOUS), "%s: %s", rows[i].message,
                      err.count ? err.findings[0].text : "");
        ck_assert_msg((err.errors > 0) == (rows[i].outcome == PREVIOUS), "%s", rows[i].message);
        ck_assert_msg(!rows[i].why || has_finding(&err, rows[i].why), "%s: %s", rows[i].message,
                      err.count ? err.findings[0].text : "");
        ck_assert(!rows[i].why || has_finding(&err, "the previous maps stay in service"));
        geo_free(previous);
        geo_free(geo);
        err_free(&err);
    }
    unlink(path);
}
END_TEST

START_TEST(what_did_not_change_is_not_built_again)
{
    char path[64];
    fixture_path(path, "same");
    write_file(path, &first);
    const struct config_database database = {.path = path};
    const struct config_map map = {.name = "default"},
                            other = {.name = "default", .default_sites = LIST(SIN)};
    struct config config = config_of(&database, &map);
    struct err err = ERR_INIT;
    struct geo *previous = fixture_build(&config);
    struct geo *same = geo_build(&config, previous, &err);
    ck_assert_ptr_eq(same, previous);
    config.maps = &other;
    struct geo *changed = geo_build(&config, previous, &err);
    ck_assert_ptr_nonnull(changed);
    ck_assert_ptr_ne(changed, previous);
    ck_assert_uint_eq(err.count, 0);
    geo_free(previous);
    geo_free(same);
    geo_free(changed);
    unlink(path);
}
END_TEST

START_TEST(a_broken_file_costs_nothing_but_a_change_of_maps)
{
    char path[64];
    fixture_path(path, "broken");
    write_file(path, &first);
    const struct config_database database = {.path = path};
    const struct config_map map = {.name = "default"},
                            other = {.name = "default", .default_sites = LIST(SIN)};
    struct config config = config_of(&database, &map);
    struct err err = ERR_INIT;
    struct geo *previous = fixture_build(&config);
    write_broken(path);
    struct geo *kept = geo_build(&config, previous, &err);
    ck_assert_ptr_eq(kept, previous);
    ck_assert_uint_eq(err.errors, 2);
    /* The maps of the previous one are not the wanted ones. */
    config.maps = &other;
    ck_assert_ptr_null(geo_build(&config, previous, &err));
    geo_free(previous);
    geo_free(kept);
    err_free(&err);
    unlink(path);
}
END_TEST

START_TEST(equal_maps_share_their_tables)
{
    char path[64];
    fixture_path(path, "equal");
    write_file(path, &first);
    const struct config_database database = {.path = path};
    const struct config_map maps[] = {
        {.name = "default"}, {.name = "b", .default_sites = LIST(SIN)}, {.name = "c"}};
    struct config config = config_of(&database, maps);
    config.map_count = 3;
    struct geo *geo = fixture_build(&config);
    ck_assert_ptr_eq(geo->maps[0].v4.nodes, geo->maps[2].v4.nodes);
    ck_assert_ptr_ne(geo->maps[0].v4.nodes, geo->maps[1].v4.nodes);
    geo_free(geo);
    unlink(path);
}
END_TEST

CHECK_MAIN("geo/replace", a_new_file_is_taken_or_refused, what_did_not_change_is_not_built_again,
           a_broken_file_costs_nothing_but_a_change_of_maps, equal_maps_share_their_tables)
