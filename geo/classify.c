// SPDX-License-Identifier: MIT
#include "geo/classify.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "geo/join.h"
#include "geo/memo.h"
#include "geo/network.h"

#define NOT_YET UINT32_MAX

struct classify {
    const struct rules *rules;
    const struct leaves *places;
    const struct intern *set;
    struct intern *lists;
    struct leaves *classes;
    struct network_trie networks;
    size_t at;          /* the place leaf that is being split or copied */
    uint32_t *class_of; /* of a place outside of all networks, NOT_YET */
    struct memo pairs;  /* classes of (network rule, place) */
};

struct intern classify_lists(size_t site_count)
{
    uint8_t nobody[1 + CONFIG_SITES_MAX] = {0};
    struct intern lists = intern_of(classify_list_size(site_count));
    intern_add(&lists, nobody);
    return lists;
}

static uint32_t class_for(const struct rules *rules, const struct geo_place *place,
                          const struct config_site_list *network, struct intern *lists)
{
    uint8_t list[1 + CONFIG_SITES_MAX] = {0};
    list[0] = (uint8_t)rules_order(rules, place, network, list + 1);
    memset(list + 1 + list[0], 0, (size_t)(CONFIG_SITES_MAX - list[0]));
    return intern_add(lists, list);
}

uint32_t classify_unknown(const struct rules *rules, struct intern *lists)
{
    struct geo_place unknown = {0};
    return class_for(rules, &unknown, NULL, lists);
}

static uint32_t class_in_network(struct classify *c, uint32_t place, int32_t rule)
{
    uint32_t *class = memo_at(&c->pairs, (uint64_t)(uint32_t)rule << 32 | place);
    if (*class == MEMO_UNKNOWN)
        *class =
            class_for(c->rules, intern_item(c->set, place), &c->rules->map->networks[rule].list, c->lists);
    return *class;
}

static uint32_t class_of(struct classify *c, uint32_t place, int32_t rule)
{
    if (place == JOIN_DISGUISE)
        return CLASSIFY_NOBODY;
    if (rule != NETWORK_NONE)
        return class_in_network(c, place, rule);
    if (c->class_of[place] == NOT_YET)
        c->class_of[place] = class_for(c->rules, intern_item(c->set, place), NULL, c->lists);
    return c->class_of[place];
}

static void add_leaf(struct classify *c, uint32_t place, int32_t rule, struct bits path, unsigned depth)
{
    uint32_t class = class_of(c, place, rule);
    leaves_add(c->classes, path, depth, class <= LEAVES_VALUE_MAX ? class : CLASSIFY_NOBODY);
}

/* All leaves of `path`/`depth`, none of which a rule splits: until the next leaf begins at a multiple of the
 * prefix again. */
static void copy_leaves(struct classify *c, int32_t rule, struct bits path, unsigned depth)
{
    do {
        uint32_t leaf = c->places->items[c->at++];
        add_leaf(c, leaf_value(leaf), rule, path, leaf_depth(leaf));
        path = bits_after(path, leaf_depth(leaf));
    } while (!bits_equal(path, bits_masked(path, depth)));
}

/* The trie of networks and the leaves of places, split where either of them splits. `rule` is the most
 * specific one so far, `node` NETWORK_NONE below the last one. */
static void walk(struct classify *c, int32_t node, int32_t rule, struct bits path, unsigned depth)
{
    const struct network_node none = {{NETWORK_NONE, NETWORK_NONE}, NETWORK_NONE};
    const struct network_node *here = node == NETWORK_NONE ? &none : &c->networks.nodes[node];
    bool rules_below = here->child[0] != NETWORK_NONE || here->child[1] != NETWORK_NONE;
    uint32_t leaf = c->places->items[c->at];
    if (here->rule != NETWORK_NONE)
        rule = here->rule;
    if (rules_below) {
        walk(c, here->child[0], rule, path, depth + 1);
        walk(c, here->child[1], rule, bits_with(path, depth), depth + 1);
        c->at += leaf_depth(leaf) == depth;
    } else if (leaf_depth(leaf) > depth) {
        copy_leaves(c, rule, path, depth);
    } else {
        add_leaf(c, leaf_value(leaf), rule, path, depth);
        c->at += leaf_depth(leaf) == depth;
    }
}

bool classify_leaves(const struct rules *rules, enum addr_family family, const struct leaves *places,
                     const struct intern *set, struct intern *lists, struct leaves *classes, struct err *err)
{
    struct classify c = {.rules = rules,
                         .places = places,
                         .set = set,
                         .lists = lists,
                         .classes = classes,
                         .networks = network_build(rules->map, family, err),
                         .class_of = mem_resize(NULL, set->count, sizeof(uint32_t))};
    memset(c.class_of, 0xff, set->count * sizeof *c.class_of);
    walk(&c, 0, NETWORK_NONE, (struct bits){0, 0}, 0);
    network_free(&c.networks);
    free(c.class_of);
    memo_free(&c.pairs);
    if (lists->count <= LEAVES_VALUE_MAX)
        return true;
    err_add(err, ERR_ERROR, rules->map->place, "map %s: too many distinct orders of sites", rules->map->name);
    return false;
}
