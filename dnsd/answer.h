// SPDX-License-Identifier: MIT
/*
 * answer - writing a response message: header and question at once, records as they are found, the OPT
 * record and the final header at the end.
 *
 * Compression: the name being answered always stands somewhere in the message, in the question or as the
 * target of the CNAME written last, and every owner the answer needs is that name or an ancestor of it, or a
 * name server of the referral just written. So an owner is a pointer, found by walking labels.
 *
 * Records that do not fit set TC; answer_finish() then leaves question and OPT only (RFC 2181 section 9: a
 * client must not use a truncated RRset, so none is sent).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/wire.h"
#include "dnsd/opt.h"
#include "dnsd/protocol.h"
#include "dnsd/query.h"
#include "zones/zones.h"

enum answer_section { ANSWER_ANSWER, ANSWER_AUTHORITY, ANSWER_ADDITIONAL };

struct answer {
    struct wire_writer w; /* ends before the room kept for OPT */
    const struct query *query;
    const struct opt_offer *offer;
    size_t records_at; /* where the question ends */
    size_t opt_size;
    uint16_t flags; /* AA, TC */
    uint16_t rcode; /* enum protocol_rcode, extended */
    uint16_t counts[3];
    uint8_t scope;          /* ECS SCOPE PREFIX-LENGTH: longest of all that was used */
    uint16_t error;         /* enum protocol_error, 0: none */
    const char *error_text; /* NULL: none */
};

/* A name that stands in the message. */
struct answer_name {
    uint16_t at;    /* offset in the message */
    uint8_t length; /* octets when written out */
};

/* `limit` is the most octets the message may have, at least UDP_SIZE_PLAIN. Query and offer must live until
 * answer_finish(). */
void answer_begin(struct answer *a, const struct query *query, const struct opt_offer *offer, uint8_t *out,
                  size_t limit);
/* No records, but TC: the client is to come back over TCP. */
void answer_truncate(struct answer *a);
/* No records, but this code; `error` (0: none) and `text` (NULL: none) go to clients with EDNS, RFC 8914. */
void answer_error(struct answer *a, uint16_t rcode, uint16_t error, const char *text);
/* The size of the message. */
size_t answer_finish(struct answer *a);

/* The question's name. */
struct answer_name answer_question_name(const struct answer *a);
/* The last `length` octets of a name, on a label boundary. */
struct answer_name answer_ancestor(const struct answer *a, struct answer_name name, uint8_t length);

/* Whether two names that stand in the message are the same. */
bool answer_same_name(const struct answer *a, struct answer_name name, struct answer_name other);

/* An RRset owned by `owner` from the zone whose origin stands at `origin`. Returns the offset of its first
 * record. */
size_t answer_rrset(struct answer *a, enum answer_section section, const struct zones_rrset *rrset,
                    struct answer_name owner, struct answer_name origin);
/* One finished record that begins with a pointer to offset 12. */
void answer_record(struct answer *a, enum answer_section section, const uint8_t *octets, size_t size,
                   struct answer_name owner);
/* The A and AAAA RRsets of a name server of the NS RRset that stands at `ns_at`. */
void answer_glue(struct answer *a, const struct zones_glue *glue, size_t ns_at, const struct zone *zone,
                 struct answer_name origin);
/* The same, or nothing: for glue that no resolver depends on. */
void answer_glue_if_it_fits(struct answer *a, const struct zones_glue *glue, size_t ns_at,
                            const struct zone *zone, struct answer_name origin);
/* The CNAME that stands for a DNAME (RFC 6672 section 3.1), with `target` written out. Returns where the
 * target stands. */
struct answer_name answer_synthesised_cname(struct answer *a, struct answer_name owner, uint32_t ttl_s,
                                            const uint8_t *target);
