// SPDX-License-Identifier: MIT
/* What answers to well-formed queries may differ in. */
#include <string.h>

#include "tests/peers/predicates.h"

enum {
    FLAG_TC = 0x0200,
    CHAIN_MAX = 16,  /* what Meridian follows */
    CHAIN_LEAST = 5, /* what everybody follows */
};

static bool truncated(const struct reply *reply)
{
    return (reply->flags & FLAG_TC) != 0;
}

/* --- chains ------------------------------------------------------------------------------------------------- */

static struct name name_of(const ldns_rdf *rdf)
{
    return name_from(ldns_rdf_data(rdf), ldns_rdf_size(rdf));
}

/* The CNAME that `owner` has in the answer, or NULL. */
static const ldns_rr *cname_of(const struct reply *reply, const struct name *owner)
{
    const struct reply_records *answer = &reply->sections[REPLY_ANSWER];
    for (size_t i = 0; i < answer->count; i++) {
        const ldns_rr *rr = answer->records[i].rr;
        struct name name = name_of(ldns_rr_owner(rr));
        if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_CNAME && name_compare(&name, owner) == 0)
            return rr;
    }
    return NULL;
}

/* The CNAMEs of an answer in the order in which they lead from the question. */
struct chain {
    size_t links;
    struct name last_owner, end;
    bool loops; /* the end is the owner of one of them */
};

static struct chain chain_of(const struct reply *reply, const struct name *asked)
{
    struct chain chain = {.last_owner = *asked, .end = *asked};
    const ldns_rr *link;
    while ((link = cname_of(reply, &chain.end)) != NULL && !chain.loops) {
        chain.last_owner = chain.end;
        chain.end = name_of(ldns_rr_rdf(link, 0));
        chain.links++;
        chain.loops = chain.links > reply->sections[REPLY_ANSWER].count;
    }
    return chain;
}

/* The zone that holds a name: its nearest origin. NULL: none here. */
static const struct name *zone_of(const struct rules_case *c, const struct name *name)
{
    const struct name *nearest = NULL;
    for (size_t i = 0; i < c->origins->count; i++) {
        const struct name *origin = &c->origins->names[i];
        if (name_is_under(name, origin) && (!nearest || origin->length > nearest->length))
            nearest = origin;
    }
    return nearest;
}

bool predicates_stopped_at_zone(const struct rules_case *c)
{
    struct chain theirs = chain_of(c->theirs, &c->q->name);
    if (theirs.links == 0 || theirs.loops)
        return false;
    if (!truncated(c->ours) &&
        !reply_within(&c->theirs->sections[REPLY_ANSWER], &c->ours->sections[REPLY_ANSWER]))
        return false;
    return zone_of(c, &theirs.last_owner) != zone_of(c, &theirs.end);
}

bool predicates_chain_too_long(const struct rules_case *c)
{
    struct chain ours = chain_of(c->ours, &c->q->name), theirs = chain_of(c->theirs, &c->q->name);
    if (truncated(c->ours) && truncated(c->theirs)) /* of two empty answers only the rcode can tell */
        return c->theirs->rcode == LDNS_RCODE_SERVFAIL;
    if (truncated(c->ours) || ours.links >= theirs.links)
        return theirs.links >= CHAIN_LEAST;
    return ours.links == CHAIN_MAX;
}

static bool has_type(const struct reply *reply, ldns_rr_type type)
{
    const struct reply_records *answer = &reply->sections[REPLY_ANSWER];
    for (size_t i = 0; i < answer->count; i++)
        if (ldns_rr_get_type(answer->records[i].rr) == type)
            return true;
    return false;
}

/* A DNAME whose target is its owner or below: every name below it leads to another below it. */
bool predicates_dname_leads_to_itself(const struct rules_case *c)
{
    const struct reply_records *answer = &c->theirs->sections[REPLY_ANSWER];
    for (size_t i = 0; i < answer->count; i++) {
        const ldns_rr *rr = answer->records[i].rr;
        if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_DNAME)
            continue;
        struct name owner = name_of(ldns_rr_owner(rr)), target = name_of(ldns_rr_rdf(rr, 0));
        if (name_is_under(&target, &owner))
            return true;
    }
    return false;
}

bool predicates_dname_too_long(const struct rules_case *c)
{
    return c->ours->rcode == LDNS_RCODE_YXDOMAIN && has_type(c->theirs, LDNS_RR_TYPE_DNAME);
}

bool predicates_loop_is_failure(const struct rules_case *c)
{
    return c->theirs->rcode == LDNS_RCODE_SERVFAIL && chain_of(c->ours, &c->q->name).loops;
}

/* --- glue and size -------------------------------------------------------------------------------------------- */

static size_t addresses_of(const struct reply_records *additional, const struct name *owner)
{
    size_t count = 0;
    for (size_t i = 0; i < additional->count; i++) {
        struct name name = name_of(ldns_rr_owner(additional->records[i].rr));
        count += name_compare(&name, owner) == 0;
    }
    return count;
}

/* A name server below the cut has fewer addresses than one of the others: in the zones tested, all have two. */
static bool lacks_glue(const struct reply *referral)
{
    const struct reply_records *authority = &referral->sections[REPLY_AUTHORITY];
    for (size_t i = 0; i < authority->count; i++) {
        const ldns_rr *ns = authority->records[i].rr;
        struct name cut = name_of(ldns_rr_owner(ns)), server = name_of(ldns_rr_rdf(ns, 0));
        if (name_is_under(&server, &cut) && addresses_of(&referral->sections[REPLY_ADDITIONAL], &server) < 2)
            return true;
    }
    return false;
}

/* RFC 9471 section 3.1: in-domain glue that does not fit is a reason for TC. */
bool predicates_glue_left_out(const struct rules_case *c)
{
    return truncated(c->ours) && !truncated(c->theirs) && reply_is_referral(c->theirs) &&
           lacks_glue(c->theirs);
}

/* RFC 2308 section 3: an SOA that does not fit is a reason for TC. */
bool predicates_soa_left_out(const struct rules_case *c)
{
    return truncated(c->ours) && !truncated(c->theirs) && c->theirs->sections[REPLY_AUTHORITY].count == 0;
}

/* We cut where they send all: a synthesised CNAME's target is written out in full here. */
bool predicates_dname_takes_room(const struct rules_case *c)
{
    return truncated(c->ours) && has_type(c->theirs, LDNS_RR_TYPE_DNAME);
}

bool predicates_they_cut(const struct rules_case *c)
{
    return truncated(c->theirs) && !truncated(c->ours);
}

/* Their rcode is of the last name that fitted. */
bool predicates_rcode_of_what_fits(const struct rules_case *c)
{
    return truncated(c->theirs) && c->theirs->rcode == LDNS_RCODE_NOERROR;
}

bool predicates_authoritative_addresses_left_out(const struct rules_case *c)
{
    return reply_within(&c->theirs->sections[REPLY_ADDITIONAL], &c->ours->sections[REPLY_ADDITIONAL]);
}

/* --- steering ------------------------------------------------------------------------------------------------- */

static bool is_address(const struct reply_record *record)
{
    return ldns_rr_get_type(record->rr) == LDNS_RR_TYPE_A ||
           ldns_rr_get_type(record->rr) == LDNS_RR_TYPE_AAAA;
}

/* Records of one answer that the other has not are addresses that contain one of two texts. */
static bool only_adds(const struct reply *reply, const struct reply *other, const char *a, const char *aaaa)
{
    const struct reply_records *answer = &reply->sections[REPLY_ANSWER];
    for (size_t i = 0; i < answer->count; i++) {
        const struct reply_record *record = &answer->records[i];
        if (reply_has(&other->sections[REPLY_ANSWER], record->text))
            continue;
        if (!is_address(record) || (!strstr(record->text, a) && !strstr(record->text, aaaa)))
            return false;
    }
    return true;
}

/* tests/peers/zones/steered: members have these addresses, fallbacks those. */
bool predicates_is_steered(const struct rules_case *c)
{
    return strcmp(c->q->run, "steered") == 0 && c->ours->sections[REPLY_ANSWER].count > 0 &&
           c->theirs->sections[REPLY_ANSWER].count > 0 &&
           only_adds(c->ours, c->theirs, "\t30\tIN\tA\t203.0.113.", "\t30\tIN\tAAAA\t2001:db8:113::") &&
           only_adds(c->theirs, c->ours, "\t192.0.2.", "\t2001:db8::");
}

/* --- ANY ---------------------------------------------------------------------------------------------------- */

bool predicates_any_is_one(const struct rules_case *c)
{
    return c->q->type == LDNS_RR_TYPE_ANY;
}

/* They take the synthesised CNAME for the one RRset. */
bool predicates_any_stops_at_dname(const struct rules_case *c)
{
    return predicates_any_is_one(c) && c->theirs->rcode == 0 &&
           (has_type(c->theirs, LDNS_RR_TYPE_DNAME) || truncated(c->theirs));
}
