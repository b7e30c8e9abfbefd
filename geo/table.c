// SPDX-License-Identifier: MIT
#include "geo/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

#define ROOT_SLOTS     (1u << TABLE_ROOT_BITS)
#define NODE_SLOTS     (1u << TABLE_NODE_BITS)
#define TABLE_IS_NODE  0xffu /* in place of a leaf's depth */
#define NODE_INDEX_MAX 0xffffffu
#define ROOM_FIRST     1024

_Static_assert(ROOT_SLOTS <= NODE_INDEX_MAX, "nodes below the root are numbered in 24 bits");

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
        if (!leaf_count || leaves[leaf_count - 1] != leaf) {
            node.starts |= 1ull << slot;
            leaves[leaf_count++] = leaf;
        }
        slot += 1u << (bottom - leaf_depth(leaf));
        builder->next++;
    }
    node.first_node = append_nodes(builder, nodes, node_count);
    node.first_leaf = append_leaves(builder, leaves, leaf_count);
    return node;
}

static void build_root(struct builder *builder, struct table_node *nodes)
{
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < ROOT_SLOTS;) {
        uint32_t leaf = *builder->next;
        if (leaf_depth(leaf) > TABLE_ROOT_BITS) {
            nodes[count] = build_node(builder, TABLE_ROOT_BITS);
            builder->table.root[slot++] = count++ << 8 | TABLE_IS_NODE;
            continue;
        }
        for (uint32_t end = slot + (1u << (TABLE_ROOT_BITS - leaf_depth(leaf))); slot < end; slot++)
            builder->table.root[slot] = leaf;
        builder->next++;
    }
    builder->table.first_root_node = append_nodes(builder, nodes, count);
}

struct table table_build(const struct leaves *leaves)
{
    struct builder builder = {.next = leaves->items};
    struct table *table = &builder.table;
    struct table_node *nodes = mem_resize(NULL, ROOT_SLOTS, sizeof *nodes);
    table->root = mem_resize(NULL, ROOT_SLOTS, sizeof *table->root);
    build_root(&builder, nodes);
    free(nodes);
    assert(builder.next == leaves->items + leaves->count);
    if (table->node_count)
        table->nodes = mem_resize(table->nodes, table->node_count, sizeof *table->nodes);
    if (table->leaf_count)
        table->leaves = mem_resize(table->leaves, table->leaf_count, sizeof *table->leaves);
    return *table;
}

void table_free(struct table *table)
{
    free(table->root);
    free(table->nodes);
    free(table->leaves);
    *table = (struct table){.root = NULL};
}

static inline unsigned bits_before(uint64_t bitmap, unsigned slot)
{
    return (unsigned)__builtin_popcountll(bitmap & ((1ull << slot) - 1));
}

uint32_t table_find(const struct table *table, struct bits address)
{
    uint32_t entry = table->root[address.hi >> (64 - TABLE_ROOT_BITS)];
    if ((entry & 0xff) != TABLE_IS_NODE)
        return entry;
    const struct table_node *node = &table->nodes[table->first_root_node + (entry >> 8)];
    address = bits_shifted(address, TABLE_ROOT_BITS);
    for (;;) {
        unsigned slot = (unsigned)(address.hi >> (64 - TABLE_NODE_BITS));
        if (!(node->inner >> slot & 1))
            return table
                ->leaves[node->first_leaf + bits_before(node->starts, slot) + (node->starts >> slot & 1) - 1];
        node = &table->nodes[node->first_node + bits_before(node->inner, slot)];
        address = bits_shifted(address, TABLE_NODE_BITS);
    }
}
