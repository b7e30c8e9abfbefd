// SPDX-License-Identifier: MIT
#include "dnsd/answer.h"

#include <string.h>

#define LABEL_MAX 63

void answer_begin(struct answer *a, const struct query *query, const struct opt_offer *offer, uint8_t *out,
                  size_t limit)
{
    a->query = query;
    a->offer = offer;
    a->opt_size = opt_size(query, offer);
    a->w = wire_writer_of(out, limit - a->opt_size);
    a->flags = 0;
    a->counts[0] = a->counts[1] = a->counts[2] = 0;
    a->rcode = RCODE_NOERROR;
    a->scope = 0;
    a->error = 0;
    a->error_text = NULL;
    wire_reserve(&a->w, HEADER_SIZE);
    if (query->name_length > 0) /* as it was asked: the case is the client's (RFC 4343) */
        wire_put(&a->w, query->packet + HEADER_SIZE, query->name_length + 4u);
    a->records_at = wire_written(&a->w);
}

static void put_header(const struct answer *a, uint16_t flags)
{
    const struct query *q = a->query;
    struct wire_writer header = wire_writer_of(a->w.start, HEADER_SIZE);
    wire_put16(&header, q->id);
    wire_put16(&header, FLAG_QR | (q->flags & (FLAGS_OPCODE | FLAG_RD)) | flags | (a->rcode & 0xf));
    wire_put16(&header, q->name_length > 0);
    wire_put16(&header, a->counts[ANSWER_ANSWER]);
    wire_put16(&header, a->counts[ANSWER_AUTHORITY]);
    wire_put16(&header, a->counts[ANSWER_ADDITIONAL] + (a->opt_size > 0 ? 1u : 0u));
}

static void drop_records(struct answer *a)
{
    a->w.at = a->w.start + a->records_at;
    a->w.ok = true;
    a->counts[0] = a->counts[1] = a->counts[2] = 0;
}

void answer_truncate(struct answer *a)
{
    drop_records(a);
    a->flags |= FLAG_TC;
}

void answer_error(struct answer *a, uint16_t rcode, uint16_t error, const char *text)
{
    drop_records(a);
    a->flags = 0;
    a->rcode = rcode;
    a->error = error;
    a->error_text = text;
}

size_t answer_finish(struct answer *a)
{
    if (!a->w.ok)
        answer_truncate(a);
    a->w.end += a->opt_size;
    const struct opt_result result = {a->rcode, a->scope, a->error, a->error_text};
    if (a->opt_size > 0)
        opt_put(&a->w, a->query, a->offer, &result);
    put_header(a, a->flags);
    return wire_written(&a->w);
}

/* Where the label stands that `at` is, or points to. */
static uint16_t follow_pointers(const uint8_t *message, uint16_t at)
{
    while ((message[at] & 0xc0) == 0xc0)
        at = wire_load16(message + at) & POINTER_REACH;
    return at;
}

static bool same_label(const uint8_t *label, const uint8_t *other)
{
    uint8_t lower[2][LABEL_MAX];
    if (label[0] != other[0])
        return false;
    dname_lower(lower[0], label + 1, label[0]);
    dname_lower(lower[1], other + 1, other[0]);
    return memcmp(lower[0], lower[1], label[0]) == 0;
}

bool answer_same_name(const struct answer *a, struct answer_name name, struct answer_name other)
{
    const uint8_t *message = a->w.start;
    uint16_t at = name.at, other_at = other.at;
    if (name.length != other.length)
        return false;
    for (;;) {
        at = follow_pointers(message, at);
        other_at = follow_pointers(message, other_at);
        if (!same_label(message + at, message + other_at))
            return false;
        if (message[at] == 0)
            return true;
        at = (uint16_t)(at + message[at] + 1);
        other_at = (uint16_t)(other_at + message[other_at] + 1);
    }
}

struct answer_name answer_question_name(const struct answer *a)
{
    return (struct answer_name){HEADER_SIZE, a->query->name_length};
}

struct answer_name answer_ancestor(const struct answer *a, struct answer_name name, uint8_t length)
{
    const uint8_t *message = a->w.start;
    if (name.at == HEADER_SIZE) /* the question's name holds no pointer */
        return (struct answer_name){(uint16_t)(HEADER_SIZE + name.length - length), length};
    uint16_t at = name.at;
    for (unsigned left = name.length;;) {
        at = follow_pointers(message, at);
        if (left <= length)
            return (struct answer_name){at, length};
        left -= message[at] + 1u;
        at = (uint16_t)(at + message[at] + 1);
    }
}

static void point_owners(uint8_t *octets, size_t size, uint16_t owner_at)
{
    for (size_t at = 0; at < size; at += RECORD_FIXED_SIZE + (size_t)wire_load16(octets + at + 10))
        wire_store16(octets + at, POINTER | owner_at);
}

/* The finished octets hold the value for a question that is the RRset's owner; often that is this question. */
static void point_origins(uint8_t *octets, const struct zones_rrset *rrset, uint16_t origin_at)
{
    if (rrset->origin_ref_count == 0 || wire_load16(octets + rrset->origin_refs[0]) == (POINTER | origin_at))
        return;
    for (unsigned i = 0; i < rrset->origin_ref_count; i++)
        wire_store16(octets + rrset->origin_refs[i], POINTER | origin_at);
}

size_t answer_rrset(struct answer *a, enum answer_section section, const struct zones_rrset *rrset,
                    struct answer_name owner, struct answer_name origin)
{
    size_t at = wire_written(&a->w);
    uint8_t *octets = wire_reserve(&a->w, rrset->size);
    if (octets == NULL)
        return at;
    memcpy(octets, rrset->octets, rrset->size);
    if (owner.at != HEADER_SIZE)
        point_owners(octets, rrset->size, owner.at);
    point_origins(octets, rrset, origin.at);
    a->counts[section] = (uint16_t)(a->counts[section] + rrset->count);
    return at;
}

void answer_record(struct answer *a, enum answer_section section, const uint8_t *octets, size_t size,
                   struct answer_name owner)
{
    uint8_t *record = wire_reserve(&a->w, size);
    if (record == NULL)
        return;
    memcpy(record, octets, size);
    if (owner.at != HEADER_SIZE)
        wire_store16(record, POINTER | owner.at);
    a->counts[section]++;
}

/* Writes `name`, as it stands in the zone file, against the origin. */
static struct answer_name put_name(struct answer *a, const uint8_t *name, const uint8_t *origin_name,
                                   struct answer_name origin)
{
    uint8_t lower[DNAME_MAX];
    size_t length = dname_length(name), at = wire_written(&a->w);
    dname_lower(lower, name, length);
    if (dname_is_under(lower, origin_name)) {
        wire_put(&a->w, name, length - origin.length);
        wire_put16(&a->w, POINTER | origin.at);
    } else {
        wire_put(&a->w, name, length);
    }
    return (struct answer_name){(uint16_t)at, (uint8_t)length};
}

/* The octets of an address RRset, the first record with its owner written out, further ones pointing to it (unless
 * no pointer reaches that far, RFC 1035 section 4.1.4). */
static void put_named_rrset(struct answer *a, const struct zones_rrset *rrset, const uint8_t *owner,
                            const uint8_t *origin_name, struct answer_name origin)
{
    struct answer_name name = {0, 0};
    for (size_t at = 0, next; at < rrset->size; at = next) {
        next = at + RECORD_FIXED_SIZE + wire_load16(rrset->octets + at + 10);
        if (at == 0 || name.at > POINTER_REACH)
            name = put_name(a, owner, origin_name, origin);
        else
            wire_put16(&a->w, POINTER | name.at);
        wire_put(&a->w, rrset->octets + at + 2, next - at - 2);
    }
    a->counts[ANSWER_ADDITIONAL] = (uint16_t)(a->counts[ANSWER_ADDITIONAL] + rrset->count);
}

static void put_glue(struct answer *a, const struct zones_glue *glue, const struct zones_rrset *rrset,
                     const struct zone *zone, struct answer_name server, struct answer_name origin)
{
    if (rrset == NULL)
        return;
    if (server.at <= POINTER_REACH)
        answer_rrset(a, ANSWER_ADDITIONAL, rrset, server, origin);
    else
        put_named_rrset(a, rrset, glue->owner, zone->origin, origin);
}

void answer_glue(struct answer *a, const struct zones_glue *glue, size_t ns_at, const struct zone *zone,
                 struct answer_name origin)
{
    struct answer_name server = {(uint16_t)(ns_at + glue->name_at), (uint8_t)dname_length(glue->owner)};
    put_glue(a, glue, glue->a, zone, server, origin);
    put_glue(a, glue, glue->aaaa, zone, server, origin);
}

void answer_glue_if_it_fits(struct answer *a, const struct zones_glue *glue, size_t ns_at,
                            const struct zone *zone, struct answer_name origin)
{
    struct wire_writer before = a->w;
    uint16_t count = a->counts[ANSWER_ADDITIONAL];
    answer_glue(a, glue, ns_at, zone, origin);
    if (a->w.ok || !before.ok)
        return;
    a->w = before;
    a->counts[ANSWER_ADDITIONAL] = count;
}

struct answer_name answer_synthesised_cname(struct answer *a, struct answer_name owner, uint32_t ttl_s,
                                            const uint8_t *target)
{
    size_t length = dname_length(target);
    wire_put16(&a->w, POINTER | owner.at);
    wire_put16(&a->w, TYPE_CNAME);
    wire_put16(&a->w, CLASS_IN);
    wire_put32(&a->w, ttl_s);
    wire_put16(&a->w, (unsigned)length);
    struct answer_name name = {(uint16_t)wire_written(&a->w), (uint8_t)length};
    wire_put(&a->w, target, length);
    a->counts[ANSWER_ANSWER]++;
    return name;
}
