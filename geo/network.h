// SPDX-License-Identifier: MIT
/*
 * network - the `networks` rules of a map as a binary trie of one address family. Rules are few; they are
 * walked together with the leaves of the databases.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/model/config.h"

#define NETWORK_NONE (-1)

struct network_node {
    int32_t child[2]; /* NETWORK_NONE: no rule below */
    int32_t rule;     /* index into the map's networks, NETWORK_NONE */
};

struct network_trie {
    struct network_node *nodes; /* nodes[0] is the root: it always exists */
    size_t count, room;
};

/* A rule that no client can match, because its addresses count as IPv4, becomes a warning. */
struct network_trie network_build(const struct config_map *map, enum addr_family family, struct err *err);
void network_free(struct network_trie *trie);
