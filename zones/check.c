// SPDX-License-Identifier: MIT
#include "zones/check.h"

#include <string.h>

#include "core/model/dname.h"
#include "zones/rdata.h"

static unsigned line_of(const struct builder_node *node)
{
    return node->rrsets ? node->rrsets->first->line : 0;
}

/* --- apex ----------------------------------------------------------------------------------------------- */

static void check_apex(struct builder *builder)
{
    /* An entry that could not be read may have been just that record. */
    if (builder->incomplete)
        return;
    if (!builder_rrset_of(builder->apex, RDATA_SOA))
        err_add(builder->err, ERR_ERROR, builder_place(builder, 0), "zone %s has no SOA record at its apex",
                builder->zone->name);
    if (!builder_rrset_of(builder->apex, RDATA_NS))
        err_add(builder->err, ERR_ERROR, builder_place(builder, 0),
                "zone %s has no NS record at its apex; name the servers that answer for it",
                builder->zone->name);
}

static void check_soa_place(struct builder *builder, const struct builder_node *node)
{
    char text[DNAME_TEXT_MAX];
    const struct builder_rrset *soa = builder_rrset_of(node, RDATA_SOA);
    if (soa && node != builder->apex)
        err_add(builder->err, ERR_ERROR, builder_place(builder, soa->first->line),
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
    char text[DNAME_TEXT_MAX];
    const struct builder_rrset *cname = builder_rrset_of(node, RDATA_CNAME);
    if (!cname)
        return;
    for (const struct builder_rrset *other = node->rrsets; other; other = other->next) {
        if (goes_with_cname(other->type))
            continue;
        err_add(builder->err, ERR_ERROR, builder_place(builder, cname->first->line),
                "\"%s\" has a CNAME and other data (line %u); an alias can have none",
                dname_format(node->name, text), other->first->line);
        return;
    }
}

/* RFC 6672 section 2.4: nothing below a DNAME, and NS beside it only at the apex. */
static void check_dname(struct builder *builder, const struct builder_node *node)
{
    char text[DNAME_TEXT_MAX], owner[DNAME_TEXT_MAX];
    const struct builder_rrset *dname = builder_rrset_of(node, RDATA_DNAME);
    if (dname && node->is_cut)
        err_add(builder->err, ERR_ERROR, builder_place(builder, dname->first->line),
                "\"%s\" has a DNAME and a delegation; only an apex may have DNAME and NS",
                dname_format(node->name, text));
    if (!node->rrsets)
        return;
    for (const struct builder_node *above = node->parent; above; above = above->parent) {
        dname = builder_rrset_of(above, RDATA_DNAME);
        if (!dname)
            continue;
        err_add(builder->err, ERR_ERROR, builder_place(builder, line_of(node)),
                "\"%s\" is below \"%s\", whose DNAME (line %u) redirects every name below it",
                dname_format(node->name, text), dname_format(above->name, owner), dname->first->line);
        return;
    }
}

/* --- name servers --------------------------------------------------------------------------------------- */

static bool has_address(const struct builder_node *node)
{
    return builder_rrset_of(node, RDATA_A) || builder_rrset_of(node, RDATA_AAAA) || node->steer;
}

/* A name of the zone, as the RFC 4592 rules would answer it. */
static bool resolves(const struct builder *builder, const uint8_t *name)
{
    uint8_t wildcard[DNAME_MAX + 2] = {1, '*'};
    size_t length = dname_length(name);
    const struct builder_node *node = index_get(&builder->names, name, length);
    if (node)
        return has_address(node);
    const struct builder_node *encloser = index_get_ancestor(&builder->names, name, length);
    memcpy(wildcard + 2, encloser->name, encloser->length);
    node = index_get(&builder->names, wildcard, encloser->length + 2u);
    return node && has_address(node);
}

static void check_target(struct builder *builder, const struct builder_node *node,
                         const struct builder_record *ns)
{
    uint8_t target[DNAME_MAX];
    char text[DNAME_TEXT_MAX];
    dname_lower(target, ns->rdata, ns->size);
    if (!dname_is_under(target, builder->zone->origin) || resolves(builder, target))
        return;
    err_add(builder->err, ERR_WARNING, builder_place(builder, ns->line),
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
        err_add(builder->err, ERR_WARNING, builder_place(builder, ns->first->line),
                "NS at the wildcard \"%s\" delegates nothing; it is answered as data",
                dname_format(node->name, text));
}

/* --- steering ------------------------------------------------------------------------------------------- */

static void refuse_steering(struct builder *builder, const struct builder_node *node, const char *has,
                            unsigned line)
{
    char text[DNAME_TEXT_MAX];
    err_add(builder->err, ERR_ERROR, node->steer->place, "\"%s\" cannot be steered: it %s (%s:%u)",
            dname_format(node->name, text), has, builder->zone->file, line);
}

static void check_steer(struct builder *builder, const struct builder_node *node)
{
    if (!node->steer)
        return;
    const struct builder_rrset *cname = builder_rrset_of(node, RDATA_CNAME);
    if (cname)
        refuse_steering(builder, node, "is an alias by its CNAME", cname->first->line);
    if (node->cut)
        refuse_steering(builder, node, "is delegated to another server",
                        builder_rrset_of(node->cut, RDATA_NS)->first->line);
    for (const struct builder_node *above = node->parent; above; above = above->parent) {
        const struct builder_rrset *dname = builder_rrset_of(above, RDATA_DNAME);
        if (dname)
            refuse_steering(builder, node, "is below a DNAME", dname->first->line);
    }
}

void check_zone(struct builder *builder)
{
    static void (*const rules[])(struct builder *, const struct builder_node *) = {
        check_soa_place, check_cname, check_dname, check_name_servers, check_wildcard_ns, check_steer,
    };
    check_apex(builder);
    for (const struct builder_node *node = builder->nodes; node; node = node->next)
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
            rules[i](builder, node);
}
