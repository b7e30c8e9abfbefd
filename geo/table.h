// SPDX-License-Identifier: MIT
/*
 * table - the frozen longest-prefix table that every query reads: a multibit trie in two flat arrays
 * (after Asai and Ohara, "Poptrie", SIGCOMM 2015). The first bits of an address are the number of a node at the
 * root, each node decides 6 more: most IPv4 look-ups are one node and one leaf, two loads in all.
 *
 *   nodes     64 slots each as two bitmaps. A bit in `inner` says that the slot's subtree is a node: the
 *             nodes of one parent follow each other from `first_node`. A bit in `starts` says that a new leaf
 *             begins at this slot: a leaf that covers several slots is stored once, from `first_leaf`.
 *             nodes[0 .. 2^root_bits) are the root; those covered by one leaf share it
 *   leaves    class << 8 | depth. Every leaf of the trie stands here exactly once, so that its index can
 *             stand for it (geo/scopes.h)
 *
 * Immutable once built; any number of threads may read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "geo/bits.h"
#include "geo/leaves.h"

#define TABLE_NODE_BITS 6

struct table_node {
    uint64_t inner, starts;
    uint32_t first_node, first_leaf;
};

struct table {
    struct table_node *nodes;
    uint32_t *leaves;
    uint32_t node_count, leaf_count;
    unsigned root_bits;
};

/* Freezes leaves that cover the whole address space. */
struct table table_build(const struct leaves *leaves);
void table_free(struct table *table);

/* Counting bits is the arithmetic of a look-up, and the x86-64 baseline has no instruction for it: functions
 * that call table_find() are compiled twice, and the machine's kind chooses when the program starts. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define TABLE_FINDER __attribute__((target_clones("popcnt", "default")))
#else
#define TABLE_FINDER
#endif

/* The bits set below `slot`. */
static inline __attribute__((always_inline)) unsigned table_bits_before(uint64_t bitmap, unsigned slot)
{
    return (unsigned)__builtin_popcountll(bitmap & ~(~0ull << slot));
}

/* The first node of the address's way: what to prefetch. */
static inline const struct table_node *table_root_node(const struct table *table, struct bits address)
{
    return &table->nodes[address.hi >> (64 - table->root_bits)];
}

/* How many nodes of the root share this one's leaf, if it begins here; 1 for a node that splits. */
static inline uint32_t table_root_span(const struct table *table, const struct table_node *node)
{
    unsigned depth =
        node->inner || node->starts != 1 ? table->root_bits : leaf_depth(table->leaves[node->first_leaf]);
    return depth < table->root_bits ? 1u << (table->root_bits - depth) : 1;
}

/* The index of the leaf that holds the address. */
static inline __attribute__((always_inline)) uint32_t table_find(const struct table *table,
                                                                 struct bits address)
{
    const struct table_node *node = table_root_node(table, address);
    address = bits_shifted(address, table->root_bits);
    for (;;) {
        unsigned slot = (unsigned)(address.hi >> (64 - TABLE_NODE_BITS));
        uint64_t bit = 1ull << slot;
        if (!(node->inner & bit)) /* the leaf that begins here or before */
            return node->first_leaf - 1u + (unsigned)__builtin_popcountll(node->starts & (bit | (bit - 1)));
        node = &table->nodes[node->first_node + table_bits_before(node->inner, slot)];
        address = bits_shifted(address, TABLE_NODE_BITS);
    }
}
