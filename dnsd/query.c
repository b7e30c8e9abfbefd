// SPDX-License-Identifier: MIT
#include "dnsd/query.h"

#include <string.h>

#include "core/base/wire.h"
#include "dnsd/cookie.h"
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

/* RFC 7873 section 5.2: of several cookies the first counts, and a length that none can have is malformed. */
static bool read_cookie(const uint8_t *data, size_t size, struct query *q)
{
    if (q->cookie_size > 0)
        return true;
    if (!cookie_has_sound_size(size))
        return false;
    q->cookie = data;
    q->cookie_size = (uint8_t)size;
    return true;
}

/* False if the option is malformed. Unknown ones are ignored, RFC 6891 section 6.1.2. */
static bool read_option(unsigned code, const uint8_t *data, size_t size, struct query *q)
{
    switch (code) {
    case OPTION_NSID:
        q->nsid = true;
        return true;
    case OPTION_CLIENT_SUBNET:
        return read_ecs(wire_reader_of(data, size), &q->ecs);
    case OPTION_COOKIE:
        return read_cookie(data, size, q);
    case OPTION_TCP_KEEPALIVE:
        q->keepalive = true;
        return true;
    case OPTION_PADDING:
        q->padding = true;
        return true;
    default:
        return true;
    }
}

static bool read_options(struct wire_reader r, struct query *q)
{
    while (wire_left(&r) > 0) {
        uint16_t code = wire_u16(&r), size = wire_u16(&r);
        const uint8_t *data = wire_take(&r, size);
        if (data == NULL || !read_option(code, data, size, q))
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

/* What may be asked. Meta types are no data that a name could have (RFC 6895 section 3.1): those nobody assigned
 * and those that only go along with a message are malformed questions, as BIND has it. */
static enum query_outcome judge_question(const struct query *q)
{
    if (q->class == CLASS_CH && (q->type == TYPE_TXT || q->type == TYPE_ANY))
        return QUERY_CHAOS;
    if (q->class != CLASS_IN)
        return QUERY_REFUSED;
    switch (q->type) {
    case TYPE_ANY:
        return QUERY_ANSWER;
    case TYPE_IXFR:
    case TYPE_AXFR:
        return QUERY_TRANSFER;
    case TYPE_MAILA:
    case TYPE_MAILB:
        return QUERY_NOTIMP;
    case TYPE_OPT:
        return QUERY_BAD_TYPE;
    default:
        return q->type >= TYPE_META_FIRST && q->type <= TYPE_META_LAST ? QUERY_BAD_TYPE : QUERY_ANSWER;
    }
}

/* Not `*out = {0}`: the name is 255 octets that need no zeroing. */
static void clear(struct query *q, const uint8_t *packet)
{
    q->packet = packet;
    q->type = q->class = 0;
    q->name_length = q->label_count = 0;
    q->edns = q->dnssec_ok = q->nsid = q->keepalive = q->padding = false;
    q->cookie = NULL;
    q->cookie_size = 0;
    q->edns_version = 0;
    q->udp_size = 0;
    q->ecs = (struct query_ecs){0};
}

static bool read_question(struct wire_reader *r, struct query *q)
{
    bool named = read_name(r, q);
    q->type = wire_u16(r);
    q->class = wire_u16(r);
    if (!named || !r->ok)
        q->name_length = 0;
    return q->name_length > 0;
}

/* Whatever follows the last record is ignored, as BIND and NSD do. */
static bool read_body(struct wire_reader *r, struct query *q, const uint16_t counts[4])
{
    return (counts[0] == 0 || read_question(r, q)) && read_records(r, q, counts[1], false) &&
           read_records(r, q, counts[2], false) && read_records(r, q, counts[3], true);
}

enum query_outcome query_parse(const uint8_t *packet, size_t size, struct query *q)
{
    struct wire_reader r = wire_reader_of(packet, size);
    uint16_t counts[4]; /* question, answer, authority, additional */
    clear(q, packet);
    q->id = wire_u16(&r);
    q->flags = wire_u16(&r);
    for (unsigned i = 0; i < 4; i++)
        counts[i] = wire_u16(&r);
    if (!r.ok || (q->flags & FLAG_QR))
        return QUERY_DROP;
    bool too_many = counts[0] > 1; /* RFC 9619 */
    bool sound = !too_many && read_body(&r, q, counts);
    if ((q->flags & FLAGS_OPCODE) !=
        OPCODE_QUERY) /* its body may mean anything; if it reads like ours, fine */
        return QUERY_NOTIMP;
    if (!sound)
        return QUERY_FORMERR;
    if (q->edns_version != 0)
        return QUERY_BADVERS;
    if (counts[0] == 0)
        return q->cookie_size > 0 ? QUERY_COOKIE : QUERY_FORMERR;
    return judge_question(q);
}
