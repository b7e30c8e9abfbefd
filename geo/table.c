// SPDX-License-Identifier: MIT
#include "geo/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

#define NODE_SLOTS (1u << TABLE_NODE_BITS)
/* The root doubles as long as leaves outnumber its nodes: small tables stay small. With 18 bits the node
 * behind it ends at an IPv4 /24, which is what resolvers send. */
#define ROOT_BITS_LEAST 6
#define ROOT_BITS_MOST  18
#define ROOM_FIRST      64

struct builder {
    struct table table;
    uint32_t node_room, leaf_room;
    const uint32_t *next; /* the leaf to place */
};

static uint32_t append_nodes(struct builder *builder, const struct table_node *nodes, uint32_t count)
{
    struct table *table = &builder->table;
    uint32_t first = table->node_count;
    while (count > builder->node_room - first) {
        builder->node_room = builder->node_room ? builder->node_room * 2 : ROOM_FIRST;
        table->nodes = mem_resize(table->nodes, builder->node_room, sizeof *table->nodes);
    }
    if (count)
        memcpy(table->nodes + first, nodes, count * sizeof *nodes);
    table->node_count += count;
    return first;
}

static uint32_t append_leaves(struct builder *builder, const uint32_t *leaves, uint32_t count)
{
    struct table *table = &builder->table;
    uint32_t first = table->leaf_count;
    while (count > builder->leaf_room - first) {
        builder->leaf_room = builder->leaf_room ? builder->leaf_room * 2 : ROOM_FIRST;
        table->leaves = mem_resize(table->leaves, builder->leaf_room, sizeof *table->leaves);
    }
    if (count)
        memcpy(table->leaves + first, leaves, count * sizeof *leaves);
    table->leaf_count += count;
    return first;
}

/* The node whose slots begin at bit `depth`; the leaves below it are consumed. Its own nodes and leaves are
 * appended when all are known, so that they lie side by side. */
static struct table_node build_node(struct builder *builder, unsigned depth)
{
    struct table_node node = {0, 0, 0, 0}, nodes[NODE_SLOTS];
    uint32_t leaves[NODE_SLOTS], node_count = 0, leaf_count = 0;
    unsigned bottom = depth + TABLE_NODE_BITS;
    for (unsigned slot = 0; slot < NODE_SLOTS;) {
        uint32_t leaf = *builder->next;
        if (leaf_depth(leaf) > bottom) {
            node.inner |= 1ull << slot;
            nodes[node_count++] = build_node(builder, bottom);
            slot++;
            continue;
        }
        node.starts |= 1ull << slot;
        leaves[leaf_count++] = leaf;
        slot += 1u << (bottom - leaf_depth(leaf));
        builder->next++;
    }
    node.first_node = append_nodes(builder, nodes, node_count);
    node.first_leaf = append_leaves(builder, leaves, leaf_count);
    return node;
}

static void build_root(struct builder *builder)
{
    struct table *table = &builder->table;
    unsigned bits = table->root_bits;
    for (uint32_t slot = 0; slot < 1u << bits;) {
        uint32_t leaf = *builder->next;
        if (leaf_depth(leaf) > bits) {
            struct table_node node = build_node(builder, bits); /* may move the nodes */
            table->nodes[slot++] = node;
            continue;
        }
        struct table_node covered = {0, 1, 0, append_leaves(builder, &leaf, 1)};
        for (uint32_t end = slot + (1u << (bits - leaf_depth(leaf))); slot < end; slot++)
            table->nodes[slot] = covered;
        builder->next++;
    }
}

static unsigned root_bits_for(size_t leaf_count)
{
    unsigned bits = ROOT_BITS_LEAST;
    while (bits < ROOT_BITS_MOST && (size_t)1 << bits < leaf_count)
        bits += TABLE_NODE_BITS;
    return bits;
}

struct table table_build(const struct leaves *leaves)
{
    struct builder builder = {.next = leaves->items};
    struct table *table = &builder.table;
    table->root_bits = root_bits_for(leaves->count);
    table->node_count = builder.node_room = 1u << table->root_bits;
    table->nodes = mem_resize(NULL, table->node_count, sizeof *table->nodes);
    build_root(&builder);
    assert(builder.next == leaves->items + leaves->count);
    assert(table->leaf_count == leaves->count);
    struct table_node *nodes = table->nodes;
    uint32_t *flat = table->leaves;
    table->nodes = mem_copy_flat(nodes, table->node_count * sizeof *nodes);
    table->leaves = mem_copy_flat(flat, table->leaf_count * sizeof *flat);
    free(nodes);
    free(flat);
    return *table;
}

void table_free(struct table *table)
{
    free(table->nodes);
    free(table->leaves);
    *table = (struct table){.nodes = NULL};
}
