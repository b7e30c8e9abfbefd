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
#define NAMES_MAX    2  /* in the RDATA of one record: SOA */
#define ARENA_SLACK  32 /* bytes lost to alignment, paths and references to the origin */

struct freeze {
    const struct builder *builder;
    struct arena *arena;
    /* The RRset being written. */
    uint16_t pointer; /* to the origin, when the question is the owner */
    struct wire_writer writer;
    size_t ref_count;
    uint8_t *octets; /* room for the largest RRset */
    uint16_t *refs;
    size_t octets_max;
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

/* NULL if there are none, as with most RRsets. */
static const uint16_t *freeze_refs(const struct freeze *freeze)
{
    if (!freeze->ref_count)
        return NULL;
    uint16_t *refs = arena_array(freeze->arena, freeze->ref_count, sizeof *refs);
    memcpy(refs, freeze->refs, freeze->ref_count * sizeof *refs);
    return refs;
}

static void freeze_rrset(struct freeze *freeze, const struct builder_node *node,
                         const struct builder_rrset *rrset, uint32_t ttl_s, struct zones_rrset *out)
{
    freeze->writer = wire_writer_of(freeze->octets, freeze->octets_max);
    freeze->ref_count = 0;
    freeze->pointer = (uint16_t)(POINTER | (HEADER_SIZE + node->length - freeze->builder->origin_length));
    for (const struct builder_record *record = rrset->first; record; record = record->next)
        put_record(freeze, rrset->type, ttl_s, record);

    size_t size = wire_written(&freeze->writer);
    *out = (struct zones_rrset){
        .type = rrset->type,
        .count = (uint16_t)rrset->count,
        .origin_ref_count = (uint16_t)freeze->ref_count,
        .ttl_s = ttl_s,
        .size = (uint32_t)size,
        .octets = arena_copy(freeze->arena, freeze->octets, size),
        .origin_refs = freeze_refs(freeze),
        .target = freeze_target(freeze, rrset),
    };
}

/* --- nodes ---------------------------------------------------------------------------------------------- */

/* Looking a name up touches node, RRset and octets one after the other: they lie side by side. */
struct node_and_rrsets {
    struct zones_node node;
    struct zones_rrset rrsets[];
};

static void freeze_node(struct freeze *freeze, struct builder_node *node)
{
    struct node_and_rrsets *out =
        arena_alloc(freeze->arena, sizeof *out + node->rrset_count * sizeof *out->rrsets);
    size_t count = 0;
    out->node = (struct zones_node){
        .owner = arena_copy(freeze->arena, node->name, node->length),
        .owner_length = node->length,
        .is_cut = node->is_cut,
        .rrset_count = node->rrset_count,
        .service = -1,
        .rrsets = node->rrset_count ? out->rrsets : NULL,
    };
    for (const struct builder_rrset *rrset = node->rrsets; rrset; rrset = rrset->next)
        freeze_rrset(freeze, node, rrset, rrset->ttl_s, &out->rrsets[count++]);
    if (node->parent && dname_is_wildcard(node->name))
        node->parent->frozen->has_wildcard = true;
    node->frozen = &out->node;
}

/* --- glue ----------------------------------------------------------------------------------------------- */

/* The node whose addresses a referral carries: glue at or below a cut, this one or another (RFC 9471 section 2), or
 * authoritative data (RFC 1034 section 4.3.2 step 3b). NULL: no such, or no address. */
static const struct builder_node *glue_node(const struct freeze *freeze, const struct builder_record *ns)
{
    uint8_t target[DNAME_MAX];
    dname_lower(target, ns->rdata, ns->size);
    const struct builder_node *node = builder_find(freeze->builder, target);
    if (!node)
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
                .owner = arena_copy(freeze->arena, record->rdata, record->size),
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

static const struct source *freeze_sources(const struct freeze *freeze)
{
    const struct builder *builder = freeze->builder;
    struct source *sources = arena_array(freeze->arena, builder->source_count, sizeof *sources);
    for (size_t i = 0; i < builder->source_count; i++) {
        sources[i] = builder->sources[i];
        sources[i].path = arena_strdup(freeze->arena, builder->sources[i].path);
    }
    return sources;
}

static void freeze_nodes(struct freeze *freeze, struct version *version)
{
    const struct builder *builder = freeze->builder;
    version->nodes = arena_array(freeze->arena, builder->node_count, sizeof *version->nodes);
    for (struct builder_node *node = builder->nodes; node; node = node->next) {
        freeze_node(freeze, node);
        version->nodes[version->node_count++] = node->frozen;
    }
    for (const struct builder_node *node = builder->nodes; node; node = node->next) {
        node->frozen->cut = node->cut ? node->cut->frozen : NULL;
        if (node->is_cut)
            freeze_glue(freeze, node);
    }
}

static void freeze_apex(struct freeze *freeze, struct zone *zone)
{
    const struct builder *builder = freeze->builder;
    zone->origin = builder->apex->frozen->owner;
    zone->origin_length = builder->origin_length;
    zone->name = arena_strdup(freeze->arena, builder->zone->name);
    zone->apex = builder->apex->frozen;
    freeze_soa(freeze, zone);
}

/* What the zone is made of. */
struct measure {
    size_t rrsets, records;
    size_t octets;      /* of all RRsets, at most */
    size_t octets_max;  /* of the largest RRset, at most */
    size_t records_max; /* of one RRset */
};

static struct measure measure_zone(const struct builder *builder)
{
    struct measure measure = {0};
    for (const struct builder_node *node = builder->nodes; node; node = node->next) {
        measure.rrsets += node->rrset_count;
        measure.octets += node->length;
        for (const struct builder_rrset *rrset = node->rrsets; rrset; rrset = rrset->next) {
            measure.records += rrset->count;
            measure.octets += rrset->size;
            if (rrset->size > measure.octets_max)
                measure.octets_max = rrset->size;
            if (rrset->count > measure.records_max)
                measure.records_max = rrset->count;
        }
    }
    return measure;
}

/* Near what freezing takes: a small zone gets one block that fits. */
static size_t arena_size(const struct builder *builder, const struct measure *measure)
{
    return sizeof(struct version) + builder->source_count * (sizeof(struct source) + ARENA_SLACK) +
           builder->node_count * (sizeof(struct zones_node) + sizeof(struct zones_node *)) +
           (measure->rrsets + 1) * (sizeof(struct zones_rrset) + ARENA_SLACK) + measure->octets;
}

struct version *freeze_zone(const struct builder *builder, uint64_t loaded_wall_ms)
{
    const struct measure measure = measure_zone(builder);
    struct arena *arena = arena_create_sized(arena_size(builder, &measure));
    struct freeze freeze = {
        .builder = builder,
        .arena = arena,
        .octets = mem_resize(NULL, measure.octets_max, 1),
        .refs = mem_resize(NULL, measure.records_max * NAMES_MAX, sizeof(uint16_t)),
        .octets_max = measure.octets_max,
    };
    struct version *version = arena_alloc(arena, sizeof *version);
    atomic_init(&version->users, 1);
    version->arena = arena;
    version->sources = freeze_sources(&freeze);
    version->source_count = builder->source_count;
    freeze_nodes(&freeze, version);
    freeze_apex(&freeze, &version->zone);
    version->zone.record_count = measure.records;
    version->zone.loaded_wall_ms = loaded_wall_ms;
    free(freeze.octets);
    free(freeze.refs);
    return version;
}
