// SPDX-License-Identifier: MIT
#include "dnsd/respond.h"

#include <string.h>

#include "dnsd/answer.h"
#include "dnsd/chaos.h"
#include "dnsd/cookie.h"
#include "dnsd/query.h"
#include "dnsd/rrl.h"
#include "dnsd/steer.h"
#include "dnsd/widen.h"

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
    struct rrl_subject *subject;
    uint8_t synthesised[DNAME_MAX]; /* room for the last name a DNAME led to */
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
static void put_negative(struct walk *walk, const struct zones_match *match, uint16_t rcode)
{
    struct answer_name origin = origin_of(walk, match);
    answer_rrset(walk->answer, ANSWER_AUTHORITY, match->zone->negative_soa, origin, origin);
    walk->answer->rcode = rcode; /* of the last name in a chain, RFC 6604 section 2.1 */
}

static bool is_in_domain(const struct zones_node *cut, const struct zones_glue *glue)
{
    uint8_t owner[DNAME_MAX];
    dname_lower(owner, glue->owner, dname_length(glue->owner));
    return dname_is_under(owner, cut->owner);
}

static void put_referral(struct walk *walk, const struct zones_match *match)
{
    struct answer *a = walk->answer;
    struct answer_name cut = answer_ancestor(a, walk->where, match->node->owner_length);
    struct answer_name origin = origin_of(walk, match);
    size_t at = answer_rrset(a, ANSWER_AUTHORITY, match->rrset, cut, origin);
    /* RFC 9471: glue for servers below the cut has to go along, or TC; other addresses may stay away. */
    unsigned in_domain = 0;
    for (unsigned i = 0; i < match->node->glue_count; i++)
        if (is_in_domain(match->node, &match->node->glue[i])) {
            answer_glue(a, &match->node->glue[i], at, match->zone, origin);
            in_domain++;
        }
    for (unsigned i = 0; i < match->node->glue_count && in_domain < match->node->glue_count; i++)
        if (!is_in_domain(match->node, &match->node->glue[i]))
            answer_glue_if_it_fits(a, &match->node->glue[i], at, match->zone, origin);
}

/* On with the target of a CNAME, unless that has been looked up already: a loop is answered as NSD does, NOERROR, and
 * each of its links once. (BIND adds SERVFAIL since 2024; every resolver sees the loop for itself.) */
static enum walk_step go_on(struct walk *walk, const uint8_t *target, struct answer_name where)
{
    if (!walk->answer->w.ok)
        return WALK_DONE;
    walk->trail[walk->links++] = walk->where;
    for (unsigned i = 0; i < walk->links; i++)
        if (answer_same_name(walk->answer, walk->trail[i], where))
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

/* How far around the client the answer is the same. As far as the lists are equal, or as far as the sites that
 * can answer now make no difference, once that is known of just these sites; RFC 7871 section 7.2.1. */
static uint8_t scope_of(const struct walk *walk, const struct zones_match *match, enum addr_family family,
                        const struct geo_preference *preference, const struct steer_state *state)
{
    size_t service = (size_t)match->node->service;
    if (steer_is_alike(&walk->serving->snapshot->services[service], state))
        return 0;
    const struct geo_scopes *scopes = widen_find(walk->serving->scopes, service, family, state->answerers);
    return scopes ? geo_scopes_find(scopes, preference) : preference->scope;
}

/* RFC 7871 section 7.1: the subnet the client sent, unless it asked us (source 0) to make do with what we
 * see. */
static struct geo_preference preference_of(struct walk *walk, const struct zones_match *match,
                                           enum addr_family family, const struct steer_state *state)
{
    const struct query_ecs *ecs = &walk->query->ecs;
    const struct geo *geo = walk->serving->snapshot->geo;
    const struct addr *client = &walk->client->addr;
    unsigned map = walk->serving->snapshot->services[match->node->service].map;
    if (!ecs->present || ecs->source == 0)
        return geo_find(geo, map, client, addr_bits(client));
    struct geo_preference preference = geo_find(geo, map, &ecs->addr, ecs->source);
    uint8_t scope = scope_of(walk, match, family, &preference, state);
    if (scope > walk->answer->scope)
        walk->answer->scope = scope;
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

/* The addresses of one family of a steered name; false if there are none to give. */
static bool put_addresses(struct walk *walk, const struct zones_match *match, uint16_t type)
{
    const struct service *service = &walk->serving->snapshot->services[match->node->service];
    enum addr_family family = type == TYPE_A ? ADDR_V4 : ADDR_V6;
    struct geo_preference preference = {0};
    struct steer_state state;
    steer_observe(service, family, walk->serving->health, &state);
    if (service->mode == CONFIG_ACTIVE_ACTIVE)
        preference = preference_of(walk, match, family, &state);
    struct steer_choice choice = steer_choose(service, family, &preference, &state);
    const struct zones_rrset *fallback = zones_rrset_of(match->node, type);
    if (choice.outcome == STEER_MEMBER)
        put_member(walk, &choice, family);
    else if (choice.outcome == STEER_ZONE && fallback != NULL)
        put_rrset(walk, match, fallback);
    else
        return false;
    return true;
}

static void put_steered(struct walk *walk, const struct zones_match *match)
{
    uint16_t type = walk->query->type;
    if (type == TYPE_ANY)
        type = match->node->steers_a ? TYPE_A : TYPE_AAAA;
    if (!put_addresses(walk, match, type))
        put_negative(walk, match, RCODE_NOERROR);
}

static bool is_steered(const struct zones_node *node, uint16_t type)
{
    return (type == TYPE_A && node->steers_a) || (type == TYPE_AAAA && node->steers_aaaa);
}

/* RFC 8482 section 4.1: one RRset will do. Whoever comes over TCP has an address of its own, and may be given
 * all (section 4.4). */
static bool wants_all(const struct walk *walk)
{
    return walk->query->type == TYPE_ANY && walk->client->tcp &&
           walk->serving->snapshot->config->server.any == CONFIG_ANY_FULL;
}

static void put_all(struct walk *walk, const struct zones_match *match)
{
    const struct zones_node *node = match->node;
    bool any = false;
    for (unsigned i = 0; i < node->rrset_count; i++)
        if (!is_steered(node, node->rrsets[i].type)) {
            put_rrset(walk, match, &node->rrsets[i]);
            any = true;
        }
    if (node->steers_a)
        any |= put_addresses(walk, match, TYPE_A);
    if (node->steers_aaaa)
        any |= put_addresses(walk, match, TYPE_AAAA);
    if (!any)
        put_negative(walk, match, RCODE_NOERROR);
}

/* For rate limiting: names that a client can invent at will are one subject. */
static struct rrl_subject subject_of(const struct zones_match *match)
{
    enum rrl_class class = match->outcome == ZONES_REFERRAL   ? RRL_REFERRAL
                           : match->outcome == ZONES_NXDOMAIN ? RRL_NXDOMAIN
                                                              : RRL_POSITIVE;
    if (match->node != NULL)
        return (struct rrl_subject){class, match->node->owner, match->node->owner_length};
    return (struct rrl_subject){class, match->zone->origin, match->zone->origin_length};
}

/* One name of the chain: zone, name, answer. */
static enum walk_step step(struct walk *walk)
{
    struct zones_match match =
        zones_find(walk->serving->snapshot->zones, walk->name, walk->where.length, walk->query->type);
    bool first = walk->links == 0;
    if (match.outcome != ZONES_NOT_HERE)
        *walk->subject = subject_of(&match);
    if (first && match.outcome != ZONES_NOT_HERE && match.outcome != ZONES_REFERRAL)
        walk->answer->flags |= FLAG_AA;
    switch (match.outcome) {
    case ZONES_NOT_HERE:
        if (first)
            answer_error(walk->answer, RCODE_REFUSED, ERROR_NOT_AUTHORITATIVE, NULL);
        return WALK_DONE;
    case ZONES_ANSWER:
        if (wants_all(walk))
            put_all(walk, &match);
        else
            put_rrset(walk, &match, match.rrset);
        return WALK_DONE;
    case ZONES_STEERED:
        if (wants_all(walk))
            put_all(walk, &match);
        else
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
                            const struct query *query, struct answer *answer, struct rrl_subject *subject)
{
    struct walk walk;
    walk.serving = serving;
    walk.client = client;
    walk.query = query;
    walk.answer = answer;
    walk.subject = subject;
    walk.name = query->name;
    walk.where = answer_question_name(answer);
    walk.links = 0;
    walk.dname_count = 0;
    while (step(&walk) == WALK_ON)
        ;
}

static void answer_chaos(const struct serving *serving, const struct query *query, struct answer *answer)
{
    uint8_t record[CHAOS_RECORD_MAX];
    const char *text = chaos_text(&serving->snapshot->config->server, query);
    if (text == NULL) {
        answer_error(answer, RCODE_REFUSED, ERROR_PROHIBITED, NULL);
        return;
    }
    answer->flags |= FLAG_AA;
    answer_record(answer, ANSWER_ANSWER, record, chaos_record(text, record), answer_question_name(answer));
}

/* Zones are not given away yet, and which answer says so depends on whose zone it is (RFC 5936 section 2.2.1). */
static void answer_transfer(const struct serving *serving, const struct query *query, struct answer *answer)
{
    struct zones_match match =
        zones_find(serving->snapshot->zones, query->name, query->name_length, TYPE_SOA);
    if (match.zone != NULL && match.zone->origin_length == query->name_length)
        answer_error(answer, RCODE_REFUSED, ERROR_PROHIBITED, "zone transfer");
    else
        answer_error(answer, RCODE_NOTAUTH, ERROR_NOT_AUTHORITATIVE, NULL);
}

/* RFC 7873 section 5.4: the cookie is the answer. */
static void answer_cookie(enum cookie_verdict cookie, struct answer *answer)
{
    if (cookie == COOKIE_NONE) /* they are off: then there is nothing to ask without a question */
        answer_error(answer, RCODE_FORMERR, 0, NULL);
    else if (cookie == COOKIE_BAD)
        answer_error(answer, RCODE_BADCOOKIE, 0, NULL);
}

/* What is answered without looking at any zone. */
static const struct {
    uint16_t rcode, error;
} errors[] = {
    [QUERY_FORMERR] = {RCODE_FORMERR, 0},
    [QUERY_BAD_TYPE] = {RCODE_FORMERR, ERROR_INVALID_QUERY_TYPE},
    [QUERY_NOTIMP] = {RCODE_NOTIMP, ERROR_NOT_SUPPORTED},
    [QUERY_REFUSED] = {RCODE_REFUSED, ERROR_NOT_AUTHORITATIVE},
    [QUERY_BADVERS] = {RCODE_BADVERS, 0},
};

static size_t limit_of(const struct respond_client *client, const struct query *query)
{
    if (client->tcp)
        return TCP_SIZE;
    if (query->udp_size <= UDP_SIZE_PLAIN) /* also without EDNS; RFC 6891 section 6.2.3: less counts as 512 */
        return UDP_SIZE_PLAIN;
    return query->udp_size < UDP_SIZE_EDNS ? query->udp_size : UDP_SIZE_EDNS;
}

/* Takes back an answer that is one too many. False: say nothing at all. */
static bool limit_rate(const struct serving *serving, const struct respond_client *client,
                       enum cookie_verdict cookie, const struct rrl_subject *subject, struct answer *answer)
{
    struct rrl *rrl = serving->snapshot->rrl;
    if (rrl == NULL || client->tcp || cookie == COOKIE_GOOD)
        return true;
    switch (rrl_judge(rrl, subject, &client->addr, client->now_ms)) {
    case RRL_PASS:
        return true;
    case RRL_SLIP:
        answer_error(answer, RCODE_NOERROR, 0, NULL);
        if (cookie != COOKIE_NONE) /* it learns a good one, and comes back with it: RFC 7873 section 5.2.3 */
            answer->rcode = RCODE_BADCOOKIE;
        else if (subject->class != RRL_ERROR)
            answer_truncate(answer);
        else /* as short as what would stand in for it */
            return false;
        return true;
    case RRL_DROP:
        return false;
    }
    return true;
}

size_t respond(const struct serving *serving, const struct respond_client *client, const uint8_t *packet,
               size_t size, uint8_t *out)
{
    const struct snapshot *snapshot = serving->snapshot;
    struct query query;
    struct answer answer;
    struct rrl_subject subject = {.class = RRL_ERROR};
    uint8_t cookie[COOKIE_SIZE];
    enum query_outcome outcome = query_parse(packet, size, &query);
    if (outcome == QUERY_DROP)
        return 0;
    enum cookie_verdict verdict = cookie_judge(&snapshot->cookies, &client->addr, query.cookie,
                                               query.cookie_size, (uint32_t)(client->now_ms / 1000), cookie);
    const struct opt_offer offer = {snapshot->config->server.nsid, verdict == COOKIE_NONE ? NULL : cookie,
                                    client->tcp ? client->idle_ms : 0};
    answer_begin(&answer, &query, &offer, out, limit_of(client, &query));
    switch (outcome) {
    case QUERY_ANSWER:
        answer_question(serving, client, &query, &answer, &subject);
        break;
    case QUERY_CHAOS:
        answer_chaos(serving, &query, &answer);
        break;
    case QUERY_TRANSFER:
        answer_transfer(serving, &query, &answer);
        break;
    case QUERY_COOKIE:
        answer_cookie(verdict, &answer);
        break;
    default:
        answer_error(&answer, errors[outcome].rcode, errors[outcome].error, NULL);
    }
    return limit_rate(serving, client, verdict, &subject, &answer) ? answer_finish(&answer) : 0;
}
