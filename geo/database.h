// SPDX-License-Identifier: MIT
/*
 * database - one GeoIP database (MaxMind DB file format 2.0), open for the time of a build.
 *
 * The file is copied first and the copy mapped: the served file may be overwritten or truncated at any
 * time. The copy lies in $TMPDIR or /tmp and is unlinked as soon as it is open.
 *
 * The search tree is read here, by the format's description, with every step checked against its size;
 * data records are read through libmaxminddb (geo/record.h).
 *
 *   a record of the tree      below node_count: the number of a node
 *                             node_count: nothing is known
 *                             above: a data record at offset record - node_count - 16
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/wire.h"
#include "core/model/config.h"
#include "geo/copy.h"
#include "geo/memo.h"
#include "geo/place.h"

#define DATABASES_MAX 32

struct database {
    struct MMDB_s *mmdb;
    const uint8_t *tree;
    uint32_t node_count;
    unsigned record_bits;      /* 24, 28 or 32 */
    uint32_t root_v4, root_v6; /* the record where the family's tree begins */
    const char *path;
    struct copy_identity identity;
    uint64_t build_epoch_s; /* seconds since 1970 UTC, as its metadata says */
    struct err_place place; /* of the config entry that names it */
    /* The caller's numbers of data records' places, see database_number(). */
    uint32_t *numbers; /* one for four octets of data: (number + 1) << 2 | low bits of the offset; 0: none */
    size_t number_count; /* of `numbers` */
    struct memo crowded; /* of records that begin in the same four octets as another: no sound file has any */
};

struct databases {
    struct database *items;
    size_t count;
    struct arena *arena;
};

/* Opens every database of `config`, in order; of a folder every *.mmdb in order of name. False if any is
 * missing or broken. In either case ended with databases_close(). */
bool databases_open(const struct config *config, struct databases *databases, struct err *err);
void databases_close(struct databases *databases);

/* Adds an error about this database. */
void database_error(const struct database *database, struct err *err, const char *why);

/* The place of a data record of the tree. False if it is corrupt, with a finding. */
bool database_place(const struct database *database, uint32_t record, unsigned wanted,
                    struct geo_place *place, struct err *err);

/* Where the caller keeps its number of a data record's place: the number it stored there, or MEMO_UNKNOWN. Below
 * 2^30 - 1.
 *
 * A tree leads to its records about in the order in which they lie in the file, so numbers that lie in that order
 * are mostly in the cache; those of a hash table never are. */
uint32_t database_number(struct database *database, uint32_t record);
void database_set_number(struct database *database, uint32_t record, uint32_t number);

static inline bool database_is_node(const struct database *database, uint32_t record)
{
    return record < database->node_count;
}

static inline bool database_is_empty(const struct database *database, uint32_t record)
{
    return record == database->node_count;
}

/* The left (0) or right (1) record of a node. */
static inline uint32_t database_child(const struct database *database, uint32_t node, unsigned side)
{
    const uint8_t *p = database->tree + (size_t)node * (database->record_bits / 4);
    switch (database->record_bits) {
    case 24:
        p += side * 3;
        return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    case 28:
        /* The octet in the middle holds the top 4 bits of both. */
        if (side)
            return (uint32_t)(p[3] & 0x0f) << 24 | (uint32_t)p[4] << 16 | (uint32_t)p[5] << 8 | p[6];
        return (uint32_t)(p[3] & 0xf0) << 20 | (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    default:
        return wire_load32(p + (size_t)side * 4);
    }
}
