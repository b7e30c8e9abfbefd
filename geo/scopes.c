// SPDX-License-Identifier: MIT
#include "geo/scopes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "geo/build.h"
#include "geo/classify.h"

#define DISGUISED (GEO_NO_SITE + 1) /* a range that is never looked up: equal to no answer */
#define MIXED     (GEO_NO_SITE + 2) /* a subtree with several answers */

#define NODE_SLOTS (1u << TABLE_NODE_BITS)

struct geo_scopes {
    struct geo *geo;
    const struct geo_map *map;
    uint8_t *answers; /* by class */
    uint8_t depths[]; /* of the leaves of the IPv4 table, then of the IPv6 table */
};

/* Merging a table's leaves. A subtree with one answer is left alone until its parent knows how far around it
 * the answer stays the same. */
struct merge {
    const struct table *table;
    const uint8_t *answers; /* by class */
    uint8_t *depths;        /* by leaf index: the result */
};

/* All leaves below the node. */
static void fill(const struct merge *merge, const struct table_node *node, unsigned depth)
{
    size_t leaves = (size_t)__builtin_popcountll(node->starts);
    const struct table_node *below = &merge->table->nodes[node->first_node];
    memset(merge->depths + node->first_leaf, (int)depth, leaves);
    for (uint64_t left = node->inner; left; left &= left - 1)
        fill(merge, below++, depth);
}

/* The depth of the widest prefix around a slot within which no answer changes. A bit in `changes` says that its
 * slot's answer is another than that of the slot before. */
static unsigned unchanged_depth(uint64_t changes, unsigned slot, unsigned bottom)
{
    unsigned bits = 0;
    for (; bits < TABLE_NODE_BITS; bits++) {
        unsigned size = 2u << bits, begin = slot & ~(size - 1);
        uint64_t behind_first = size < NODE_SLOTS ? (1ull << size) - 2 : ~1ull;
        if (changes & behind_first << begin)
            break;
    }
    return bottom - bits;
}

/* The depths of the leaves of a node with several answers; `below` are those of its nodes. */
static void settle(const struct merge *merge, const struct table_node *node, uint64_t changes,
                   const uint8_t *below, unsigned bottom)
{
    uint32_t leaf = node->first_leaf;
    const struct table_node *child = &merge->table->nodes[node->first_node];
    for (uint64_t left = node->inner | node->starts; left; left &= left - 1) {
        unsigned slot = (unsigned)__builtin_ctzll(left);
        unsigned depth = unchanged_depth(changes, slot, bottom);
        if (!(node->inner >> slot & 1)) {
            merge->depths[leaf++] = (uint8_t)depth;
            continue;
        }
        if (*below++ != MIXED)
            fill(merge, child, depth);
        child++;
    }
}

/* The answer of all that is below a node that begins at bit `depth`, or MIXED: then its depths are final. */
static uint8_t merge_node(const struct merge *merge, const struct table_node *node, unsigned depth)
{
    uint8_t below[NODE_SLOTS], previous = MIXED;
    uint32_t leaf = node->first_leaf, child = 0;
    uint64_t changes = 0;
    for (uint64_t left = node->inner | node->starts; left; left &= left - 1) {
        uint64_t slot = left & -left;
        uint8_t answer;
        if (node->inner & slot) {
            answer =
                merge_node(merge, &merge->table->nodes[node->first_node + child], depth + TABLE_NODE_BITS);
            below[child++] = answer;
        } else {
            answer = merge->answers[leaf_value(merge->table->leaves[leaf++])];
        }
        if (answer != previous || answer == MIXED)
            changes |= slot;
        previous = answer;
    }
    changes &= ~1ull; /* before the first slot there is none */
    if (!changes)
        return previous;
    settle(merge, node, changes, below, depth + TABLE_NODE_BITS);
    return MIXED;
}

/* The nodes of the root from `slot` on that share the prefix of length `depth`. */
static void fill_root(const struct merge *merge, uint32_t slot, unsigned depth)
{
    const struct table *table = merge->table;
    for (uint32_t end = slot + (1u << (table->root_bits - depth)); slot < end;) {
        fill(merge, &table->nodes[slot], depth);
        slot += table_root_span(table, &table->nodes[slot]);
    }
}

static uint8_t merge_root(const struct merge *merge, uint32_t slot, unsigned depth)
{
    const struct table *table = merge->table;
    const struct table_node *node = &table->nodes[slot];
    uint32_t size = 1u << (table->root_bits - depth);
    if (size == 1 || table_root_span(table, node) == size)
        return merge_node(merge, node, depth);
    uint8_t left = merge_root(merge, slot, depth + 1), right = merge_root(merge, slot + size / 2, depth + 1);
    if (left == right)
        return left;
    if (left != MIXED)
        fill_root(merge, slot, depth + 1);
    if (right != MIXED)
        fill_root(merge, slot + size / 2, depth + 1);
    return MIXED;
}

static void merge_table(const struct table *table, const uint8_t *answers, uint8_t *depths)
{
    struct merge merge = {table, answers, depths};
    if (merge_root(&merge, 0, 0) != MIXED)
        fill_root(&merge, 0, 0);
}

static unsigned first_in(const struct geo_preference *preference, uint64_t sites)
{
    for (unsigned i = 0; i < preference->count; i++)
        if (sites >> preference->sites[i] & 1)
            return preference->sites[i];
    return GEO_NO_SITE;
}

unsigned geo_answering_site(const struct geo_preference *preference, struct geo_answerers answerers)
{
    unsigned site = first_in(preference, answerers.eligible);
    return site == GEO_NO_SITE ? first_in(preference, answerers.fallback) : site;
}

bool geo_answers_everyone_alike(struct geo_answerers answerers, bool fenced)
{
    uint64_t sites = answerers.eligible ? answerers.eligible : answerers.fallback;
    if (fenced)
        return !sites;
    return !(sites & (sites - 1));
}

static uint8_t *answers_by_class(const struct geo *geo, struct geo_answerers answerers)
{
    uint8_t *answers = mem_resize(NULL, geo->class_count, 1);
    for (uint32_t class = 0; class < geo->class_count; class ++) {
        const uint8_t *list = geo->lists + (size_t) class * geo->list_size;
        struct geo_preference preference = {.sites = list + 1, .count = list[0]};
        answers[class] = (uint8_t)geo_answering_site(&preference, answerers);
    }
    answers[CLASSIFY_NOBODY] = DISGUISED;
    return answers;
}

struct geo_scopes *geo_scopes_create(struct geo *geo, size_t map_index, struct geo_answerers answerers)
{
    assert(map_index < geo->map_count);
    const struct geo_map *map = &geo->maps[map_index];
    struct geo_scopes *scopes =
        mem_resize(NULL, 1, sizeof *scopes + (size_t)map->v4.leaf_count + map->v6.leaf_count);
    scopes->geo = geo_share(geo);
    scopes->map = map;
    scopes->answers = answers_by_class(geo, answerers);
    return scopes;
}

void geo_scopes_fill(struct geo_scopes *scopes, enum addr_family family)
{
    if (family == ADDR_V4)
        merge_table(&scopes->map->v4, scopes->answers, scopes->depths);
    else
        merge_table(&scopes->map->v6, scopes->answers, scopes->depths + scopes->map->v4.leaf_count);
}

struct geo_scopes *geo_scopes_build(struct geo *geo, size_t map, struct geo_answerers answerers)
{
    struct geo_scopes *scopes = geo_scopes_create(geo, map, answerers);
    geo_scopes_fill(scopes, ADDR_V4);
    geo_scopes_fill(scopes, ADDR_V6);
    return scopes;
}

void geo_scopes_free(struct geo_scopes *scopes)
{
    if (!scopes)
        return;
    geo_free(scopes->geo);
    free(scopes->answers);
    free(scopes);
}

uint8_t geo_scopes_find(const struct geo_scopes *scopes, const struct geo_preference *preference)
{
    if (preference->leaf == SCOPES_NO_LEAF)
        return 0;
    return (uint8_t)(preference->ipv4_at + scopes->depths[preference->leaf]);
}
