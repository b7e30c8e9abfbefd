// SPDX-License-Identifier: MIT
#include "geo/record.h"

#include "geo/database.h"
#include "tests/unit/geo/fixture.h"

#define ALL_FIELDS (PLACE_CONTINENT | PLACE_SUBDIVISION | PLACE_ASN)

/* Writes the records one after the other as networks i.0.0.0/8 and reads record i back. */
static bool read_back(struct mmdb_writer *writer, uint32_t offset, unsigned wanted, struct geo_place *place)
{
    char path[64];
    struct err err = ERR_INIT;
    struct databases databases;
    fixture_path(path, "record");
    mmdb_writer_put(writer, "10.0.0.0/8", offset);
    mmdb_writer_save(writer, path);
    struct config_database entry = {path, {"test.yaml", 3, 5}};
    struct config config = {.databases = &entry, .database_count = 1};
    ck_assert(databases_open(&config, &databases, &err));
    uint32_t record = databases.items[0].root_v4;
    for (unsigned bit = 0; bit < 8; bit++)
        record = database_child(&databases.items[0], record, 10u >> (7 - bit) & 1);
    bool ok = database_place(&databases.items[0], record, wanted, place, &err);
    ck_assert_uint_eq(err.errors, ok ? 0 : 1);
    if (!ok) {
        ck_assert_str_eq(err.findings[0].place.file, "test.yaml");
        ck_assert_ptr_nonnull(strstr(err.findings[0].text, path));
    }
    databases_close(&databases);
    err_free(&err);
    unlink(path);
    return ok;
}

struct row {
    const char *message;
    enum mmdb_shape shape;
    struct mmdb_record record;
    struct geo_place expected;
};

static const struct row rows[] = {
    {"GeoIP2",
     MMDB_SHAPE_GEOIP2,
     {.country = "US",
      .registered_country = "CA",
      .continent = "NA",
      .subdivision = "CA",
      .has_location = true,
      .latitude = 37.5,
      .longitude = -122.25},
     {.country = "US",
      .continent = "NA",
      .subdivision = "CA",
      .has_location = true,
      .latitude = 37.5f,
      .longitude = -122.25f}},
    {"GeoIP2 with a registered country only",
     MMDB_SHAPE_GEOIP2,
     {.registered_country = "CA", .continent = "NA"},
     {.country = "CA", .continent = "NA"}},
    {"GeoIP2 ASN", MMDB_SHAPE_GEOIP2, {.asn = 4200000000}, {.asn = 4200000000}},
    {"DB-IP",
     MMDB_SHAPE_DBIP,
     {.country = "GB",
      .continent = "EU",
      .has_location = true,
      .as_float = true,
      .latitude = 51.5,
      .longitude = -0.125},
     {.country = "GB", .continent = "EU", .has_location = true, .latitude = 51.5f, .longitude = -0.125f}},
    {"flat",
     MMDB_SHAPE_FLAT,
     {.country = "GB",
      .subdivision = "England",
      .has_location = true,
      .as_float = true,
      .latitude = 51.5,
      .longitude = -0.125},
     {.country = "GB", .has_location = true, .latitude = 51.5f, .longitude = -0.125f}},
    {"flat, doubles, subdivision code",
     MMDB_SHAPE_FLAT,
     {.country = "US", .subdivision = "CA", .has_location = true, .latitude = 37.5, .longitude = -122.25},
     {.country = "US", .subdivision = "CA", .has_location = true, .latitude = 37.5f, .longitude = -122.25f}},
    {"flat country", MMDB_SHAPE_FLAT, {.country = "RU"}, {.country = "RU"}},
    {"flat ASN", MMDB_SHAPE_ASN, {.asn = 64500}, {.asn = 64500}},
    {"flat nowhere", MMDB_SHAPE_FLAT, {.country = "", .has_location = true}, {.asn = 0}},
    {"the middle of the sea, with a country",
     MMDB_SHAPE_FLAT,
     {.country = "GH", .has_location = true},
     {.country = "GH", .has_location = true}},
    {"off Earth",
     MMDB_SHAPE_GEOIP2,
     {.country = "DE", .has_location = true, .latitude = 91, .longitude = 8},
     {.country = "DE"}},
};

START_TEST(three_shapes)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct geo_place place = {0};
        struct mmdb_writer *writer = mmdb_writer_create(4, 28);
        uint32_t offset = mmdb_writer_record(writer, rows[i].shape, &rows[i].record);
        ck_assert_msg(read_back(writer, offset, ALL_FIELDS, &place), "%s", rows[i].message);
        ck_assert_msg(memcmp(&place, &rows[i].expected, sizeof place) == 0, "%s", rows[i].message);
        mmdb_writer_free(writer);
    }
}
END_TEST

START_TEST(unwanted_fields_stay_unread)
{
    struct geo_place place = {0};
    struct mmdb_writer *writer = mmdb_writer_create(4, 24);
    struct mmdb_record record = {.country = "US", .continent = "NA", .subdivision = "CA", .asn = 64500};
    uint32_t offset = mmdb_writer_record(writer, MMDB_SHAPE_GEOIP2, &record);
    ck_assert(read_back(writer, offset, 0, &place));
    ck_assert_mem_eq(&place, &(struct geo_place){.country = "US"}, sizeof place);
    mmdb_writer_free(writer);
}
END_TEST

/* Octets of the format: type in the top three bits, size below; 7 is a map, 2 a string, 6 a 32-bit number. */
START_TEST(corrupt_records)
{
    static const struct {
        const char *message;
        const char *octets;
        size_t size;
    } corrupt[] = {
        {"not a map",
         "\x42"
         "DE",
         3},
        {"country code is a number",
         "\xe1\x4c"
         "country_code\xc1\x07",
         16},
        {"latitude is a string",
         "\xe2\x48"
         "latitude\x41"
         "1\x49"
         "longitude\x41"
         "1",
         24},
        {"ASN is a string",
         "\xe1\x58"
         "autonomous_system_number\x41"
         "7",
         28},
        {"map without an end", "\xfc\x41", 2},
        {"map of millions", "\xff\xff\xff\xff", 4},
        {"pointer to nowhere", "\x38\xff\xff\xff\xff", 5},
        {"pointer to itself", "\x20\x00", 2},
        {"string longer than the file",
         "\xe1\x4c"
         "country_code\x5f\xff\xff\xff",
         18},
        {"unknown type",
         "\xe1\x4c"
         "country_code\x01\x70",
         16},
    };
    for (size_t i = 0; i < sizeof corrupt / sizeof *corrupt; i++) {
        struct geo_place place = {.asn = 99};
        struct mmdb_writer *writer = mmdb_writer_create(4, 24);
        uint32_t offset = mmdb_writer_raw(writer, corrupt[i].octets, corrupt[i].size);
        ck_assert_msg(!read_back(writer, offset, ALL_FIELDS, &place), "%s", corrupt[i].message);
        ck_assert_msg(place.asn == 99, "%s: the place was touched", corrupt[i].message);
        mmdb_writer_free(writer);
    }
}
END_TEST

CHECK_MAIN("geo/record", three_shapes, unwanted_fields_stay_unread, corrupt_records)
