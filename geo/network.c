// SPDX-License-Identifier: MIT
#include "geo/network.h"

#include <stdlib.h>

#include "core/base/mem.h"
#include "geo/disguise.h"

#define ROOM_FIRST 16

static int32_t add_node(struct network_trie *trie)
{
    if (trie->count == trie->room) {
        trie->room = trie->room ? trie->room * 2 : ROOM_FIRST;
        trie->nodes = mem_resize(trie->nodes, trie->room, sizeof *trie->nodes);
    }
    trie->nodes[trie->count] = (struct network_node){{NETWORK_NONE, NETWORK_NONE}, NETWORK_NONE};
    return (int32_t)trie->count++;
}

static void add_rule(struct network_trie *trie, const struct prefix *prefix, int32_t rule)
{
    struct bits bits = bits_of(&prefix->addr);
    int32_t at = 0;
    for (unsigned i = 0; i < prefix->length; i++) {
        bool side = bits_at(bits, i);
        if (trie->nodes[at].child[side] == NETWORK_NONE) {
            int32_t added = add_node(trie); /* may move the nodes */
            trie->nodes[at].child[side] = added;
        }
        at = trie->nodes[at].child[side];
    }
    trie->nodes[at].rule = rule;
}

struct network_trie network_build(const struct config_map *map, enum addr_family family, struct err *err)
{
    struct network_trie trie = {NULL, 0, 0};
    add_node(&trie);
    for (size_t i = 0; i < map->network_count; i++) {
        const struct prefix *prefix = &map->networks[i].prefix;
        char text[PREFIX_TEXT_MAX];
        if (prefix->addr.family != family)
            continue;
        if (family == ADDR_V6 && disguise_covers(bits_of(&prefix->addr), prefix->length))
            err_add(
                err, ERR_WARNING, map->place,
                "map %s: the rule for network %s has no effect: these addresses count as the IPv4 address "
                "in them; write the rule for the IPv4 network",
                map->name, prefix_format(prefix, text));
        add_rule(&trie, prefix, (int32_t)i);
    }
    return trie;
}

void network_free(struct network_trie *trie)
{
    free(trie->nodes);
    *trie = (struct network_trie){NULL, 0, 0};
}
