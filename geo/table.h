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

/* The index of the leaf that holds the address. */
uint32_t table_find(const struct table *table, struct bits address);

/* Calls `visit` for every leaf, from the lowest address to the highest. */
typedef void table_visitor(void *context, struct bits path, uint32_t leaf_index);
void table_each(const struct table *table, table_visitor *visit, void *context);
