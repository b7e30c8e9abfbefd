// SPDX-License-Identifier: MIT
#include "geo/geo.h"

#include <assert.h>

#include "geo/bits.h"
#include "geo/build.h"
#include "geo/disguise.h"
#include "geo/scopes.h"

static struct geo_preference preference(const struct geo *geo, uint32_t class, unsigned scope)
{
    const uint8_t *list = geo->lists + (size_t) class * geo->list_size;
    return (struct geo_preference){list + 1, list[0], (uint8_t)scope, 0, SCOPES_NO_LEAF};
}

/* A network counts as its first address: the leaf that holds it is what the scope promises, whether the leaf
 * is shorter or longer than the network. That is also the only honest answer to a network that ends before
 * the IPv4 bits of a disguise (a Teredo /56 has clients of all the world): its first address stands for
 * 0.0.0.0 or 255.255.255.255, of which nobody knows a place. */
struct geo_preference geo_find(const struct geo *geo, size_t map_index, const struct addr *client,
                               unsigned length)
{
    assert(map_index < geo->map_count);
    const struct geo_map *map = &geo->maps[map_index];
    const struct table *table = client->family == ADDR_V6 ? &map->v6 : &map->v4;
    unsigned ipv4_at = 0;
    if (!length || client->family == ADDR_NONE)
        return preference(geo, map->unknown, 0);
    struct bits address = bits_masked(bits_of(client), length);
    if (client->family == ADDR_V6) {
        const struct disguise *disguise = disguise_find(address);
        if (disguise) {
            address = disguise_ipv4(disguise, address);
            ipv4_at = disguise->ipv4_at;
            table = &map->v4;
        }
    }
    uint32_t index = table_find(table, address), leaf = table->leaves[index];
    struct geo_preference found = preference(geo, leaf_value(leaf), ipv4_at + leaf_depth(leaf));
    found.ipv4_at = (uint8_t)ipv4_at;
    found.leaf = table == &map->v4 ? index : map->v4.leaf_count + index;
    return found;
}
