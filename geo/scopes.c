// SPDX-License-Identifier: MIT
#include "geo/scopes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "geo/build.h"
#include "geo/classify.h"

#define DISGUISED   (GEO_NO_SITE + 1) /* a range that is never looked up: equal to no answer */
#define PENDING_MAX 129               /* at most one left half for every depth */

struct geo_scopes {
    struct geo *geo;
    uint8_t depths[]; /* of the leaves of the IPv4 table, then of the IPv6 table */
};

/* Leaves in the order of their addresses that have the same answer and fill a prefix. */
struct block {
    uint8_t answer, depth;
    uint32_t first; /* leaf, counted in that order */
};

/* Merging a table's leaves. A block waits as long as its right-hand sibling may still turn out equal. */
struct merge {
    const struct table *table;
    const uint8_t *answers; /* by class */
    uint8_t *depths;        /* by leaf index: the result */
    uint32_t *order;        /* leaf indexes in the order of addresses */
    uint32_t count;
    struct block pending[PENDING_MAX];
    unsigned pending_count;
};

/* The depths of all that waits are final: each block reaches to the next one, the last to leaf `end`. */
static void settle(struct merge *merge, uint32_t end)
{
    while (merge->pending_count) {
        struct block block = merge->pending[--merge->pending_count];
        for (; end > block.first; end--)
            merge->depths[merge->order[end - 1]] = block.depth;
    }
}

/* A right half whose sibling differs ends all hope: every prefix that contains it has two answers. */
static void add_leaf(void *context, struct bits path, uint32_t leaf_index)
{
    struct merge *merge = context;
    uint32_t leaf = merge->table->leaves[leaf_index];
    struct block block = {merge->answers[leaf_value(leaf)], (uint8_t)leaf_depth(leaf), merge->count};
    merge->order[merge->count++] = leaf_index;
    while (block.depth && bits_at(path, block.depth - 1u)) {
        const struct block *left = &merge->pending[merge->pending_count - 1];
        bool equal = merge->pending_count && left->depth == block.depth && left->answer == block.answer;
        if (!equal) {
            settle(merge, block.first);
            break;
        }
        block.first = left->first;
        block.depth--;
        merge->pending_count--;
    }
    assert(merge->pending_count < PENDING_MAX);
    merge->pending[merge->pending_count++] = block;
}

static void merge_table(const struct table *table, const uint8_t *answers, uint8_t *depths)
{
    struct merge merge = {.table = table, .answers = answers, .depths = depths};
    merge.order = mem_resize(NULL, table->leaf_count, sizeof *merge.order);
    table_each(table, add_leaf, &merge);
    settle(&merge, merge.count);
    free(merge.order);
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

struct geo_scopes *geo_scopes_build(struct geo *geo, size_t map_index, struct geo_answerers answerers)
{
    assert(map_index < geo->map_count);
    const struct geo_map *map = &geo->maps[map_index];
    struct geo_scopes *scopes =
        mem_resize(NULL, 1, sizeof *scopes + (size_t)map->v4.leaf_count + map->v6.leaf_count);
    uint8_t *answers = answers_by_class(geo, answerers);
    scopes->geo = geo_share(geo);
    merge_table(&map->v4, answers, scopes->depths);
    merge_table(&map->v6, answers, scopes->depths + map->v4.leaf_count);
    free(answers);
    return scopes;
}

void geo_scopes_free(struct geo_scopes *scopes)
{
    if (!scopes)
        return;
    geo_free(scopes->geo);
    free(scopes);
}

uint8_t geo_scopes_find(const struct geo_scopes *scopes, const struct geo_preference *preference)
{
    if (preference->leaf == SCOPES_NO_LEAF)
        return 0;
    return (uint8_t)(preference->ipv4_at + scopes->depths[preference->leaf]);
}
