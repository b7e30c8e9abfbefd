// SPDX-License-Identifier: MIT
/*
 * reply - an answer, decoded by ldns and brought into a form in which two servers' answers can be compared:
 * records in canonical form (RFC 4034 section 6.2), sorted, each once, without OPT and RRSIG.
 */
#pragma once

#include <ldns/ldns.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/peers/question.h"

enum reply_section { REPLY_ANSWER, REPLY_AUTHORITY, REPLY_ADDITIONAL, REPLY_SECTIONS };

/* What two replies can differ in. */
enum reply_difference {
    REPLY_SILENCE = 1,   /* one answered, the other did not; or what came is no DNS message */
    REPLY_RCODE = 2,     /* extended by EDNS */
    REPLY_AA = 4,        /* RFC 1034 section 4.3.2 */
    REPLY_TC = 8,        /* then nothing else of the records is compared */
    REPLY_FLAGS = 16,    /* opcode, RD, RA, Z, AD, CD */
    REPLY_QUESTION = 32, /* the question section */
    REPLY_EDNS = 64,     /* presence of OPT, its version and flags */
    REPLY_ANSWERS = 128, /* the answer section */
    REPLY_AUTHORITIES = 256,
    REPLY_GLUE = 512, /* the additional section of a referral */
};

struct reply_record {
    ldns_rr *rr; /* canonical */
    char *text;
};

struct reply_records {
    struct reply_record *records;
    size_t count;
};

struct reply {
    size_t size;      /* 0: silence */
    ldns_pkt *packet; /* NULL: ldns cannot decode it */
    uint16_t flags;   /* the header's, without the rcode */
    unsigned rcode;
    bool has_opt;
    bool repeats; /* some record stood in a section twice */
    struct reply_records sections[REPLY_SECTIONS];
};

void reply_decode(struct reply *reply, const uint8_t *octets, size_t size);
void reply_free(struct reply *reply);

/* A set of enum reply_difference. */
unsigned reply_compare(const struct reply *ours, const struct reply *theirs);
bool reply_is_referral(const struct reply *reply);
bool reply_same_section(const struct reply *a, const struct reply *b, enum reply_section section);
bool reply_has(const struct reply_records *records, const char *text);
/* Is every record of `part` in `whole`? */
bool reply_within(const struct reply_records *part, const struct reply_records *whole);
/* NULL, or the promise that our answer to the question breaks: it fits, has the question as asked, no half RRset, no
 * record twice, owners in the case asked, nothing additional that nobody needs. */
const char *reply_broken_promise(const struct reply *reply, const struct question *q, const uint8_t *octets);
void reply_print(const char *server, const struct reply *reply);
/* "rcode answer", ... of a set of differences, into `out`. */
const char *reply_difference_text(unsigned differences, char out[128]);
