// SPDX-License-Identifier: MIT
#include "zones/builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/dname.h"
#include "zones/rdata.h"

#define FINDING_MAX 512

/* --- places --------------------------------------------------------------------------------------------- */

uint16_t builder_add_source(struct builder *builder, const char *path)
{
    size_t at = builder->source_count;
    if (at == BUILDER_SOURCES_MAX)
        return BUILDER_SOURCES_MAX;
    if ((at & (at - 1)) == 0) /* room doubles at 0, 1, 2, 4, 8 ... */
        builder->sources = mem_resize(builder->sources, at ? 2 * at : 1, sizeof *builder->sources);
    builder->sources[at] = (struct source){.path = arena_strdup(builder->arena, path)};
    builder->source_count++;
    return (uint16_t)at;
}

struct err_place builder_err_place(const struct builder *builder, struct builder_place place)
{
    return (struct err_place){builder->sources[place.source].path, place.line, 0};
}

const char *builder_place_text(const struct builder *builder, struct builder_place place,
                               struct builder_place from, char out[BUILDER_PLACE_MAX])
{
    if (place.source == from.source)
        snprintf(out, BUILDER_PLACE_MAX, "line %u", place.line);
    else
        snprintf(out, BUILDER_PLACE_MAX, "line %u of %s", place.line, builder->sources[place.source].path);
    return out;
}

void builder_bad_entry(struct builder *builder, struct builder_place place, const char *format, ...)
{
    char text[FINDING_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    builder->incomplete = true;
    err_add(builder->err, ERR_ERROR, builder_err_place(builder, place), "%s", text);
}

/* --- nodes ---------------------------------------------------------------------------------------------- */

static struct builder_node *add_node(struct builder *builder, const uint8_t *name, size_t length,
                                     struct builder_node *parent)
{
    struct builder_node *node = arena_alloc(builder->arena, sizeof *node);
    node->name = arena_copy(builder->arena, name, length);
    node->length = (uint8_t)length;
    node->parent = parent;
    node->end = &node->rrsets;
    *builder->end = node;
    builder->end = &node->next;
    builder->node_count++;
    index_put(&builder->names, node, length, 0);
    return node;
}

/* The node of a name in the zone, made with its ancestors if need be. */
static struct builder_node *node_of(struct builder *builder, const uint8_t *name, size_t length)
{
    struct builder_node *node = index_get(&builder->names, name, length);
    if (node)
        return node;
    size_t label = 1u + name[0]; /* the apex is there, so this is no deeper than a name has labels */
    struct builder_node *parent = node_of(builder, name + label, length - label);
    return add_node(builder, name, length, parent);
}

void builder_init(struct builder *builder, const struct config_zone *zone, struct err *err)
{
    *builder = (struct builder){.arena = arena_create(), .zone = zone, .err = err, .names = INDEX_INIT};
    builder->end = &builder->nodes;
    builder_add_source(builder, zone->file);
    builder->origin_length = (uint8_t)dname_length(zone->origin);
    builder->apex = add_node(builder, zone->origin, builder->origin_length, NULL);
}

void builder_free(struct builder *builder)
{
    index_free(&builder->names);
    free(builder->sources);
    arena_free(builder->arena);
    *builder = (struct builder){0};
}

struct builder_node *builder_find(const struct builder *builder, const uint8_t *name)
{
    return index_get(&builder->names, name, dname_length(name));
}

struct builder_rrset *builder_rrset_of(const struct builder_node *node, uint16_t type)
{
    for (struct builder_rrset *rrset = node->rrsets; rrset; rrset = rrset->next)
        if (rrset->type == type)
            return rrset;
    return NULL;
}

/* --- records -------------------------------------------------------------------------------------------- */

static struct builder_rrset *rrset_for(struct builder *builder, struct builder_node *node, uint16_t type)
{
    struct builder_rrset *rrset = builder_rrset_of(node, type);
    if (rrset)
        return rrset;
    rrset = arena_alloc(builder->arena, sizeof *rrset);
    rrset->type = type;
    rrset->ttl_s = UINT32_MAX;
    rrset->end = &rrset->first;
    *node->end = rrset;
    node->end = &rrset->next;
    node->rrset_count++;
    return rrset;
}

/* The owner as written, most often as the node has it. */
static const uint8_t *keep_owner(struct builder *builder, const struct builder_node *node,
                                 const uint8_t *owner)
{
    if (memcmp(owner, node->name, node->length) == 0)
        return node->name;
    return arena_copy(builder->arena, owner, node->length);
}

static void add_record(struct builder *builder, const struct builder_node *node, struct builder_rrset *rrset,
                       const struct builder_input *input)
{
    if (rrset->size > BUILDER_RRSET_MAX)
        return; /* check reports it once */
    struct builder_record *record = arena_alloc(builder->arena, sizeof *record);
    record->owner = keep_owner(builder, node, input->owner);
    record->rdata = arena_copy(builder->arena, input->rdata, input->size);
    record->size = input->size;
    record->ttl_s = input->ttl_s;
    record->place = input->place;
    *rrset->end = record;
    rrset->end = &record->next;
    rrset->count++;
    rrset->size += BUILDER_RECORD_HEADER + input->size;
    if (input->ttl_s < rrset->ttl_s)
        rrset->ttl_s = input->ttl_s;
}

void builder_add(struct builder *builder, const struct builder_input *input)
{
    uint8_t lower[DNAME_MAX];
    char text[DNAME_TEXT_MAX];
    size_t length = dname_length(input->owner);

    dname_lower(lower, input->owner, length);
    if (!dname_is_under(lower, builder->zone->origin)) {
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, input->place),
                "\"%s\" is not in zone %s; is a final dot wrong, or $ORIGIN?",
                dname_format(input->owner, text), builder->zone->name);
        return;
    }
    struct builder_node *node = node_of(builder, lower, length);
    add_record(builder, node, rrset_for(builder, node, input->type), input);
}

/* --- structure ------------------------------------------------------------------------------------------ */

/* NS below the apex make a delegation. RFC 4592 section 4.2 leaves open what they mean at a wildcard: here
 * they are data like any other. */
static bool is_delegation(const struct builder_node *node)
{
    return node->parent && !dname_is_wildcard(node->name) && builder_rrset_of(node, RDATA_NS);
}

void builder_mark_cuts(struct builder *builder)
{
    for (struct builder_node *node = builder->nodes; node; node = node->next) {
        node->cut = node->parent ? node->parent->cut : NULL;
        if (!node->cut && is_delegation(node)) {
            node->is_cut = true;
            node->cut = node;
        }
    }
}
