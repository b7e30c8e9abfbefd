// SPDX-License-Identifier: MIT
/*
 * zones - domain names -> data. Reads zone files through ldns, checks them, and freezes them into finished
 * wire octets, so that answering a static name is a lookup and a copy.
 *
 * zones_build() runs off the query threads. The result is immutable: any number of threads may call
 * zones_find(), which neither allocates, locks nor fails, and follow the pointers it returns for as long as
 * the zones live.
 *
 * Builds are versions of each other: a zone whose files have not changed shares its data with the previous build,
 * and one whose file is broken stays as it was.
 *
 * Names are in wire format and lower case (core/model/dname.h); the case of owner names and of names in
 * RDATA is kept as the zone file has it in finished octets (RFC 4343).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/model/config.h"

/* An RRset (RFC 2181 section 5) as it goes onto the wire. `octets` is `count` records back to back, each
 *     C0 0C | type | class IN | TTL | RDLENGTH | RDATA
 * with the owner as a pointer to offset 12, where the question's name stands. Names in the RDATA of the types
 * of RFC 1035 (NS CNAME SOA PTR MX; RFC 3597 section 4 forbids others) end in a compression pointer to the
 * zone's origin if they are below it. `origin_refs` lists the offsets in `octets` of these pointers, ascending.
 * Their value holds for a question whose name is the RRset's owner: 12 + length(owner) - length(origin). For
 * another question below the origin the writer adds length(question) - length(owner) to each; for one that
 * is not below the origin it writes the origin out. */
struct zones_rrset {
    uint16_t type;
    uint16_t count; /* records */
    uint16_t origin_ref_count;
    uint32_t ttl_s;
    uint32_t size; /* of octets */
    const uint8_t *octets;
    const uint16_t *origin_refs;
    const uint8_t *target; /* CNAME, DNAME: the target, lower case; else NULL */
};

/* Address records of a name server that go with a referral (RFC 1034 section 4.3.2 step 3b). */
struct zones_glue {
    const uint8_t *owner;               /* as the NS record has it */
    uint16_t name_at;                   /* where the server's name stands in the octets of the NS RRset */
    const struct zones_rrset *a, *aaaa; /* NULL: none */
};

struct zones_node {
    const uint8_t *owner; /* lower case; first: see index.h */
    uint8_t owner_length;
    bool is_cut : 1;       /* a delegation: NS below the apex */
    bool has_wildcard : 1; /* the child "*" exists (RFC 4592) */
    bool steers_a : 1, steers_aaaa : 1;
    uint16_t rrset_count;
    int32_t service;                  /* index into config.services, -1: not steered */
    const struct zones_rrset *rrsets; /* none: an empty non-terminal */
    const struct zones_node *cut; /* the topmost cut this name is at or below (occluded, glue), NULL: none */
    const struct zones_glue *glue;
    uint16_t glue_count; /* of a cut */
};

struct zone {
    const uint8_t *origin; /* lower case; first: see index.h */
    const char *name;      /* for people */
    uint8_t origin_length;
    bool stale; /* its file is broken: this is what the file was before */
    uint32_t serial;
    size_t record_count;
    uint64_t loaded_wall_ms; /* when its file was read */
    const struct zones_node *apex;
    /* The SOA for negative answers: its TTL is min(SOA TTL, MINIMUM) (RFC 2308 section 5); its owner is the
     * origin, so C0 0C stands in for whatever the writer puts there. */
    const struct zones_rrset *negative_soa;
};

struct zones;

#define ZONES_MAX 16000000 /* in one build */

/* Loads every zone of `config`, those of its zone directory included. `previous` (NULL: none) is what is in service
 * now; it stays as it is and may be freed before or after the result.
 *
 * NULL if anything has an error, except: a zone whose file has errors and that `previous` has too is kept as it is
 * there. `err` names file and line of every mistake in either case; of files that had to be read. */
struct zones *zones_build(const struct config *config, const struct zones *previous, struct err *err);
void zones_free(struct zones *zones); /* NULL is fine */

size_t zones_count(const struct zones *zones);
/* In the order of config.zones, then of the file names of the zone directory. */
const struct zone *zones_at(const struct zones *zones, size_t index);
/* Calls `found` with every file the zones were read from, those they include as well; a file may come more than
 * once. `zones` NULL: none. */
void zones_each_file(const struct zones *zones, void found(void *context, const char *path), void *context);

/* What RFC 1034 section 4.3.2 with RFC 4592, 6672 and 8020 says of one name and type, one step: chains are
 * followed by the caller. */
enum zones_outcome {
    ZONES_NOT_HERE, /* in no zone: REFUSED at the start of a chain, the end of one further on */
    ZONES_ANSWER,   /* `rrset`; for QTYPE ANY one of the node's RRsets (RFC 8482 section 4.1) */
    ZONES_STEERED,  /* addresses of the service `node->service` */
    ZONES_CNAME,    /* `rrset` is a CNAME and was not what was asked for */
    ZONES_DNAME,    /* `rrset` is the DNAME of an ancestor, `node` its owner */
    ZONES_REFERRAL, /* `rrset` is the NS RRset of the cut `node`; not authoritative */
    ZONES_NODATA,
    ZONES_NXDOMAIN,
};

struct zones_match {
    enum zones_outcome outcome;
    bool wildcard;                   /* `node` is a wildcard that stands for the name */
    const struct zone *zone;         /* NULL for ZONES_NOT_HERE */
    const struct zones_node *node;   /* NULL for ZONES_NOT_HERE, ZONES_NXDOMAIN, NODATA of no own node */
    const struct zones_rrset *rrset; /* NULL unless the outcome speaks of it */
};

/* `name`: `length` octets, lower case. A DS question for a zone's own apex is answered by the parent zone if
 * that is here too (RFC 4035 section 3.1.4.1), and with a referral by a zone further up. */
struct zones_match zones_find(const struct zones *zones, const uint8_t *name, size_t length, uint16_t type);

/* The RRset of a type at a node, or NULL. */
const struct zones_rrset *zones_rrset_of(const struct zones_node *node, uint16_t type);
