// SPDX-License-Identifier: MIT
/*
 * table - the frozen longest-prefix table that every query reads: a multibit trie in three flat arrays
 * (after Asai and Ohara, "Poptrie", SIGCOMM 2015). A look-up is one load for the first 18 bits, and for
 * each further 6 bits one node and two population counts; at most 3 nodes for IPv4.
 *
 *   root      2^18 entries: a leaf (class << 8 | depth), or 0xff in the last octet: the number of a node
 *   nodes     64 slots each as two bitmaps. A bit in `inner` says that the slot's subtree is a node: the
 *             nodes of one parent follow each other from `first_node`. A bit in `starts` says that a new leaf
 *             begins at this slot: a leaf that covers several slots is stored once, from `first_leaf`
 *   leaves    class << 8 | depth
 *
 * Immutable once built; any number of threads may read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "geo/bits.h"
#include "geo/leaves.h"

#define TABLE_ROOT_BITS 18
#define TABLE_NODE_BITS 6

struct table_node {
    uint64_t inner, starts;
    uint32_t first_node, first_leaf;
};

struct table {
    uint32_t *root;
    struct table_node *nodes;
    uint32_t *leaves;
    uint32_t node_count, leaf_count;
    uint32_t first_root_node; /* the nodes below the root lie together */
};

/* Freezes leaves that cover the whole address space. */
struct table table_build(const struct leaves *leaves);
void table_free(struct table *table);

/* The leaf that holds the address: leaf_value() and leaf_depth(). */
uint32_t table_find(const struct table *table, struct bits address);
