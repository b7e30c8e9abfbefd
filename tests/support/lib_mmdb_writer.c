// SPDX-License-Identifier: MIT
#include "tests/support/lib_mmdb_writer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX   65536
#define OCTETS_MAX  (1u << 20)
#define SEPARATOR   16
#define IPV4_OFFSET 96

/* Records of a node while it is written: nodes by number, data by FROM_DATA + offset, or NOTHING. */
#define NOTHING   UINT32_MAX
#define FROM_DATA 0x80000000u

/* Types of the format. */
enum type {
    TYPE_STRING = 2,
    TYPE_DOUBLE = 3,
    TYPE_UINT16 = 5,
    TYPE_UINT32 = 6,
    TYPE_MAP = 7,
    TYPE_UINT64 = 9,
    TYPE_ARRAY = 11,
    TYPE_FLOAT = 15
};

struct mmdb_writer {
    unsigned ip_version, record_bits;
    uint32_t nodes[NODES_MAX][2];
    uint32_t node_count;
    uint8_t data[OCTETS_MAX];
    size_t size;
    uint32_t build_epoch_s;
};

struct mmdb_writer *mmdb_writer_create(unsigned ip_version, unsigned record_bits)
{
    struct mmdb_writer *writer = calloc(1, sizeof *writer);
    assert(writer);
    writer->ip_version = ip_version;
    writer->build_epoch_s = 1700000000;
    writer->record_bits = record_bits;
    writer->nodes[0][0] = writer->nodes[0][1] = NOTHING;
    writer->node_count = 1;
    return writer;
}

void mmdb_writer_free(struct mmdb_writer *writer)
{
    free(writer);
}

/* --- data section ---------------------------------------------------------------------------------------- */

static void put_octet(struct mmdb_writer *writer, unsigned octet)
{
    assert(writer->size < OCTETS_MAX);
    writer->data[writer->size++] = (uint8_t)octet;
}

static void put_big_endian(struct mmdb_writer *writer, uint64_t value, unsigned octets)
{
    while (octets--)
        put_octet(writer, (unsigned)(value >> (octets * 8)) & 0xff);
}

static void put_head(struct mmdb_writer *writer, enum type type, size_t size)
{
    unsigned in_head = size < 29 ? (unsigned)size : 29;
    assert(size < 29 + 256);
    put_octet(writer, (type <= 7 ? (unsigned)type << 5 : 0) | in_head);
    if (type > 7)
        put_octet(writer, (unsigned)type - 7);
    if (in_head == 29)
        put_octet(writer, (unsigned)size - 29);
}

static void put_string(struct mmdb_writer *writer, const char *text)
{
    put_head(writer, TYPE_STRING, strlen(text));
    for (; *text; text++)
        put_octet(writer, (unsigned char)*text);
}

static void put_uint(struct mmdb_writer *writer, enum type type, uint32_t value)
{
    unsigned octets = type == TYPE_UINT16 ? 2 : 4;
    put_head(writer, type, octets);
    put_big_endian(writer, value, octets);
}

static void put_degrees(struct mmdb_writer *writer, double value, bool as_float)
{
    float narrow = (float)value;
    uint64_t wide_bits;
    uint32_t narrow_bits;
    memcpy(&wide_bits, &value, sizeof wide_bits);
    memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
    put_head(writer, as_float ? TYPE_FLOAT : TYPE_DOUBLE, as_float ? 4 : 8);
    put_big_endian(writer, as_float ? narrow_bits : wide_bits, as_float ? 4 : 8);
}

static void put_pair(struct mmdb_writer *writer, const char *key, const char *value)
{
    put_string(writer, key);
    put_string(writer, value);
}

static void put_location(struct mmdb_writer *writer, const struct mmdb_record *record)
{
    put_string(writer, "latitude");
    put_degrees(writer, record->latitude, record->as_float);
    put_string(writer, "longitude");
    put_degrees(writer, record->longitude, record->as_float);
}

/* {key: {inner: value}}; GeoIP2 has ids beside the codes. */
static void put_nested(struct mmdb_writer *writer, const char *key, const char *inner, const char *value,
                       bool with_id)
{
    put_string(writer, key);
    put_head(writer, TYPE_MAP, with_id ? 2 : 1);
    if (with_id) {
        put_string(writer, "geoname_id");
        put_uint(writer, TYPE_UINT32, 2921044);
    }
    put_pair(writer, inner, value);
}

static void put_nested_record(struct mmdb_writer *writer, const struct mmdb_record *r, bool ids)
{
    put_head(writer, TYPE_MAP,
             (size_t) !!r->country + !!r->registered_country + !!r->continent + !!r->subdivision +
                 (r->has_location ? 1 : 0) + !!r->asn);
    if (r->continent)
        put_nested(writer, "continent", "code", r->continent, ids);
    if (r->country)
        put_nested(writer, "country", "iso_code", r->country, ids);
    if (r->registered_country)
        put_nested(writer, "registered_country", "iso_code", r->registered_country, ids);
    if (r->has_location) {
        put_string(writer, "location");
        put_head(writer, TYPE_MAP, 2);
        put_location(writer, r);
    }
    if (r->subdivision) {
        put_string(writer, "subdivisions");
        put_head(writer, TYPE_ARRAY, 1);
        put_head(writer, TYPE_MAP, 1);
        put_pair(writer, "iso_code", r->subdivision);
    }
    if (r->asn) {
        put_string(writer, "autonomous_system_number");
        put_uint(writer, TYPE_UINT32, r->asn);
    }
}

static void put_flat_record(struct mmdb_writer *writer, const struct mmdb_record *r)
{
    put_head(writer, TYPE_MAP,
             1 + (size_t) !!r->country + !!r->subdivision + (r->has_location ? 2 : 0) + !!r->asn);
    put_pair(writer, "city", "");
    if (r->country)
        put_pair(writer, "country_code", r->country);
    if (r->has_location)
        put_location(writer, r);
    if (r->subdivision)
        put_pair(writer, "state1", r->subdivision);
    if (r->asn) {
        put_string(writer, "autonomous_system_number");
        put_uint(writer, TYPE_UINT32, r->asn);
    }
}

uint32_t mmdb_writer_record(struct mmdb_writer *writer, enum mmdb_shape shape,
                            const struct mmdb_record *record)
{
    uint32_t offset = (uint32_t)writer->size;
    if (shape == MMDB_SHAPE_FLAT || shape == MMDB_SHAPE_ASN)
        put_flat_record(writer, record);
    else
        put_nested_record(writer, record, shape == MMDB_SHAPE_GEOIP2);
    return offset;
}

uint32_t mmdb_writer_raw(struct mmdb_writer *writer, const void *octets, size_t size)
{
    uint32_t offset = (uint32_t)writer->size;
    for (size_t i = 0; i < size; i++)
        put_octet(writer, ((const uint8_t *)octets)[i]);
    return offset;
}

/* --- search tree ----------------------------------------------------------------------------------------- */

struct path {
    uint8_t octets[16];
    unsigned length;
};

static struct path parse(const struct mmdb_writer *writer, const char *prefix)
{
    char text[64];
    struct path path = {{0}, 0};
    snprintf(text, sizeof text, "%s", prefix);
    char *slash = strchr(text, '/');
    assert(slash);
    *slash = 0;
    path.length = (unsigned)strtoul(slash + 1, NULL, 10);
    bool is_v4 = !strchr(text, ':');
    bool below = is_v4 && writer->ip_version == 6;
    int parsed = inet_pton(is_v4 ? AF_INET : AF_INET6, text, path.octets + (below ? IPV4_OFFSET / 8 : 0));
    assert(parsed == 1);
    (void)parsed;
    path.length += below ? IPV4_OFFSET : 0;
    return path;
}

static unsigned side_of(const struct path *path, unsigned bit)
{
    return path->octets[bit / 8] >> (7 - bit % 8) & 1;
}

/* The record that stands for the prefix; nodes above it are made, and inherit what was there. */
static uint32_t *record_at(struct mmdb_writer *writer, const struct path *path)
{
    uint32_t node = 0;
    assert(path->length);
    for (unsigned bit = 0; bit + 1 < path->length; bit++) {
        uint32_t *record = &writer->nodes[node][side_of(path, bit)];
        if (*record == NOTHING || *record >= FROM_DATA) {
            assert(writer->node_count < NODES_MAX);
            writer->nodes[writer->node_count][0] = writer->nodes[writer->node_count][1] = *record;
            *record = writer->node_count++;
        }
        node = *record;
    }
    return &writer->nodes[node][side_of(path, path->length - 1)];
}

void mmdb_writer_put(struct mmdb_writer *writer, const char *prefix, uint32_t record)
{
    struct path path = parse(writer, prefix);
    *record_at(writer, &path) = FROM_DATA + record;
}

void mmdb_writer_link(struct mmdb_writer *writer, const char *prefix, const char *target)
{
    struct path from = parse(writer, prefix), to = parse(writer, target);
    uint32_t node = to.length ? *record_at(writer, &to) : 0;
    assert(node < FROM_DATA);
    *record_at(writer, &from) = node;
}

/* --- the file -------------------------------------------------------------------------------------------- */

static uint32_t final_record(const struct mmdb_writer *writer, uint32_t record)
{
    if (record == NOTHING)
        return writer->node_count;
    return record >= FROM_DATA ? record - FROM_DATA + writer->node_count + SEPARATOR : record;
}

static void put_node(struct mmdb_writer *out, unsigned bits, uint32_t left, uint32_t right)
{
    unsigned low = bits == 32 ? 32 : 24;
    put_big_endian(out, left & (uint32_t)((1ull << low) - 1), low / 8);
    if (bits == 28)
        put_octet(out, (left >> 24 & 0x0f) << 4 | (right >> 24 & 0x0f));
    put_big_endian(out, right & (uint32_t)((1ull << low) - 1), low / 8);
}

void mmdb_writer_set_epoch(struct mmdb_writer *writer, uint32_t build_epoch_s)
{
    writer->build_epoch_s = build_epoch_s;
}

static void put_metadata(struct mmdb_writer *out, const struct mmdb_writer *writer)
{
    static const char marker[] = "\xab\xcd\xefMaxMind.com";
    mmdb_writer_raw(out, marker, sizeof marker - 1);
    put_head(out, TYPE_MAP, 9);
    put_string(out, "binary_format_major_version");
    put_uint(out, TYPE_UINT16, 2);
    put_string(out, "binary_format_minor_version");
    put_uint(out, TYPE_UINT16, 0);
    put_string(out, "build_epoch");
    put_head(out, TYPE_UINT64, 4);
    put_big_endian(out, writer->build_epoch_s, 4);
    put_pair(out, "database_type", "test");
    put_string(out, "description");
    put_head(out, TYPE_MAP, 1);
    put_pair(out, "en", "test");
    put_string(out, "languages");
    put_head(out, TYPE_ARRAY, 1);
    put_string(out, "en");
    put_string(out, "ip_version");
    put_uint(out, TYPE_UINT16, writer->ip_version);
    put_string(out, "node_count");
    put_uint(out, TYPE_UINT32, writer->node_count);
    put_string(out, "record_size");
    put_uint(out, TYPE_UINT16, writer->record_bits);
}

uint8_t *mmdb_writer_finish(struct mmdb_writer *writer, size_t *size)
{
    struct mmdb_writer *out = mmdb_writer_create(0, 0);
    for (uint32_t i = 0; i < writer->node_count; i++)
        put_node(out, writer->record_bits, final_record(writer, writer->nodes[i][0]),
                 final_record(writer, writer->nodes[i][1]));
    put_big_endian(out, 0, 8);
    put_big_endian(out, 0, 8);
    mmdb_writer_raw(out, writer->data, writer->size);
    put_metadata(out, writer);
    uint8_t *octets = malloc(out->size);
    assert(octets);
    memcpy(octets, out->data, out->size);
    *size = out->size;
    mmdb_writer_free(out);
    return octets;
}

void mmdb_writer_save(struct mmdb_writer *writer, const char *path)
{
    size_t size;
    uint8_t *octets = mmdb_writer_finish(writer, &size);
    FILE *file = fopen(path, "wb");
    assert(file);
    size_t written = fwrite(octets, 1, size, file);
    assert(written == size);
    (void)written;
    fclose(file);
    free(octets);
}
