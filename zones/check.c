// SPDX-License-Identifier: MIT
#include "zones/check.h"

#include <string.h>

#include "core/model/dname.h"
#include "zones/rdata.h"

static const struct builder_place whole_file = {0, 0};

static struct builder_place place_of(const struct builder_rrset *rrset)
{
    return rrset->first->place;
}

/* --- apex ----------------------------------------------------------------------------------------------- */

static void check_apex(struct builder *builder)
{
    /* An entry that could not be read may have been just that record. */
    if (builder->incomplete)
        return;
    if (!builder_rrset_of(builder->apex, RDATA_SOA))
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, whole_file),
                "zone %s has no SOA record at its apex", builder->zone->name);
    if (!builder_rrset_of(builder->apex, RDATA_NS))
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, whole_file),
                "zone %s has no NS record at its apex; name the servers that answer for it",
                builder->zone->name);
}

static void check_soa_place(struct builder *builder, const struct builder_node *node)
{
    char text[DNAME_TEXT_MAX];
    const struct builder_rrset *soa = builder_rrset_of(node, RDATA_SOA);
    if (soa && node != builder->apex)
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, place_of(soa)),
                "SOA at \"%s\", which is not the apex of zone %s", dname_format(node->name, text),
                builder->zone->name);
}

/* --- aliases -------------------------------------------------------------------------------------------- */

/* RFC 4034 sections 3 and 4, RFC 3007: DNSSEC's own records stand beside a CNAME. */
static bool goes_with_cname(uint16_t type)
{
    return type == RDATA_CNAME || type == RDATA_RRSIG || type == RDATA_NSEC || type == RDATA_KEY;
}

/* RFC 1034 section 3.6.2. */
static void check_cname(struct builder *builder, const struct builder_node *node)
{
    char text[DNAME_TEXT_MAX], place[BUILDER_PLACE_MAX];
    const struct builder_rrset *cname = builder_rrset_of(node, RDATA_CNAME);
    if (!cname)
        return;
    for (const struct builder_rrset *other = node->rrsets; other; other = other->next) {
        if (goes_with_cname(other->type))
            continue;
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, place_of(cname)),
                "\"%s\" has a CNAME and other data (%s); an alias can have none",
                dname_format(node->name, text),
                builder_place_text(builder, place_of(other), place_of(cname), place));
        return;
    }
}

/* Names that are no place to look something up: the hashes of NSEC3 (RFC 5155 section 3). */
static bool is_hashed(const struct builder_node *node)
{
    for (const struct builder_rrset *rrset = node->rrsets; rrset; rrset = rrset->next)
        if (rrset->type != RDATA_NSEC3 && rrset->type != RDATA_RRSIG)
            return false;
    return true;
}

/* RFC 6672 section 2.4: nothing below a DNAME, and NS beside it only at the apex. */
static void check_dname(struct builder *builder, const struct builder_node *node)
{
    char text[DNAME_TEXT_MAX], owner[DNAME_TEXT_MAX], place[BUILDER_PLACE_MAX];
    const struct builder_rrset *dname = builder_rrset_of(node, RDATA_DNAME);
    if (dname && node->is_cut)
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, place_of(dname)),
                "\"%s\" has a DNAME and a delegation; only an apex may have DNAME and NS",
                dname_format(node->name, text));
    if (is_hashed(node))
        return;
    for (const struct builder_node *above = node->parent; above; above = above->parent) {
        dname = builder_rrset_of(above, RDATA_DNAME);
        if (!dname)
            continue;
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, place_of(node->rrsets)),
                "\"%s\" is below \"%s\", whose DNAME (%s) redirects every name below it",
                dname_format(node->name, text), dname_format(above->name, owner),
                builder_place_text(builder, place_of(dname), place_of(node->rrsets), place));
        return;
    }
}

/* --- name servers --------------------------------------------------------------------------------------- */

static bool is_steered(const struct builder *builder, const uint8_t *name)
{
    for (size_t i = 0; i < builder->zone->steer_count; i++)
        if (dname_equal(builder->zone->steer[i].owner, name))
            return true;
    return false;
}

static bool has_address(const struct builder *builder, const uint8_t *name, size_t length)
{
    const struct builder_node *node = index_get(&builder->names, name, length);
    return (node && (builder_rrset_of(node, RDATA_A) || builder_rrset_of(node, RDATA_AAAA))) ||
           is_steered(builder, name);
}

/* A name of the zone, as the RFC 4592 rules would answer it. */
static bool resolves(const struct builder *builder, const uint8_t *name)
{
    uint8_t wildcard[DNAME_MAX + 2] = {1, '*'};
    size_t length = dname_length(name);
    if (has_address(builder, name, length))
        return true;
    if (index_get(&builder->names, name, length))
        return false;
    const struct builder_node *encloser = index_get_ancestor(&builder->names, name, length);
    memcpy(wildcard + 2, encloser->name, encloser->length);
    return has_address(builder, wildcard, encloser->length + 2u);
}

static void check_target(struct builder *builder, const struct builder_node *node,
                         const struct builder_record *ns)
{
    uint8_t target[DNAME_MAX];
    char text[DNAME_TEXT_MAX];
    dname_lower(target, ns->rdata, ns->size);
    if (!dname_is_under(target, builder->zone->origin) || resolves(builder, target))
        return;
    err_add(builder->err, ERR_WARNING, builder_err_place(builder, ns->place),
            node->is_cut ? "missing glue: name server \"%s\" is in this zone but has no address here"
                         : "name server \"%s\" is in this zone but has no address",
            dname_format(target, text));
}

static void check_name_servers(struct builder *builder, const struct builder_node *node)
{
    const struct builder_rrset *ns = builder_rrset_of(node, RDATA_NS);
    if (!ns || builder->incomplete || (node != builder->apex && !node->is_cut))
        return;
    for (const struct builder_record *record = ns->first; record; record = record->next)
        check_target(builder, node, record);
}

/* RFC 4592 section 4.2. */
static void check_wildcard_ns(struct builder *builder, const struct builder_node *node)
{
    char text[DNAME_TEXT_MAX];
    const struct builder_rrset *ns = builder_rrset_of(node, RDATA_NS);
    if (ns && node != builder->apex && dname_is_wildcard(node->name))
        err_add(builder->err, ERR_WARNING, builder_err_place(builder, place_of(ns)),
                "NS at the wildcard \"%s\" delegates nothing; it is answered as data",
                dname_format(node->name, text));
}

void check_zone(struct builder *builder)
{
    static void (*const rules[])(struct builder *, const struct builder_node *) = {
        check_soa_place, check_cname, check_dname, check_name_servers, check_wildcard_ns,
    };
    check_apex(builder);
    for (const struct builder_node *node = builder->nodes; node; node = node->next)
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
            rules[i](builder, node);
}
