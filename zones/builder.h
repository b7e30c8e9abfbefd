// SPDX-License-Identifier: MIT
/*
 * builder - one zone while it is being loaded: names, RRsets and records as linked lists that can still
 * change, each with the line it came from. load fills it, check judges it, freeze turns it into struct zone.
 *
 * Every name between the apex and an owner has a node (empty non-terminals, RFC 8020), and a node stands
 * behind its parent in the list of nodes. A place is a line of one of the files that the zone is made of: its own
 * and those it includes. All memory is the builder's own; one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/model/config.h"
#include "zones/index.h"
#include "zones/source.h"
#include "zones/zones.h"

/* The largest RRset: what fits into a message of 65,535 octets behind the header and the longest question. */
#define BUILDER_RRSET_MAX (65535 - 12 - (DNAME_MAX + 4))
/* A record's octets besides its RDATA: pointer to the owner, type, class, TTL, RDLENGTH. */
#define BUILDER_RECORD_HEADER 12
/* Files of one zone, each counted as often as it is included. */
#define BUILDER_SOURCES_MAX 10000
#define BUILDER_PLACE_MAX   300 /* characters of builder_place_text() */

/* Where an entry begins. */
struct builder_place {
    uint32_t line;   /* 0: the file as a whole */
    uint16_t source; /* index into builder.sources */
};

struct builder_record {
    const uint8_t *owner; /* as written */
    const uint8_t *rdata; /* uncompressed */
    uint32_t ttl_s;
    uint16_t size;  /* of rdata */
    bool duplicate; /* of another record of its RRset: to be dropped */
    struct builder_place place;
    struct builder_record *next;
};

struct builder_rrset {
    uint16_t type;
    uint32_t ttl_s; /* the smallest of its records' (RFC 2181 section 5.2) */
    uint32_t count;
    uint32_t size; /* octets of all records; past BUILDER_RRSET_MAX no more are taken in */
    struct builder_record *first, **end;
    struct builder_rrset *next;
};

struct builder_node {
    const uint8_t *name; /* lower case; first: see index.h */
    uint8_t length;
    bool is_cut;
    uint16_t rrset_count;
    struct builder_rrset *rrsets, **end;
    struct builder_node *parent, *next;
    const struct builder_node *cut; /* the topmost cut that the node is at or below */
    struct zones_node *frozen;      /* set by freeze */
};

struct builder {
    struct arena *arena;
    const struct config_zone *zone;
    struct err *err;
    struct source *sources; /* the first is the zone's own file */
    size_t source_count;
    struct index names; /* -> struct builder_node */
    struct builder_node *apex, *nodes, **end;
    size_t node_count;
    uint8_t origin_length;
    bool incomplete; /* some entry could not be read: what is missing may only be misspelt */
};

/* A record as load hands it over; copied. */
struct builder_input {
    const uint8_t *owner; /* as written, well-formed */
    const uint8_t *rdata;
    uint16_t type, size;
    uint32_t ttl_s;
    struct builder_place place;
};

void builder_init(struct builder *builder, const struct config_zone *zone, struct err *err);
void builder_free(struct builder *builder);

/* A finding if the owner is not in the zone. */
void builder_add(struct builder *builder, const struct builder_input *input);
/* Once all records are there: which nodes are cuts, which lie below them. */
void builder_mark_cuts(struct builder *builder);

/* NULL if the zone does not have the name. */
struct builder_node *builder_find(const struct builder *builder, const uint8_t *name);
struct builder_rrset *builder_rrset_of(const struct builder_node *node, uint16_t type);

/* One more file, whose state the caller fills in; its index. BUILDER_SOURCES_MAX: there are too many. */
uint16_t builder_add_source(struct builder *builder, const char *path);
struct err_place builder_err_place(const struct builder *builder, struct builder_place place);
/* "line 7", or "line 7 of FILE" if `from` is in another file. */
const char *builder_place_text(const struct builder *builder, struct builder_place place,
                               struct builder_place from, char out[BUILDER_PLACE_MAX]);
/* An error of an entry that could not be read: what seems to be missing may stand there. */
void builder_bad_entry(struct builder *builder, struct builder_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
