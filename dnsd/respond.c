// SPDX-License-Identifier: MIT
#include "dnsd/respond.h"

#include <string.h>

#include "dnsd/answer.h"
#include "dnsd/query.h"
#include "dnsd/steer.h"

/* CNAMEs and DNAMEs followed for one question. A longer chain ends with the sixteenth, as a resolver's own
 * limit would have it. */
#define CHAIN_MAX 16

/* Following the name that is asked for through the zones. */
struct walk {
    const struct serving *serving;
    const struct respond_client *client;
    const struct query *query;
    struct answer *answer;
    const uint8_t *name;                 /* the name looked up now, lower case */
    struct answer_name where;            /* and where it stands in the message */
    unsigned links;                      /* CNAMEs so far */
    struct answer_name trail[CHAIN_MAX]; /* their owners */
    unsigned dname_count;
    const struct zones_rrset *dnames[CHAIN_MAX]; /* that stand in the answer */
    uint8_t synthesised[DNAME_MAX];              /* room for the last name a DNAME led to */
};

enum walk_step { WALK_DONE, WALK_ON };

static struct answer_name origin_of(const struct walk *walk, const struct zones_match *match)
{
    return answer_ancestor(walk->answer, walk->where, match->zone->origin_length);
}

static void put_rrset(struct walk *walk, const struct zones_match *match, const struct zones_rrset *rrset)
{
    answer_rrset(walk->answer, ANSWER_ANSWER, rrset, walk->where, origin_of(walk, match));
}

/* RFC 2308 section 2: NXDOMAIN and NODATA carry the SOA, from which the negative TTL comes. */
static void put_negative(struct walk *walk, const struct zones_match *match, enum protocol_rcode rcode)
{
    struct answer_name origin = origin_of(walk, match);
    answer_rrset(walk->answer, ANSWER_AUTHORITY, match->zone->negative_soa, origin, origin);
    walk->answer->rcode = rcode; /* of the last name in a chain, RFC 6604 section 2.1 */
}

static void put_referral(struct walk *walk, const struct zones_match *match)
{
    struct answer *a = walk->answer;
    struct answer_name cut = answer_ancestor(a, walk->where, match->node->owner_length);
    struct answer_name origin = origin_of(walk, match);
    size_t at = answer_rrset(a, ANSWER_AUTHORITY, match->rrset, cut, origin);
    for (unsigned i = 0; i < match->node->glue_count; i++)
        answer_glue(a, &match->node->glue[i], at);
}

/* On with the target of a CNAME, unless that has been looked up already: a loop ends where it would repeat
 * what stands in the answer. */
static enum walk_step go_on(struct walk *walk, const uint8_t *target, struct answer_name where)
{
    if (!walk->answer->w.ok)
        return WALK_DONE;
    walk->trail[walk->links++] = walk->where;
    for (unsigned i = 0; i < walk->links; i++)
        if (walk->trail[i].length == where.length && answer_name_is(walk->answer, walk->trail[i], target))
            return WALK_DONE;
    walk->name = target;
    walk->where = where;
    return WALK_ON;
}

static enum walk_step follow_cname(struct walk *walk, const struct zones_match *match)
{
    const struct zones_rrset *cname = match->rrset;
    size_t at = answer_rrset(walk->answer, ANSWER_ANSWER, cname, walk->where, origin_of(walk, match));
    return go_on(
        walk, cname->target,
        (struct answer_name){(uint16_t)(at + RECORD_FIXED_SIZE), (uint8_t)dname_length(cname->target)});
}

/* A chain may come by the same DNAME again and again: it stands in the answer once. */
static void put_dname(struct walk *walk, const struct zones_match *match)
{
    for (unsigned i = 0; i < walk->dname_count; i++)
        if (walk->dnames[i] == match->rrset)
            return;
    walk->dnames[walk->dname_count++] = match->rrset;
    struct answer_name owner = answer_ancestor(walk->answer, walk->where, match->node->owner_length);
    answer_rrset(walk->answer, ANSWER_ANSWER, match->rrset, owner, origin_of(walk, match));
}

/* RFC 6672 section 3: the DNAME, the CNAME it stands for, and on with the CNAME's target. */
static enum walk_step follow_dname(struct walk *walk, const struct zones_match *match)
{
    struct answer *a = walk->answer;
    const struct zones_rrset *dname = match->rrset;
    put_dname(walk, match);

    size_t prefix = walk->where.length - (size_t)match->node->owner_length;
    size_t target = dname_length(dname->target);
    if (prefix + target > DNAME_MAX) {
        a->rcode = RCODE_YXDOMAIN;
        return WALK_DONE;
    }
    memmove(walk->synthesised, walk->name, prefix);
    memcpy(walk->synthesised + prefix, dname->target, target);
    struct answer_name where = answer_synthesised_cname(a, walk->where, dname->ttl_s, walk->synthesised);
    if (walk->query->type == TYPE_CNAME) /* that is the answer, RFC 1034 section 3.6.2 */
        return WALK_DONE;
    return go_on(walk, walk->synthesised, where);
}

/* RFC 7871 section 7.1: the subnet the client sent, unless it asked us (source 0) to make do with what we
 * see. */
static struct geo_preference preference_of(struct walk *walk, unsigned map)
{
    const struct query_ecs *ecs = &walk->query->ecs;
    const struct geo *geo = walk->serving->snapshot->geo;
    const struct addr *client = &walk->client->addr;
    if (!ecs->present || ecs->source == 0)
        return geo_find(geo, map, client, addr_bits(client));
    struct geo_preference preference = geo_find(geo, map, &ecs->addr, ecs->source);
    if (preference.scope > walk->answer->scope)
        walk->answer->scope = preference.scope;
    return preference;
}

static void put_member(struct walk *walk, const struct steer_choice *choice, enum addr_family family)
{
    const uint8_t *record = family == ADDR_V4 ? choice->member->a : choice->member->aaaa;
    size_t size = family == ADDR_V4 ? SERVICE_A_SIZE : SERVICE_AAAA_SIZE;
    for (uint32_t up = choice->up; up != 0; up >>= 1, record += size)
        if (up & 1)
            answer_record(walk->answer, ANSWER_ANSWER, record, size, walk->where);
}

static void put_steered(struct walk *walk, const struct zones_match *match)
{
    const struct service *service = &walk->serving->snapshot->services[match->node->service];
    uint16_t type = walk->query->type;
    if (type == TYPE_ANY) /* one RRset will do, RFC 8482 section 4.1 */
        type = match->node->steers_a ? TYPE_A : TYPE_AAAA;
    enum addr_family family = type == TYPE_A ? ADDR_V4 : ADDR_V6;

    struct geo_preference preference = {0};
    if (service->mode == CONFIG_ACTIVE_ACTIVE)
        preference = preference_of(walk, service->map);
    struct steer_choice choice = steer_choose(service, family, &preference, walk->serving->health);
    const struct zones_rrset *fallback = zones_rrset_of(match->node, type);
    if (choice.outcome == STEER_MEMBER)
        put_member(walk, &choice, family);
    else if (choice.outcome == STEER_ZONE && fallback != NULL)
        put_rrset(walk, match, fallback);
    else
        put_negative(walk, match, RCODE_NOERROR);
}

/* One name of the chain: zone, name, answer. */
static enum walk_step step(struct walk *walk)
{
    struct zones_match match =
        zones_find(walk->serving->snapshot->zones, walk->name, walk->where.length, walk->query->type);
    bool first = walk->links == 0;
    if (first && match.outcome != ZONES_NOT_HERE && match.outcome != ZONES_REFERRAL)
        walk->answer->flags |= FLAG_AA;
    switch (match.outcome) {
    case ZONES_NOT_HERE:
        if (first)
            walk->answer->rcode = RCODE_REFUSED;
        return WALK_DONE;
    case ZONES_ANSWER:
        put_rrset(walk, &match, match.rrset);
        return WALK_DONE;
    case ZONES_STEERED:
        put_steered(walk, &match);
        return WALK_DONE;
    case ZONES_CNAME:
        return walk->links < CHAIN_MAX ? follow_cname(walk, &match) : WALK_DONE;
    case ZONES_DNAME:
        return walk->links < CHAIN_MAX ? follow_dname(walk, &match) : WALK_DONE;
    case ZONES_REFERRAL:
        put_referral(walk, &match);
        return WALK_DONE;
    case ZONES_NODATA:
        put_negative(walk, &match, RCODE_NOERROR);
        return WALK_DONE;
    case ZONES_NXDOMAIN:
        put_negative(walk, &match, RCODE_NXDOMAIN);
        return WALK_DONE;
    }
    return WALK_DONE;
}

static void answer_question(const struct serving *serving, const struct respond_client *client,
                            const struct query *query, struct answer *answer)
{
    struct walk walk;
    walk.serving = serving;
    walk.client = client;
    walk.query = query;
    walk.answer = answer;
    walk.name = query->name;
    walk.where = answer_question_name(answer);
    walk.links = 0;
    walk.dname_count = 0;
    while (step(&walk) == WALK_ON)
        ;
}

static size_t limit_of(const struct respond_client *client, const struct query *query)
{
    if (client->tcp)
        return TCP_SIZE;
    if (query->udp_size <= UDP_SIZE_PLAIN) /* also without EDNS; RFC 6891 section 6.2.3: less counts as 512 */
        return UDP_SIZE_PLAIN;
    return query->udp_size < UDP_SIZE_EDNS ? query->udp_size : UDP_SIZE_EDNS;
}

size_t respond(const struct serving *serving, const struct respond_client *client, const uint8_t *packet,
               size_t size, uint8_t *out)
{
    struct query query;
    struct answer answer;
    enum query_outcome outcome = query_parse(packet, size, &query);
    if (outcome == QUERY_DROP)
        return 0;
    answer_begin(&answer, &query, serving->snapshot->config->server.nsid, out, limit_of(client, &query));
    switch (outcome) {
    case QUERY_ANSWER:
        answer_question(serving, client, &query, &answer);
        break;
    case QUERY_FORMERR:
        answer.rcode = RCODE_FORMERR;
        break;
    case QUERY_NOTIMP:
        answer.rcode = RCODE_NOTIMP;
        break;
    case QUERY_REFUSED:
        answer.rcode = RCODE_REFUSED;
        break;
    case QUERY_BADVERS:
        answer.rcode = RCODE_BADVERS;
        break;
    case QUERY_DROP:
        break;
    }
    return answer_finish(&answer);
}
