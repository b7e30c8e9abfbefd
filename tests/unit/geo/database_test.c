// SPDX-License-Identifier: MIT
#include "geo/database.h"

#include <sys/stat.h>

#include "tests/unit/geo/fixture.h"

#define FOLDER_FILES 3

static struct config config_of(const struct config_database *database)
{
    static const struct config_map map = {.name = "default"};
    return (struct config){.databases = database,
                           .database_count = 1,
                           .sites = fixture_sites,
                           .site_count = SITES,
                           .maps = &map,
                           .map_count = 1};
}

static void write_octets(const char *path, const void *octets, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(octets, 1, size, file), size);
    fclose(file);
}

/* A good little file's octets. */
static uint8_t *good_file(size_t *size)
{
    struct mmdb_writer *writer = mmdb_writer_create(6, 28);
    struct mmdb_record record = {.country = "SG", .has_location = true, .latitude = 1, .longitude = 104};
    mmdb_writer_put(writer, "192.0.2.0/24", mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &record));
    mmdb_writer_put(writer, "2001:db8::/32", mmdb_writer_record(writer, MMDB_SHAPE_FLAT, &record));
    uint8_t *octets = mmdb_writer_finish(writer, size);
    mmdb_writer_free(writer);
    return octets;
}

START_TEST(what_is_no_database_is_refused)
{
    static const struct {
        const char *message, *content, *text;
    } rows[] = {
        {"empty", "", "empty"},
        {"text", "zones:\n  example.com: {}\n", "not an .mmdb file"},
        {"metadata that ends", "\xab\xcd\xefMaxMind.com", "not an .mmdb file"},
        {"metadata that is no map",
         "\xab\xcd\xefMaxMind.com\x41"
         "1",
         "not an .mmdb file"},
    };
    char path[64];
    fixture_path(path, "bad");
    const struct config_database database = {.path = path, .place = {"test.yaml", 4, 2}};
    struct config config = config_of(&database);
    fixture_refuse(&config, "missing", "cannot be opened: No such file");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_octets(path, rows[i].content, strlen(rows[i].content));
        fixture_refuse(&config, rows[i].message, rows[i].text);
        fixture_refuse(&config, rows[i].message, path);
    }
    unlink(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    fixture_refuse(&config, "FIFO", "not a regular file");
    unlink(path);
}
END_TEST

START_TEST(truncated_at_every_length)
{
    char path[64];
    size_t size;
    uint8_t *octets = good_file(&size);
    fixture_path(path, "cut");
    const struct config_database database = {.path = path, .place = {"test.yaml", 4, 2}};
    struct config config = config_of(&database);
    for (size_t length = 0; length < size; length += length < size - 400 ? 13 : 1) {
        write_octets(path, octets, length);
        fixture_refuse(&config, "cut", path);
    }
    write_octets(path, octets, size);
    geo_free(fixture_build(&config));
    free(octets);
    unlink(path);
}
END_TEST

/* Whatever is in the file: an answer or a finding, never a crash. */
START_TEST(random_octets)
{
    char path[64];
    size_t size;
    uint8_t *octets = good_file(&size), *broken = malloc(size);
    fixture_path(path, "random");
    const struct config_database database = {.path = path};
    struct config config = config_of(&database);
    srandom(3);
    for (unsigned round = 0; round < 3000; round++) {
        struct err err = ERR_INIT;
        memcpy(broken, octets, size);
        for (long i = random() % 8; i >= 0; i--)
            broken[(size_t)random() % size] = round % 3 ? (uint8_t)random() : 0xff;
        write_octets(path, broken, size);
        struct geo *geo = geo_build(&config, NULL, &err);
        ck_assert(!geo == (err.errors > 0));
        geo_free(geo);
        err_free(&err);
    }
    free(broken);
    free(octets);
    unlink(path);
}
END_TEST

START_TEST(a_folder_is_its_databases_by_name)
{
    static const char *const names[FOLDER_FILES] = {"a.mmdb", "b.mmdb", "notes.txt"};
    char folder[] = "/tmp/meridian-test-XXXXXX", paths[FOLDER_FILES][64];
    struct databases databases;
    struct err err = ERR_INIT;
    size_t size;
    uint8_t *octets = good_file(&size);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const struct config_database database = {.path = folder, .place = {"test.yaml", 4, 2}};
    struct config config = config_of(&database);
    fixture_refuse(&config, "empty folder", "make geodb");
    for (size_t i = FOLDER_FILES; i-- > 0;) {
        snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
        write_octets(paths[i], octets, size);
    }
    ck_assert(databases_open(&config, &databases, &err));
    ck_assert_uint_eq(databases.count, 2);
    ck_assert_str_eq(databases.items[0].path, paths[0]);
    ck_assert_str_eq(databases.items[1].path, paths[1]);
    /* The files may change now: what is open is a copy. */
    for (size_t i = 0; i < FOLDER_FILES; i++) {
        ck_assert_int_eq(truncate(paths[i], 0), 0);
        unlink(paths[i]);
    }
    ck_assert_uint_lt(database_child(&databases.items[0], databases.items[0].node_count - 1, 1), 1000);
    databases_close(&databases);
    rmdir(folder);
    err_free(&err);
    free(octets);
}
END_TEST

START_TEST(records_of_a_node)
{
    static const struct {
        unsigned bits;
        const char *octets;
        uint32_t left, right;
    } rows[] = {
        {24, "\x01\x02\x03\xfa\xfb\xfc", 0x010203, 0xfafbfc},
        {28, "\x01\x02\x03\xde\xfa\xfb\xfc", 0xd010203, 0xefafbfc},
        {32, "\x91\x01\x02\x03\xe1\xfa\xfb\xfc", 0x91010203, 0xe1fafbfc},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t tree[16] = {0};
        memcpy(tree + rows[i].bits / 4, rows[i].octets, rows[i].bits / 4);
        struct database database = {.tree = tree, .record_bits = rows[i].bits};
        ck_assert_uint_eq(database_child(&database, 1, 0), rows[i].left);
        ck_assert_uint_eq(database_child(&database, 1, 1), rows[i].right);
        ck_assert_uint_eq(database_child(&database, 0, 1), 0);
    }
}
END_TEST

CHECK_MAIN("geo/database", records_of_a_node, what_is_no_database_is_refused, truncated_at_every_length,
           random_octets, a_folder_is_its_databases_by_name)
