// SPDX-License-Identifier: MIT
/*
 * rdata - what this server has to know of the inside of records: where the names are. Every other type is
 * opaque octets (RFC 3597).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rdata_type {
    RDATA_A = 1,
    RDATA_NS = 2,
    RDATA_CNAME = 5,
    RDATA_SOA = 6,
    RDATA_PTR = 12,
    RDATA_MX = 15,
    RDATA_KEY = 25,
    RDATA_AAAA = 28,
    RDATA_DNAME = 39,
    RDATA_OPT = 41,
    RDATA_DS = 43,
    RDATA_RRSIG = 46,
    RDATA_NSEC = 47,
    RDATA_NSEC3 = 50,
    RDATA_META_FIRST = 128, /* RFC 6895 section 3.1: 128 to 255 are QTYPEs and meta types */
    RDATA_META_LAST = 255,
    RDATA_ANY = 255,
};

/* RDATA is `before` octets, then `names` names, then `after` octets. */
struct rdata_layout {
    uint16_t type;
    uint8_t before, names, after;
    bool compress; /* names may be compressed: RFC 3597 section 4 */
};

/* NULL: opaque. */
const struct rdata_layout *rdata_layout_of(uint16_t type);
/* False if RDATA does not have its type's layout: names cut short, too long or with compression pointers,
 * octets missing or left over. Opaque RDATA is always valid. */
bool rdata_valid(uint16_t type, const uint8_t *rdata, size_t size);
/* The octets of a well-formed uncompressed name at `at`, at most `room`; 0 if there is none. */
size_t rdata_name_length(const uint8_t *at, size_t room);
/* Order of RDATA within an RRset: 0 for what DNS takes for the same record (names without regard to case). */
int rdata_compare(uint16_t type, const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size);
