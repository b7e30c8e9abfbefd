// SPDX-License-Identifier: MIT
/*
 * nested OUT V4.mmdb V6.mmdb - one database in the nested shape of GeoLite2-City from two flat ones: what
 * gdnsd and Knot want of the data that Meridian reads as it is.
 *
 * The search tree of the result is that of the IPv6 database, with the tree of the IPv4 database hung in at
 * ::/96. All records have 32 bits. A data record is rewritten once; equal source records stay one.
 * (MaxMind DB file format 2.0, https://maxmind.github.io/MaxMind-DB/)
 */
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/wire.h"

enum { DATA_SEPARATOR = 16, RECORD_ROOM = 256, IPV4_DEPTH = 96, METADATA_ROOM = 512 };

struct source {
    MMDB_s mmdb;
    uint32_t first_node; /* of this tree in the result */
    uint32_t *written;   /* by offset in the data section: offset in the result's, plus 1 */
};

struct nested {
    struct source sources[2]; /* IPv4, IPv6 */
    uint32_t node_count;
    uint8_t *tree, *data;
    size_t data_size, data_room;
    uint32_t splice; /* next node of the path to ::/96, if the IPv6 tree ends before it */
};

/* --- data ------------------------------------------------------------------------------------------------ */

static void put_control(struct wire_writer *w, unsigned type, unsigned size)
{
    wire_put8(w, type << 5 | size); /* types below 8, sizes below 29 */
}

static void put_string(struct wire_writer *w, const char *text, size_t size)
{
    put_control(w, 2, (unsigned)size);
    wire_put(w, text, size);
}

static void put_key(struct wire_writer *w, const char *key)
{
    put_string(w, key, strlen(key));
}

static void put_double(struct wire_writer *w, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_control(w, 3, 8);
    wire_put32(w, (uint32_t)(bits >> 32));
    wire_put32(w, (uint32_t)bits);
}

static double number(MMDB_entry_s *entry, const char *key)
{
    MMDB_entry_data_s data;
    const char *const path[] = {key, NULL};
    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data)
        return 0;
    return data.type == MMDB_DATA_TYPE_FLOAT ? (double)data.float_value : data.double_value;
}

/* {"country": {"iso_code": CC}, "location": {"latitude": x, "longitude": y}} */
static size_t write_record(MMDB_s *mmdb, uint32_t offset, uint8_t out[RECORD_ROOM])
{
    struct wire_writer w = wire_writer_of(out, RECORD_ROOM);
    MMDB_entry_s entry = {mmdb, offset};
    MMDB_entry_data_s country;
    const char *const path[] = {"country_code", NULL};
    bool has_country = MMDB_aget_value(&entry, &country, path) == MMDB_SUCCESS && country.has_data;
    put_control(&w, 7, has_country ? 2 : 1);
    if (has_country) {
        put_key(&w, "country");
        put_control(&w, 7, 1);
        put_key(&w, "iso_code");
        put_string(&w, country.utf8_string, country.data_size);
    }
    put_key(&w, "location");
    put_control(&w, 7, 2);
    put_key(&w, "latitude");
    put_double(&w, number(&entry, "latitude"));
    put_key(&w, "longitude");
    put_double(&w, number(&entry, "longitude"));
    return wire_written(&w);
}

static uint32_t data_offset(struct nested *n, struct source *source, uint32_t offset)
{
    uint8_t record[RECORD_ROOM];
    if (source->written[offset] != 0)
        return source->written[offset] - 1;
    size_t size = write_record(&source->mmdb, offset, record);
    if (n->data_size + size > n->data_room) {
        n->data_room = n->data_room ? n->data_room * 2 : 1 << 20;
        n->data = mem_resize(n->data, n->data_room, 1);
    }
    memcpy(n->data + n->data_size, record, size);
    source->written[offset] = (uint32_t)n->data_size + 1;
    n->data_size += size;
    return source->written[offset] - 1;
}

/* --- tree ------------------------------------------------------------------------------------------------ */

static uint32_t translate(struct nested *n, struct source *source, uint64_t record, uint8_t type,
                          const MMDB_entry_s *entry)
{
    if (type == MMDB_RECORD_TYPE_SEARCH_NODE)
        return source->first_node + (uint32_t)record;
    if (type != MMDB_RECORD_TYPE_DATA)
        return n->node_count;
    return n->node_count + DATA_SEPARATOR + data_offset(n, source, entry->offset);
}

static void store(struct nested *n, uint32_t node, unsigned side, uint32_t record)
{
    wire_store32(n->tree + (size_t)node * 8 + side * 4, record);
}

static void copy_tree(struct nested *n, struct source *source)
{
    for (uint32_t i = 0; i < source->mmdb.metadata.node_count; i++) {
        MMDB_search_node_s node;
        MMDB_read_node(&source->mmdb, i, &node);
        store(n, source->first_node + i, 0,
              translate(n, source, node.left_record, node.left_record_type, &node.left_record_entry));
        store(n, source->first_node + i, 1,
              translate(n, source, node.right_record, node.right_record_type, &node.right_record_entry));
    }
}

/* Makes ::/96 lead to the IPv4 tree; nodes that the path lacks inherit what stood where it ended. */
static void hang_in_ipv4(struct nested *n, uint32_t root_v6)
{
    uint32_t node = root_v6;
    for (unsigned depth = 0; depth + 1 < IPV4_DEPTH; depth++) {
        uint32_t left = wire_load32(n->tree + (size_t)node * 8);
        if (left >= n->node_count) {
            store(n, n->splice, 0, left);
            store(n, n->splice, 1, left);
            store(n, node, 0, n->splice);
            left = n->splice++;
        }
        node = left;
    }
    store(n, node, 0, n->sources[0].first_node);
}

/* --- file ------------------------------------------------------------------------------------------------ */

static void put_u16(struct wire_writer *w, const char *key, unsigned value)
{
    put_key(w, key);
    put_control(w, 5, 2);
    wire_put16(w, value);
}

static size_t write_metadata(const struct nested *n, uint8_t out[METADATA_ROOM])
{
    static const char marker[] = "\xab\xcd\xefMaxMind.com", type[] = "GeoLite2-City";
    uint64_t built = n->sources[0].mmdb.metadata.build_epoch;
    struct wire_writer w = wire_writer_of(out, METADATA_ROOM);
    wire_put(&w, marker, sizeof marker - 1);
    put_control(&w, 7, 9);
    put_key(&w, "node_count");
    put_control(&w, 6, 4);
    wire_put32(&w, n->node_count);
    put_u16(&w, "record_size", 32);
    put_u16(&w, "ip_version", 6);
    put_u16(&w, "binary_format_major_version", 2);
    put_u16(&w, "binary_format_minor_version", 0);
    put_key(&w, "build_epoch");
    put_control(&w, 0, 8); /* an extended type: 7 + 2, 64 bits */
    wire_put8(&w, 2);
    wire_put32(&w, (uint32_t)(built >> 32));
    wire_put32(&w, (uint32_t)built);
    put_key(&w, "database_type");
    put_string(&w, type, sizeof type - 1);
    put_key(&w, "languages");
    put_control(&w, 0, 0); /* 7 + 4, an array */
    wire_put8(&w, 4);
    put_key(&w, "description");
    put_control(&w, 7, 0);
    return wire_written(&w);
}

static bool save(const struct nested *n, const char *path)
{
    static const uint8_t separator[DATA_SEPARATOR];
    uint8_t metadata[METADATA_ROOM];
    size_t metadata_size = write_metadata(n, metadata);
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return false;
    fwrite(n->tree, 8, n->node_count, file);
    fwrite(separator, 1, sizeof separator, file);
    fwrite(n->data, 1, n->data_size, file);
    fwrite(metadata, 1, metadata_size, file);
    bool ok = !ferror(file);
    return fclose(file) == 0 && ok;
}

int main(int argc, char **argv)
{
    static struct nested n;
    bool ok = argc == 4;
    for (int i = 0; ok && i < 2; i++)
        ok = MMDB_open(argv[2 + i], MMDB_MODE_MMAP, &n.sources[i].mmdb) == MMDB_SUCCESS;
    if (!ok) {
        fprintf(stderr, "usage: nested OUT V4.mmdb V6.mmdb\n");
        return 1;
    }
    n.splice =
        n.sources[1].mmdb.metadata.node_count; /* the IPv6 tree comes first: its root is the result's */
    n.sources[0].first_node = n.splice + IPV4_DEPTH;
    n.node_count = n.sources[0].first_node + n.sources[0].mmdb.metadata.node_count;
    n.tree = mem_alloc((size_t)n.node_count * 8);
    for (uint32_t unused = n.splice; unused < n.sources[0].first_node; unused++) {
        store(&n, unused, 0, n.node_count);
        store(&n, unused, 1, n.node_count);
    }
    for (int i = 0; i < 2; i++) {
        n.sources[i].written = mem_alloc((n.sources[i].mmdb.data_section_size + 1) * sizeof(uint32_t));
        copy_tree(&n, &n.sources[i]);
    }
    hang_in_ipv4(&n, 0);
    if (!save(&n, argv[1])) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
