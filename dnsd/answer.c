// SPDX-License-Identifier: MIT
#include "dnsd/answer.h"

#include <string.h>

enum { ECS_FIXED_SIZE = 8, NSID_FIXED_SIZE = 4 }; /* option code and length included */

static size_t ecs_octets(const struct query_ecs *ecs)
{
    return (ecs->source + 7u) / 8;
}

static size_t opt_size(const struct query *query, const char *nsid)
{
    if (!query->edns)
        return 0;
    size_t size = OPT_SIZE;
    if (query->nsid && nsid != NULL)
        size += NSID_FIXED_SIZE + strlen(nsid);
    if (query->ecs.present)
        size += ECS_FIXED_SIZE + ecs_octets(&query->ecs);
    return size;
}

void answer_begin(struct answer *a, const struct query *query, const char *nsid, uint8_t *out, size_t limit)
{
    a->query = query;
    a->nsid = nsid;
    a->opt_size = opt_size(query, nsid);
    a->w = wire_writer_of(out, limit - a->opt_size);
    a->flags = 0;
    a->rcode = RCODE_NOERROR;
    a->counts[0] = a->counts[1] = a->counts[2] = 0;
    a->scope = 0;
    wire_reserve(&a->w, HEADER_SIZE);
    if (query->name_length > 0) /* as it was asked: the case is the client's (RFC 4343) */
        wire_put(&a->w, query->packet + HEADER_SIZE, query->name_length + 4u);
    a->records_at = wire_written(&a->w);
}

/* RFC 6891 section 6.1.2 and 6.1.3. */
static void put_opt(struct answer *a)
{
    const struct query *q = a->query;
    wire_put8(&a->w, 0);
    wire_put16(&a->w, TYPE_OPT);
    wire_put16(&a->w, UDP_SIZE_EDNS);
    wire_put8(&a->w, a->rcode >> 4);
    wire_put8(&a->w, 0);
    wire_put16(&a->w, q->dnssec_ok ? EDNS_FLAG_DO : 0);
    wire_put16(&a->w, (unsigned)(a->opt_size - OPT_SIZE));
    if (q->nsid && a->nsid != NULL) {
        wire_put16(&a->w, OPTION_NSID);
        wire_put16(&a->w, (unsigned)strlen(a->nsid));
        wire_put(&a->w, a->nsid, strlen(a->nsid));
    }
    if (q->ecs.present) { /* only to those who sent it, RFC 7871 section 7.2.2 */
        wire_put16(&a->w, OPTION_CLIENT_SUBNET);
        wire_put16(&a->w, (unsigned)(ECS_FIXED_SIZE - 4 + ecs_octets(&q->ecs)));
        wire_put16(&a->w, q->ecs.family);
        wire_put8(&a->w, q->ecs.source);
        wire_put8(&a->w, a->scope);
        wire_put(&a->w, q->ecs.addr.octets, ecs_octets(&q->ecs));
    }
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

size_t answer_finish(struct answer *a)
{
    uint16_t flags = a->flags;
    if (!a->w.ok) {
        flags |= FLAG_TC;
        a->w.at = a->w.start + a->records_at;
        a->w.ok = true;
        a->counts[0] = a->counts[1] = a->counts[2] = 0;
    }
    a->w.end += a->opt_size;
    if (a->opt_size > 0)
        put_opt(a);
    put_header(a, flags);
    return wire_written(&a->w);
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
        if ((message[at] & 0xc0) == 0xc0) {
            at = wire_load16(message + at) & POINTER_REACH;
            continue;
        }
        if (left <= length)
            return (struct answer_name){at, length};
        left -= message[at] + 1u;
        at = (uint16_t)(at + message[at] + 1);
    }
}

bool answer_name_is(const struct answer *a, struct answer_name name, const uint8_t *lower)
{
    const uint8_t *message = a->w.start;
    for (uint16_t at = name.at;;) {
        if ((message[at] & 0xc0) == 0xc0) {
            at = wire_load16(message + at) & POINTER_REACH;
            continue;
        }
        uint8_t label[64];
        size_t size = message[at] + 1u;
        dname_lower(label, message + at, size);
        if (*label != *lower || memcmp(label, lower, size) != 0)
            return false;
        if (size == 1)
            return true;
        at = (uint16_t)(at + size);
        lower += size;
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

void answer_glue(struct answer *a, const struct zones_glue *glue, size_t ns_at)
{
    size_t at = ns_at + glue->name_at;
    if (at > POINTER_REACH) /* several hundred name servers: those before it must do */
        return;
    struct answer_name owner = {(uint16_t)at, 0}, origin = {HEADER_SIZE, 0}; /* addresses name nothing */
    if (glue->a != NULL)
        answer_rrset(a, ANSWER_ADDITIONAL, glue->a, owner, origin);
    if (glue->aaaa != NULL)
        answer_rrset(a, ANSWER_ADDITIONAL, glue->aaaa, owner, origin);
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
