// SPDX-License-Identifier: MIT
#include "zones/freeze.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/wire.h"
#include "core/model/dname.h"
#include "zones/rdata.h"

#define HEADER_SIZE  12     /* of a message: where the question's name, and so the owner, stands */
#define POINTER      0xc000 /* RFC 1035 section 4.1.4 */
#define POINTER_SIZE 2
#define CLASS_IN     1
#define SOA_MINIMUM  16 /* offset in what follows the names of an SOA */
#define OCTETS_MAX   65535
#define REFS_MAX     (OCTETS_MAX / (BUILDER_RECORD_HEADER + POINTER_SIZE) + 1)

struct freeze {
    const struct builder *builder;
    const struct config *config;
    struct arena *arena;
    struct zones_entry *entries;
    /* The RRset being written. */
    uint16_t pointer; /* to the origin, when the question is the owner */
    struct wire_writer writer;
    size_t ref_count;
    uint8_t octets[OCTETS_MAX];
    uint16_t refs[REFS_MAX];
};

/* --- RRsets --------------------------------------------------------------------------------------------- */

/* Writes a name; its end as a pointer if it is the origin. (The root takes less room written out.) */
static void put_name(struct freeze *freeze, const uint8_t *name, size_t length)
{
    uint8_t lower[DNAME_MAX];
    size_t origin_length = freeze->builder->origin_length;
    dname_lower(lower, name, length);
    if (origin_length < POINTER_SIZE || !dname_is_under(lower, freeze->builder->zone->origin)) {
        wire_put(&freeze->writer, name, length);
        return;
    }
    wire_put(&freeze->writer, name, length - origin_length);
    freeze->refs[freeze->ref_count++] = (uint16_t)wire_written(&freeze->writer);
    wire_put16(&freeze->writer, freeze->pointer);
}

static void put_rdata(struct freeze *freeze, uint16_t type, const struct builder_record *record)
{
    const struct rdata_layout *layout = rdata_layout_of(type);
    if (!layout || !layout->compress) {
        wire_put(&freeze->writer, record->rdata, record->size);
        return;
    }
    size_t at = layout->before;
    wire_put(&freeze->writer, record->rdata, at);
    for (unsigned i = 0; i < layout->names; i++) {
        size_t length = dname_length(record->rdata + at);
        put_name(freeze, record->rdata + at, length);
        at += length;
    }
    wire_put(&freeze->writer, record->rdata + at, record->size - at);
}

static void put_record(struct freeze *freeze, uint16_t type, uint32_t ttl_s,
                       const struct builder_record *record)
{
    struct wire_writer *writer = &freeze->writer;
    wire_put16(writer, POINTER | HEADER_SIZE);
    wire_put16(writer, type);
    wire_put16(writer, CLASS_IN);
    wire_put32(writer, ttl_s);
    uint8_t *size = wire_reserve(writer, sizeof(uint16_t));
    put_rdata(freeze, type, record);
    assert(writer->ok); /* check_rrsets() has seen to it */
    wire_store16(size, (unsigned)(writer->at - size) - (unsigned)sizeof(uint16_t));
}

static const uint8_t *freeze_target(const struct freeze *freeze, const struct builder_rrset *rrset)
{
    if (rrset->type != RDATA_CNAME && rrset->type != RDATA_DNAME)
        return NULL;
    uint8_t lower[DNAME_MAX];
    dname_lower(lower, rrset->first->rdata, rrset->first->size);
    return arena_copy(freeze->arena, lower, rrset->first->size);
}

static void freeze_rrset(struct freeze *freeze, const struct builder_node *node,
                         const struct builder_rrset *rrset, uint32_t ttl_s, struct zones_rrset *out)
{
    freeze->writer = wire_writer_of(freeze->octets, sizeof freeze->octets);
    freeze->ref_count = 0;
    freeze->pointer = (uint16_t)(POINTER | (HEADER_SIZE + node->length - freeze->builder->origin_length));
    for (const struct builder_record *record = rrset->first; record; record = record->next)
        put_record(freeze, rrset->type, ttl_s, record);

    size_t size = wire_written(&freeze->writer);
    uint16_t *refs = arena_array(freeze->arena, freeze->ref_count, sizeof *refs);
    if (freeze->ref_count)
        memcpy(refs, freeze->refs, freeze->ref_count * sizeof *refs);
    *out = (struct zones_rrset){
        .type = rrset->type,
        .count = (uint16_t)rrset->count,
        .origin_ref_count = (uint16_t)freeze->ref_count,
        .ttl_s = ttl_s,
        .size = (uint32_t)size,
        .octets = arena_copy(freeze->arena, freeze->octets, size),
        .origin_refs = refs,
        .target = freeze_target(freeze, rrset),
    };
}

/* --- nodes ---------------------------------------------------------------------------------------------- */

static void freeze_steering(const struct freeze *freeze, const struct builder_node *node,
                            struct zones_node *out)
{
    out->service = -1;
    if (!node->steer)
        return;
    assert(node->steer->service < freeze->config->service_count);
    const struct config_service *service = &freeze->config->services[node->steer->service];
    out->service = (int32_t)node->steer->service;
    out->steers_a = service->has_a;
    out->steers_aaaa = service->has_aaaa;
}

static void freeze_node(struct freeze *freeze, struct builder_node *node, struct zones_node *out)
{
    struct zones_rrset *rrsets = arena_array(freeze->arena, node->rrset_count, sizeof *rrsets);
    size_t count = 0;
    for (const struct builder_rrset *rrset = node->rrsets; rrset; rrset = rrset->next)
        freeze_rrset(freeze, node, rrset, rrset->ttl_s, &rrsets[count++]);
    out->owner = arena_copy(freeze->arena, node->name, node->length);
    out->owner_length = node->length;
    out->is_cut = node->is_cut;
    out->rrsets = rrsets;
    out->rrset_count = node->rrset_count;
    freeze_steering(freeze, node, out);
    if (node->parent && dname_is_wildcard(node->name))
        node->parent->frozen->has_wildcard = true;
    node->frozen = out;
}

/* --- glue ----------------------------------------------------------------------------------------------- */

/* The node whose addresses a referral carries: glue at or below a cut, this one or another (RFC 9471 section 2),
 * or authoritative data (RFC 1034 section 4.3.2 step 3b), but not those of a steered name, which are only its
 * fallback. NULL: no such, or no address. */
static const struct builder_node *glue_node(const struct freeze *freeze, const struct builder_record *ns)
{
    uint8_t target[DNAME_MAX];
    dname_lower(target, ns->rdata, ns->size);
    const struct builder_node *node = builder_find(freeze->builder, target);
    if (!node || node->steer)
        return NULL;
    return builder_rrset_of(node, RDATA_A) || builder_rrset_of(node, RDATA_AAAA) ? node : NULL;
}

static void freeze_glue(const struct freeze *freeze, const struct builder_node *cut)
{
    const struct builder_rrset *ns = builder_rrset_of(cut, RDATA_NS);
    const uint8_t *octets = zones_rrset_of(cut->frozen, RDATA_NS)->octets;
    struct zones_glue *glue = arena_array(freeze->arena, ns->count, sizeof *glue);
    uint16_t count = 0;
    size_t at = BUILDER_RECORD_HEADER;
    for (const struct builder_record *record = ns->first; record; record = record->next) {
        const struct builder_node *node = glue_node(freeze, record);
        if (node)
            glue[count++] = (struct zones_glue){
                .name_at = (uint16_t)at,
                .a = zones_rrset_of(node->frozen, RDATA_A),
                .aaaa = zones_rrset_of(node->frozen, RDATA_AAAA),
            };
        at += BUILDER_RECORD_HEADER + (size_t)wire_load16(octets + at - sizeof(uint16_t));
    }
    cut->frozen->glue = glue;
    cut->frozen->glue_count = count;
}

/* --- the zone ------------------------------------------------------------------------------------------- */

/* RFC 2308 section 5. */
static void freeze_soa(struct freeze *freeze, struct zone *zone)
{
    const struct builder_node *apex = freeze->builder->apex;
    const struct builder_rrset *soa = builder_rrset_of(apex, RDATA_SOA);
    const struct rdata_layout *layout = rdata_layout_of(RDATA_SOA);
    const uint8_t *numbers = soa->first->rdata + soa->first->size - layout->after;
    uint32_t minimum_s = wire_load32(numbers + SOA_MINIMUM);
    struct zones_rrset *negative = arena_alloc(freeze->arena, sizeof *negative);

    freeze_rrset(freeze, apex, soa, minimum_s < soa->ttl_s ? minimum_s : soa->ttl_s, negative);
    zone->negative_soa = negative;
    zone->serial = wire_load32(numbers);
}

struct zones_entry *freeze_zone(const struct builder *builder, const struct config *config,
                                struct arena *arena, struct zone *zone)
{
    struct freeze *freeze = mem_alloc(sizeof *freeze);
    freeze->builder = builder;
    freeze->config = config;
    freeze->arena = arena;
    freeze->entries = arena_array(arena, builder->node_count, sizeof *freeze->entries);

    struct zones_entry *entry = freeze->entries;
    for (struct builder_node *node = builder->nodes; node; node = node->next, entry++) {
        freeze_node(freeze, node, &entry->node);
        entry->zone = zone;
    }
    for (const struct builder_node *node = builder->nodes; node; node = node->next) {
        node->frozen->cut = node->cut ? node->cut->frozen : NULL;
        if (node->is_cut)
            freeze_glue(freeze, node);
    }
    zone->origin = builder->apex->frozen->owner;
    zone->origin_length = builder->origin_length;
    zone->name = arena_strdup(arena, builder->zone->name);
    zone->apex = builder->apex->frozen;
    freeze_soa(freeze, zone);
    entry = freeze->entries;
    free(freeze);
    return entry;
}
