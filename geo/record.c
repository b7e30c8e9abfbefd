// SPDX-License-Identifier: MIT
#include "geo/record.h"

#include <stddef.h>

#define PATHS_MAX       3
#define PATH_KEYS_MAX   4
#define RECORD_KEYS_MAX 1000 /* of a data record; real ones have about ten */

/* Where a field may be; the first path that leads to something counts. */
struct field {
    const char *paths[PATHS_MAX][PATH_KEYS_MAX];
};

static const struct field country_field = {
    {{"country_code"}, {"country", "iso_code"}, {"registered_country", "iso_code"}}};
static const struct field continent_field = {{{"continent", "code"}}};
static const struct field subdivision_field = {{{"subdivisions", "0", "iso_code"}, {"state1"}}};
static const struct field latitude_field = {{{"latitude"}, {"location", "latitude"}}};
static const struct field longitude_field = {{{"longitude"}, {"location", "longitude"}}};
static const struct field asn_field = {{{"autonomous_system_number"}}};

/* Reading state: one record, its first mistake. */
struct reader {
    MMDB_entry_s entry;
    const char *why;
};

static bool find(struct reader *reader, const struct field *field, MMDB_entry_data_s *data)
{
    for (size_t i = 0; i < PATHS_MAX && field->paths[i][0] && !reader->why; i++) {
        int status = MMDB_aget_value(&reader->entry, data, field->paths[i]);
        if (status == MMDB_SUCCESS && data->has_data)
            return true;
        if (status != MMDB_SUCCESS && status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
            reader->why = MMDB_strerror(status);
    }
    return false;
}

typedef void set_code(struct geo_place *place, const char *code, uint32_t length);

static void read_code(struct reader *reader, const struct field *field, set_code *set,
                      struct geo_place *place)
{
    MMDB_entry_data_s data;
    if (!find(reader, field, &data))
        return;
    if (data.type == MMDB_DATA_TYPE_UTF8_STRING)
        set(place, data.utf8_string, data.data_size);
    else
        reader->why = "a country, continent or subdivision code is not a string";
}

static bool read_degrees(struct reader *reader, const struct field *field, double *degrees)
{
    MMDB_entry_data_s data;
    if (!find(reader, field, &data))
        return false;
    if (data.type == MMDB_DATA_TYPE_DOUBLE)
        *degrees = data.double_value;
    else if (data.type == MMDB_DATA_TYPE_FLOAT)
        *degrees = (double)data.float_value;
    else
        reader->why = "a latitude or longitude is not a floating point number";
    return !reader->why;
}

static void read_asn(struct reader *reader, struct geo_place *place)
{
    MMDB_entry_data_s data;
    if (!find(reader, &asn_field, &data))
        return;
    if (data.type == MMDB_DATA_TYPE_UINT32)
        place->asn = data.uint32;
    else if (data.type == MMDB_DATA_TYPE_UINT16)
        place->asn = data.uint16;
    else
        reader->why = "an autonomous_system_number is not a 32-bit number";
}

static void read_location(struct reader *reader, struct geo_place *place)
{
    double latitude = 0, longitude = 0;
    if (!read_degrees(reader, &latitude_field, &latitude) ||
        !read_degrees(reader, &longitude_field, &longitude))
        return;
    /* Flat databases write "nowhere" as 0, 0 without a country. */
    if (*place->country || latitude != 0 || longitude != 0)
        place_set_location(place, latitude, longitude);
}

/* A record is a map of a sane size: each look-up walks over its keys. */
static void check_is_map(struct reader *reader)
{
    const char *const whole[] = {NULL};
    MMDB_entry_data_s data;
    int status = MMDB_aget_value(&reader->entry, &data, whole);
    if (status != MMDB_SUCCESS)
        reader->why = MMDB_strerror(status);
    else if (data.type != MMDB_DATA_TYPE_MAP)
        reader->why = "a data record is not a map";
    else if (data.data_size > RECORD_KEYS_MAX)
        reader->why = "a data record has too many keys";
}

bool record_read(const MMDB_s *mmdb, uint32_t offset, unsigned wanted, struct geo_place *place,
                 const char **why)
{
    struct reader reader = {{mmdb, offset}, NULL};
    struct geo_place read = {0};
    check_is_map(&reader);
    read_code(&reader, &country_field, place_set_country, &read);
    read_location(&reader, &read);
    if (wanted & PLACE_CONTINENT)
        read_code(&reader, &continent_field, place_set_continent, &read);
    if (wanted & PLACE_SUBDIVISION)
        read_code(&reader, &subdivision_field, place_set_subdivision, &read);
    if (wanted & PLACE_ASN)
        read_asn(&reader, &read);
    if (reader.why)
        *why = reader.why;
    else
        *place = read;
    return !reader.why;
}
