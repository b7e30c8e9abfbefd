// SPDX-License-Identifier: MIT
#include "zones/steering.h"

#include <assert.h>

#include "core/model/dname.h"
#include "zones/rdata.h"

struct steering {
    struct zones *zones;
    size_t at; /* the zone's number */
    const struct config_zone *zone;
    const struct config *config;
    struct err *err;
};

/* --- may it be steered? ---------------------------------------------------------------------------------- */

static bool refuse(const struct steering *s, const struct config_steer *steer, const char *why,
                   const char *whose)
{
    char text[DNAME_TEXT_MAX];
    err_add(s->err, ERR_ERROR, steer->place, "\"%s\" cannot be steered: it %s %s",
            dname_format(steer->owner, text), why, whose);
    return false;
}

static bool is_below_dname(const struct steering *s, const uint8_t *name)
{
    const struct zone *zone = &s->zones->zones[s->at];
    size_t length = dname_length(name);
    while (length > zone->origin_length) {
        length -= 1u + *name;
        name += 1 + *name;
        const struct zones_node *above = index_get(&s->zones->names, name, length);
        if (above && zones_rrset_of(above, RDATA_DNAME))
            return true;
    }
    return false;
}

/* `slot`: of the name, or of the ancestor closest to it. */
static bool is_allowed(const struct steering *s, const struct config_steer *steer,
                       const struct index_slot *slot, bool exists)
{
    const struct zones_node *node = slot->value;
    const char *file = s->zone->file;
    if (slot->tag != s->at)
        return refuse(s, steer,
                      "lies in a zone below that is served here too:", s->zones->zones[slot->tag].name);
    if (node->cut)
        return refuse(s, steer, "is delegated to another server in", file);
    if (exists && zones_rrset_of(node, RDATA_CNAME))
        return refuse(s, steer, "is an alias by its CNAME in", file);
    if (is_below_dname(s, steer->owner))
        return refuse(s, steer, "is below a DNAME in", file);
    return true;
}

/* --- nodes of this build ----------------------------------------------------------------------------------- */

/* The node as a copy that may be changed. */
static struct zones_node *own_node(const struct steering *s, struct index_slot *slot)
{
    struct zones_node *copy = arena_alloc(s->zones->arena, sizeof *copy);
    *copy = *(const struct zones_node *)slot->value;
    if (slot->value == s->zones->zones[s->at].apex)
        s->zones->zones[s->at].apex = copy;
    slot->value = copy;
    return copy;
}

/* The node of a name in the zone, made with its ancestors if need be (RFC 8020). */
static struct zones_node *make_node(const struct steering *s, const uint8_t *name, size_t length)
{
    struct index *names = &s->zones->names;
    struct index_slot *slot = index_find(names, name, length);
    if (slot)
        return own_node(s, slot);
    size_t label = 1u + name[0]; /* the apex is there, so this is no deeper than a name has labels */
    struct zones_node *parent = make_node(s, name + label, length - label);
    if (dname_is_wildcard(name))
        parent->has_wildcard = true;
    struct zones_node *node = arena_alloc(s->zones->arena, sizeof *node);
    node->owner = arena_copy(s->zones->arena, name, length);
    node->owner_length = (uint8_t)length;
    node->service = -1;
    index_put(names, node, length, (uint32_t)s->at);
    return node;
}

static bool steer_name(const struct steering *s, const struct config_steer *steer)
{
    char text[DNAME_TEXT_MAX];
    const struct index *names = &s->zones->names;
    size_t length = dname_length(steer->owner);
    if (!dname_is_under(steer->owner, s->zone->origin)) {
        err_add(s->err, ERR_ERROR, steer->place, "\"%s\" cannot be steered here: it is not in zone %s",
                dname_format(steer->owner, text), s->zone->name);
        return false;
    }
    const struct index_slot *slot = index_find(names, steer->owner, length);
    bool exists = slot != NULL;
    if (!exists)
        slot = index_find_ancestor(names, steer->owner, length);
    if (!is_allowed(s, steer, slot, exists))
        return false;
    assert(steer->service < s->config->service_count);
    const struct config_service *service = &s->config->services[steer->service];
    struct zones_node *node = make_node(s, steer->owner, length);
    node->service = (int32_t)steer->service;
    node->steers_a = service->has_a;
    node->steers_aaaa = service->has_aaaa;
    return true;
}

bool steering_apply(struct zones *zones, size_t at, const struct config_zone *zone,
                    const struct config *config, struct err *err)
{
    const struct steering steering = {zones, at, zone, config, err};
    bool ok = true;
    for (size_t i = 0; i < zone->steer_count; i++)
        ok &= steer_name(&steering, &zone->steer[i]);
    return ok;
}
