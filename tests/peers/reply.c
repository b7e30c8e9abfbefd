// SPDX-License-Identifier: MIT
#include "tests/peers/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_SIZE = 12,
    FLAG_QR = 0x8000,
    FLAG_AA = 0x0400,
    FLAG_TC = 0x0200,
    FLAGS_COMPARED = 0x79f0, /* opcode, RD, RA, Z, AD, CD */
};

/* --- decoding ----------------------------------------------------------------------------------------------- */

static int compare_records(const void *left, const void *right)
{
    const struct reply_record *a = left, *b = right;
    return strcmp(a->text, b->text);
}

/* Of sorted records that are equal, the first is kept. */
static bool drop_repeated(struct reply_records *out)
{
    size_t kept = 0, count = out->count;
    for (size_t i = 0; i < count; i++) {
        struct reply_record record = out->records[i];
        if (kept > 0 && strcmp(out->records[kept - 1].text, record.text) == 0) {
            ldns_rr_free(record.rr);
            free(record.text);
        } else {
            out->records[kept++] = record;
        }
    }
    out->count = kept;
    return kept < count;
}

static bool take_section(struct reply_records *out, const ldns_rr_list *list)
{
    size_t count = ldns_rr_list_rr_count(list);
    out->records = calloc(count + 1, sizeof *out->records);
    for (size_t i = 0; i < count; i++) {
        const ldns_rr *rr = ldns_rr_list_rr(list, i);
        if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_RRSIG)
            continue;
        struct reply_record *record = &out->records[out->count++];
        record->rr = ldns_rr_clone(rr);
        ldns_rr2canonical(record->rr);
        record->text = ldns_rr2str(record->rr);
    }
    if (out->count)
        qsort(out->records, out->count, sizeof *out->records, compare_records);
    return drop_repeated(out);
}

void reply_decode(struct reply *reply, const uint8_t *octets, size_t size)
{
    memset(reply, 0, sizeof *reply);
    reply->size = size;
    if (size < HEADER_SIZE || ldns_wire2pkt(&reply->packet, octets, size) != LDNS_STATUS_OK) {
        reply->packet = NULL;
        return;
    }
    reply->flags = (uint16_t)(octets[2] << 8 | (octets[3] & 0xf0));
    reply->rcode = (unsigned)ldns_pkt_get_rcode(reply->packet) |
                   (unsigned)ldns_pkt_edns_extended_rcode(reply->packet) << 4;
    reply->has_opt = ldns_pkt_edns(reply->packet);
    reply->repeats |= take_section(&reply->sections[REPLY_ANSWER], ldns_pkt_answer(reply->packet));
    reply->repeats |= take_section(&reply->sections[REPLY_AUTHORITY], ldns_pkt_authority(reply->packet));
    reply->repeats |= take_section(&reply->sections[REPLY_ADDITIONAL], ldns_pkt_additional(reply->packet));
}

void reply_free(struct reply *reply)
{
    for (size_t s = 0; s < REPLY_SECTIONS; s++) {
        for (size_t i = 0; i < reply->sections[s].count; i++) {
            ldns_rr_free(reply->sections[s].records[i].rr);
            free(reply->sections[s].records[i].text);
        }
        free(reply->sections[s].records);
    }
    ldns_pkt_free(reply->packet);
}

/* --- comparing ---------------------------------------------------------------------------------------------- */

bool reply_same_section(const struct reply *a, const struct reply *b, enum reply_section section)
{
    const struct reply_records *left = &a->sections[section], *right = &b->sections[section];
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (strcmp(left->records[i].text, right->records[i].text) != 0)
            return false;
    return true;
}

bool reply_has(const struct reply_records *records, const char *text)
{
    for (size_t i = 0; i < records->count; i++)
        if (strcmp(records->records[i].text, text) == 0)
            return true;
    return false;
}

bool reply_within(const struct reply_records *part, const struct reply_records *whole)
{
    for (size_t i = 0; i < part->count; i++)
        if (!reply_has(whole, part->records[i].text))
            return false;
    return true;
}

bool reply_is_referral(const struct reply *reply)
{
    const struct reply_records *authority = &reply->sections[REPLY_AUTHORITY];
    return authority->count > 0 && ldns_rr_get_type(authority->records[0].rr) == LDNS_RR_TYPE_NS;
}

static bool same_question(const struct reply *a, const struct reply *b)
{
    const ldns_rr_list *left = ldns_pkt_question(a->packet), *right = ldns_pkt_question(b->packet);
    if (ldns_rr_list_rr_count(left) != ldns_rr_list_rr_count(right))
        return false;
    return ldns_rr_list_rr_count(left) == 0 ||
           ldns_rr_compare(ldns_rr_list_rr(left, 0), ldns_rr_list_rr(right, 0)) == 0;
}

static bool same_edns(const struct reply *a, const struct reply *b)
{
    if (a->has_opt != b->has_opt)
        return false;
    return !a->has_opt || (ldns_pkt_edns_version(a->packet) == ldns_pkt_edns_version(b->packet) &&
                           ldns_pkt_edns_do(a->packet) == ldns_pkt_edns_do(b->packet));
}

static unsigned compare_records_of(const struct reply *a, const struct reply *b)
{
    unsigned found = 0;
    if (!reply_same_section(a, b, REPLY_ANSWER))
        found |= REPLY_ANSWERS;
    if (!reply_same_section(a, b, REPLY_AUTHORITY))
        found |= REPLY_AUTHORITIES;
    if (reply_is_referral(a) && reply_is_referral(b) && !reply_same_section(a, b, REPLY_ADDITIONAL))
        found |= REPLY_GLUE;
    return found;
}

unsigned reply_compare(const struct reply *ours, const struct reply *theirs)
{
    if (!ours->packet || !theirs->packet)
        return ours->size == 0 && theirs->size == 0 ? 0 : REPLY_SILENCE;
    unsigned found = 0;
    if (ours->rcode != theirs->rcode)
        found |= REPLY_RCODE;
    if ((ours->flags ^ theirs->flags) & FLAG_AA)
        found |= REPLY_AA;
    if ((ours->flags ^ theirs->flags) & FLAGS_COMPARED)
        found |= REPLY_FLAGS;
    if (!same_question(ours, theirs))
        found |= REPLY_QUESTION;
    if (!same_edns(ours, theirs))
        found |= REPLY_EDNS;
    if ((ours->flags ^ theirs->flags) & FLAG_TC)
        found |= REPLY_TC;
    else if (!(ours->flags & FLAG_TC))
        found |= compare_records_of(ours, theirs);
    return found;
}

/* --- what our own answers promise ------------------------------------------------------------------------------ */

/* The first answer is owned by the question's name or, a DNAME, by an ancestor of it: in the case asked. */
static bool keeps_case(const struct reply *reply, const struct question *q)
{
    const ldns_rr_list *answers = ldns_pkt_answer(reply->packet);
    if (ldns_rr_list_rr_count(answers) == 0)
        return true;
    const ldns_rdf *owner = ldns_rr_owner(ldns_rr_list_rr(answers, 0));
    size_t length = ldns_rdf_size(owner);
    return length <= q->name.length &&
           memcmp(ldns_rdf_data(owner), q->name.octets + q->name.length - length, length) == 0;
}

const char *reply_broken_promise(const struct reply *reply, const struct question *q, const uint8_t *octets)
{
    size_t question = q->name.length + 4u;
    if (reply->size == 0)
        return q->oddity ? NULL : "silence";
    if (reply->packet == NULL)
        return "ldns cannot decode it";
    if (reply->size > question_limit(q))
        return "larger than it may be";
    if (memcmp(octets, q->packet, 2) != 0 || !(reply->flags & FLAG_QR))
        return "not the answer to this query";
    if (q->oddity)
        return NULL;
    if (reply->size < HEADER_SIZE + question || octets[4] != 0 || octets[5] != 1 ||
        memcmp(octets + HEADER_SIZE, q->packet + HEADER_SIZE, question) != 0)
        return "not the question as it was asked";
    if ((reply->flags & FLAG_TC) && reply->sections[REPLY_ANSWER].count > 0)
        return "truncated, but with an answer";
    if (!reply_is_referral(reply) && reply->sections[REPLY_ADDITIONAL].count > 0)
        return "additional records that nobody needs";
    if (!keeps_case(reply, q))
        return "the owner is not in the case asked";
    if (reply->repeats)
        return "a record stands there twice";
    return NULL;
}

/* --- for people ------------------------------------------------------------------------------------------------- */

const char *reply_difference_text(unsigned differences, char out[128])
{
    static const char *const texts[] = {"silence",  "rcode", "aa",      "tc",        "flags",
                                        "question", "edns",  "answers", "authority", "glue"};
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (differences & 1u << i)
            at += (size_t)snprintf(out + at, 128 - at, "%s%s", at ? " " : "", texts[i]);
    return out;
}

void reply_print(const char *server, const struct reply *reply)
{
    static const char *const sections[] = {"answer", "authority", "additional"};
    if (reply->packet == NULL) {
        printf("  %s: %s\n", server, reply->size ? "octets that ldns cannot decode" : "silence");
        return;
    }
    printf("  %s: rcode %u, flags %04x%s, %zu octets\n", server, reply->rcode, reply->flags,
           reply->has_opt ? ", OPT" : "", reply->size);
    enum { SHOWN_MAX = 8 };
    for (size_t s = 0; s < REPLY_SECTIONS; s++)
        for (size_t i = 0; i < reply->sections[s].count && i < SHOWN_MAX; i++)
            printf("    %-10s %s", sections[s], reply->sections[s].records[i].text);
}
