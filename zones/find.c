// SPDX-License-Identifier: MIT
/* zones_find: one step of the algorithm of RFC 1034 section 4.3.2, as RFC 4592 and RFC 6672 restate it. */
#include "zones/zones.h"

#include <string.h>

#include "core/model/dname.h"
#include "zones/rdata.h"
#include "zones/zones_private.h"

const struct zones_rrset *zones_rrset_of(const struct zones_node *node, uint16_t type)
{
    for (uint16_t i = 0; i < node->rrset_count; i++)
        if (node->rrsets[i].type == type)
            return &node->rrsets[i];
    return NULL;
}

static bool steers(const struct zones_node *node, uint16_t type)
{
    return (type == RDATA_A && node->steers_a) || (type == RDATA_AAAA && node->steers_aaaa);
}

static struct zones_place place_of(const struct zones *zones, const struct index_slot *slot)
{
    return (struct zones_place){&zones->zones[slot->tag], slot->value};
}

static struct zones_match match_of(struct zones_place at, enum zones_outcome outcome,
                                   const struct zones_rrset *rrset)
{
    return (struct zones_match){.outcome = outcome, .zone = at.zone, .node = at.node, .rrset = rrset};
}

/* RFC 8482 section 4.1: one RRset; signatures only where nothing else is. Not the addresses in the zone file of a
 * steered name: they are only its fallback. */
static struct zones_match any_at(struct zones_place at)
{
    const struct zones_node *node = at.node;
    const struct zones_rrset *last = NULL;
    for (uint16_t i = 0; i < node->rrset_count; i++) {
        if (steers(node, node->rrsets[i].type))
            continue;
        last = &node->rrsets[i];
        if (last->type != RDATA_RRSIG)
            return match_of(at, ZONES_ANSWER, last);
    }
    if (node->steers_a || node->steers_aaaa)
        return match_of(at, ZONES_STEERED, NULL);
    return match_of(at, last ? ZONES_ANSWER : ZONES_NODATA, last);
}

/* The data of a name with authority. */
static struct zones_match data_at(struct zones_place at, uint16_t type)
{
    if (steers(at.node, type))
        return match_of(at, ZONES_STEERED, NULL);
    if (type == RDATA_ANY)
        return any_at(at);
    const struct zones_rrset *rrset = zones_rrset_of(at.node, type);
    if (rrset)
        return match_of(at, ZONES_ANSWER, rrset);
    rrset = zones_rrset_of(at.node, RDATA_CNAME);
    return match_of(at, rrset ? ZONES_CNAME : ZONES_NODATA, rrset);
}

static struct zones_match referral_to(struct zones_place below)
{
    const struct zones_place cut = {below.zone, below.node->cut};
    return match_of(cut, ZONES_REFERRAL, zones_rrset_of(cut.node, RDATA_NS));
}

/* DS belongs to the parent's side of a cut. A child without its parent has none: NODATA, never a referral (RFC 4035
 * section 3.1.4.1). */
static struct zones_match ds_at(const struct zones *zones, struct zones_place at)
{
    if (at.node == at.zone->apex) {
        const struct zones_place above = zones->cuts_above[at.zone - zones->zones];
        return data_at(above.node ? above : at, RDATA_DS);
    }
    return at.node->cut && !at.node->is_cut ? referral_to(at) : data_at(at, RDATA_DS);
}

/* The wildcard right below the closest encloser, the "source of synthesis" (RFC 4592 section 3.3.1). */
static struct zones_place wildcard_of(const struct zones *zones, struct zones_place encloser)
{
    static const struct zones_place none = {NULL, NULL};
    uint8_t name[DNAME_MAX + 2] = {1, '*'};
    if (!encloser.node->has_wildcard)
        return none;
    memcpy(name + 2, encloser.node->owner, encloser.node->owner_length);
    const struct index_slot *slot = index_find(&zones->names, name, encloser.node->owner_length + 2u);
    /* The wildcard's name may be the apex of another zone: nothing is synthesized across a cut. */
    return slot && &zones->zones[slot->tag] == encloser.zone ? place_of(zones, slot) : none;
}

/* A name that does not exist: what its closest encloser makes of it. */
static struct zones_match find_missing(const struct zones *zones, struct zones_place encloser, uint16_t type)
{
    if (encloser.node->cut)
        return referral_to(encloser);
    const struct zones_rrset *dname = zones_rrset_of(encloser.node, RDATA_DNAME);
    if (dname)
        return match_of(encloser, ZONES_DNAME, dname);
    const struct zones_place wildcard = wildcard_of(zones, encloser);
    if (!wildcard.node)
        return (struct zones_match){.outcome = ZONES_NXDOMAIN, .zone = encloser.zone};
    struct zones_match match = data_at(wildcard, type);
    match.wildcard = true;
    return match;
}

struct zones_match zones_find(const struct zones *zones, const uint8_t *name, size_t length, uint16_t type)
{
    const struct index_slot *slot = index_find(&zones->names, name, length);
    if (slot) {
        const struct zones_place at = place_of(zones, slot);
        if (type == RDATA_DS)
            return ds_at(zones, at);
        return at.node->cut ? referral_to(at) : data_at(at, type);
    }
    slot = index_find_ancestor(&zones->names, name, length);
    return slot ? find_missing(zones, place_of(zones, slot), type)
                : (struct zones_match){.outcome = ZONES_NOT_HERE};
}
