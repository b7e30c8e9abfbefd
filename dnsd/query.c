// SPDX-License-Identifier: MIT
#include "dnsd/query.h"

#include <string.h>

#include "core/base/wire.h"
#include "dnsd/protocol.h"

#define OWNER_POINTER_BITS 0xc0

/* The question's name: labels only. Nothing stands before it that a pointer could point to. */
static bool read_name(struct wire_reader *r, struct query *q)
{
    const uint8_t *name = r->at;
    size_t length = 0;
    unsigned labels = 0;
    for (;;) {
        unsigned label = wire_u8(r);
        if (!r->ok || label > 63 || length + label + 1 > DNAME_MAX)
            return false;
        length += label + 1;
        if (label == 0)
            break;
        wire_take(r, label);
        labels++;
    }
    if (!r->ok)
        return false;
    dname_lower(q->name, name, length);
    q->name_length = (uint8_t)length;
    q->label_count = (uint8_t)labels;
    return true;
}

/* Any record's owner: the root for OPT, otherwise only to be skipped. */
static void skip_owner(struct wire_reader *r, bool *is_root)
{
    unsigned label = wire_u8(r);
    *is_root = r->ok && label == 0;
    while (r->ok && label != 0) {
        if ((label & OWNER_POINTER_BITS) == OWNER_POINTER_BITS) {
            wire_u8(r);
            return;
        }
        if (label > 63)
            r->ok = false;
        wire_take(r, label);
        label = wire_u8(r);
    }
}

/* RFC 7871 section 7.1.2: everything that is not exactly right is FORMERR. */
static bool read_ecs(struct wire_reader r, struct query_ecs *ecs)
{
    uint16_t family = wire_u16(&r);
    uint8_t source = wire_u8(&r), scope = wire_u8(&r);
    size_t size = wire_left(&r);
    if (!r.ok || scope != 0 || ecs->present)
        return false;
    struct addr addr = {0};
    if (family == 1)
        addr.family = ADDR_V4;
    else if (family == 2)
        addr.family = ADDR_V6;
    /* Family 0 has no addresses; `dig +subnet=0` sends it to say "do not use my address". */
    if ((family == 0 && source != 0) || family > 2 || source > 128 || (family == 1 && source > 32) ||
        size != (source + 7u) / 8)
        return false;
    if (size)
        memcpy(addr.octets, r.at, size);
    struct addr masked = addr;
    addr_mask(&masked, source);
    if (!addr_equal(&masked, &addr))
        return false;
    *ecs = (struct query_ecs){true, family, source, addr};
    return true;
}

static bool read_options(struct wire_reader r, struct query *q)
{
    while (wire_left(&r) > 0) {
        uint16_t code = wire_u16(&r), size = wire_u16(&r);
        const uint8_t *data = wire_take(&r, size);
        if (data == NULL)
            return false;
        if (code == OPTION_NSID)
            q->nsid = true;
        else if (code == OPTION_CLIENT_SUBNET && !read_ecs(wire_reader_of(data, size), &q->ecs))
            return false;
    }
    return r.ok;
}

/* RFC 6891 section 6.1: at most one OPT, in the additional section, owned by the root. */
static bool read_opt(struct query *q, bool is_root, uint16_t class, uint32_t ttl, struct wire_reader rdata)
{
    if (q->edns || !is_root)
        return false;
    q->edns = true;
    q->udp_size = class;
    q->edns_version = (uint8_t)(ttl >> 16);
    q->dnssec_ok = (ttl & EDNS_FLAG_DO) != 0;
    /* A later version may mean its options differently: BADVERS comes before their errors. */
    return q->edns_version != 0 || read_options(rdata, q);
}

static bool read_records(struct wire_reader *r, struct query *q, unsigned count, bool additional)
{
    for (; count > 0; count--) {
        bool is_root;
        skip_owner(r, &is_root);
        uint16_t type = wire_u16(r), class = wire_u16(r);
        uint32_t ttl = wire_u32(r);
        uint16_t size = wire_u16(r);
        const uint8_t *rdata = wire_take(r, size);
        if (rdata == NULL)
            return false;
        if (type == TYPE_OPT &&
            (!additional || !read_opt(q, is_root, class, ttl, wire_reader_of(rdata, size))))
            return false;
    }
    return true;
}

/* What may be asked. Types 128..255 ask for more than an RRset (RFC 6895 section 3.1). */
static enum query_outcome judge_question(const struct query *q)
{
    if (q->class != CLASS_IN)
        return QUERY_REFUSED;
    switch (q->type) {
    case 0:
    case TYPE_OPT:
    case TYPE_TKEY:
    case TYPE_TSIG:
        return QUERY_FORMERR;
    case TYPE_IXFR:
    case TYPE_AXFR:
        return QUERY_REFUSED;
    case TYPE_MAILA:
    case TYPE_MAILB:
        return QUERY_NOTIMP;
    default:
        return QUERY_ANSWER;
    }
}

/* Not `*out = {0}`: the name is 255 octets that need no zeroing. */
static void clear(struct query *q, const uint8_t *packet)
{
    q->packet = packet;
    q->type = q->class = 0;
    q->name_length = q->label_count = 0;
    q->edns = q->dnssec_ok = q->nsid = false;
    q->edns_version = 0;
    q->udp_size = 0;
    q->ecs = (struct query_ecs){0};
}

enum query_outcome query_parse(const uint8_t *packet, size_t size, struct query *q)
{
    struct wire_reader r = wire_reader_of(packet, size);
    clear(q, packet);
    q->id = wire_u16(&r);
    q->flags = wire_u16(&r);
    unsigned questions = wire_u16(&r), answers = wire_u16(&r), authorities = wire_u16(&r);
    unsigned additionals = wire_u16(&r);
    if (!r.ok || (q->flags & FLAG_QR))
        return QUERY_DROP;
    if ((q->flags & FLAGS_OPCODE) != OPCODE_QUERY)
        return QUERY_NOTIMP;
    if (questions != 1) /* RFC 9619 */
        return QUERY_FORMERR;
    if (!read_name(&r, q))
        return QUERY_FORMERR;
    q->type = wire_u16(&r);
    q->class = wire_u16(&r);
    if (!r.ok) {
        q->name_length = 0;
        return QUERY_FORMERR;
    }
    if (!read_records(&r, q, answers, false) || !read_records(&r, q, authorities, false) ||
        !read_records(&r, q, additionals, true) || wire_left(&r) != 0)
        return QUERY_FORMERR;
    return q->edns_version != 0 ? QUERY_BADVERS : judge_question(q);
}
