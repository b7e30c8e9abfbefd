// SPDX-License-Identifier: MIT
/*
 * lib_mmdb_writer - writes small MaxMind DB files (format 2.0) for tests: good ones in the shapes that real
 * databases have, and ones that are broken on purpose.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mmdb_shape { MMDB_SHAPE_GEOIP2, MMDB_SHAPE_DBIP, MMDB_SHAPE_FLAT, MMDB_SHAPE_ASN };

/* NULL and 0 leave a field out. */
struct mmdb_record {
    const char *country, *registered_country, *continent, *subdivision;
    bool has_location;
    bool as_float; /* coordinates as float, not double */
    double latitude, longitude;
    uint32_t asn;
};

struct mmdb_writer;

struct mmdb_writer *mmdb_writer_create(unsigned ip_version, unsigned record_bits);
void mmdb_writer_free(struct mmdb_writer *writer);

/* When the metadata says that the file was built; 1700000000 if it is never called. */
void mmdb_writer_set_epoch(struct mmdb_writer *writer, uint32_t build_epoch_s);

/* Adds a data record; the result names it below. */
uint32_t mmdb_writer_record(struct mmdb_writer *writer, enum mmdb_shape shape,
                            const struct mmdb_record *record);
/* Adds a data record of raw octets. */
uint32_t mmdb_writer_raw(struct mmdb_writer *writer, const void *octets, size_t size);
/* `prefix` has the record, and all below it that was not given another one; later calls win. IPv4 prefixes
 * lie at ::/96 of an IPv6 tree. */
void mmdb_writer_put(struct mmdb_writer *writer, const char *prefix, uint32_t record);
/* The record at `prefix` leads to the node of `target`: an alias, or a cycle. */
void mmdb_writer_link(struct mmdb_writer *writer, const char *prefix, const char *target);

/* The file's octets, to be freed. */
uint8_t *mmdb_writer_finish(struct mmdb_writer *writer, size_t *size);
/* Writes the file to `path`. */
void mmdb_writer_save(struct mmdb_writer *writer, const char *path);
