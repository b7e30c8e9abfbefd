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

static struct zones_match match_of(const struct zones_entry *entry, enum zones_outcome outcome,
                                   const struct zones_rrset *rrset)
{
    return (struct zones_match){
        .outcome = outcome, .zone = entry->zone, .node = &entry->node, .rrset = rrset};
}

/* RFC 8482 section 4.1: one RRset. Not the addresses in the zone file of a steered name: they are only its
 * fallback. */
static struct zones_match any_at(const struct zones_entry *entry)
{
    const struct zones_node *node = &entry->node;
    for (uint16_t i = 0; i < node->rrset_count; i++)
        if (!steers(node, node->rrsets[i].type))
            return match_of(entry, ZONES_ANSWER, &node->rrsets[i]);
    return match_of(entry, node->steers_a || node->steers_aaaa ? ZONES_STEERED : ZONES_NODATA, NULL);
}

/* The data of a name with authority. */
static struct zones_match data_at(const struct zones_entry *entry, uint16_t type)
{
    const struct zones_node *node = &entry->node;
    if (steers(node, type))
        return match_of(entry, ZONES_STEERED, NULL);
    if (type == RDATA_ANY)
        return any_at(entry);
    const struct zones_rrset *rrset = zones_rrset_of(node, type);
    if (rrset)
        return match_of(entry, ZONES_ANSWER, rrset);
    rrset = zones_rrset_of(node, RDATA_CNAME);
    return match_of(entry, rrset ? ZONES_CNAME : ZONES_NODATA, rrset);
}

static struct zones_match referral_to(const struct zones_entry *below)
{
    const struct zones_node *cut = below->node.cut;
    return (struct zones_match){
        .outcome = ZONES_REFERRAL,
        .zone = below->zone,
        .node = cut,
        .rrset = zones_rrset_of(cut, RDATA_NS),
    };
}

/* DS belongs to the parent's side of a cut (RFC 4035 section 3.1.4.1). */
static struct zones_match ds_at(const struct zones *zones, const struct zones_entry *entry)
{
    if (&entry->node == entry->zone->apex) {
        const struct zones_entry *above = zones->cuts_above[entry->zone - zones->zones];
        return data_at(above ? above : entry, RDATA_DS);
    }
    return entry->node.cut && !entry->node.is_cut ? referral_to(entry) : data_at(entry, RDATA_DS);
}

/* The wildcard right below the closest encloser, the "source of synthesis" (RFC 4592 section 3.3.1). */
static const struct zones_entry *wildcard_of(const struct zones *zones, const struct zones_entry *encloser)
{
    uint8_t name[DNAME_MAX + 2] = {1, '*'};
    if (!encloser->node.has_wildcard)
        return NULL;
    memcpy(name + 2, encloser->node.owner, encloser->node.owner_length);
    const struct zones_entry *wildcard = index_get(&zones->names, name, encloser->node.owner_length + 2u);
    /* The wildcard's name may be the apex of another zone: nothing is synthesized across a cut. */
    return wildcard && wildcard->zone == encloser->zone ? wildcard : NULL;
}

/* A name that does not exist: what its closest encloser makes of it. */
static struct zones_match find_missing(const struct zones *zones, const struct zones_entry *encloser,
                                       uint16_t type)
{
    if (encloser->node.cut)
        return referral_to(encloser);
    const struct zones_rrset *dname = zones_rrset_of(&encloser->node, RDATA_DNAME);
    if (dname)
        return match_of(encloser, ZONES_DNAME, dname);
    const struct zones_entry *wildcard = wildcard_of(zones, encloser);
    if (!wildcard)
        return (struct zones_match){.outcome = ZONES_NXDOMAIN, .zone = encloser->zone};
    struct zones_match match = data_at(wildcard, type);
    match.wildcard = true;
    return match;
}

struct zones_match zones_find(const struct zones *zones, const uint8_t *name, size_t length, uint16_t type)
{
    const struct zones_entry *entry = index_get(&zones->names, name, length);
    if (entry && type == RDATA_DS)
        return ds_at(zones, entry);
    if (entry)
        return entry->node.cut ? referral_to(entry) : data_at(entry, type);
    entry = index_get_ancestor(&zones->names, name, length);
    return entry ? find_missing(zones, entry, type) : (struct zones_match){.outcome = ZONES_NOT_HERE};
}
