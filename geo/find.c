// SPDX-License-Identifier: MIT
#include "geo/geo.h"

#include <assert.h>

#include "geo/bits.h"
#include "geo/build.h"
#include "geo/disguise.h"
#include "geo/scopes.h"

#define BATCH 32 /* as many misses as a core has under way, and a little more */

/* Where a client is looked up. */
struct target {
    const struct table *table; /* NULL: it has no address */
    struct bits address;
    uint8_t ipv4_at;
};

static inline struct geo_preference preference(const struct geo *geo, uint32_t class, unsigned scope)
{
    const uint8_t *list = geo->lists + (size_t) class * geo->list_size;
    return (struct geo_preference){list + 1, list[0], (uint8_t)scope, 0, SCOPES_NO_LEAF};
}

/* A network counts as its first address: the leaf that holds it is what the scope promises, whether the leaf
 * is shorter or longer than the network. That is also the only honest answer to a network that ends before
 * the IPv4 bits of a disguise (a Teredo /56 has clients of all the world): its first address stands for
 * 0.0.0.0 or 255.255.255.255, of which nobody knows a place. */
static inline struct target target_of(const struct geo_map *map, const struct addr *client, unsigned length)
{
    if (!length || client->family == ADDR_NONE)
        return (struct target){NULL, {0, 0}, 0};
    if (client->family == ADDR_V4) {
        uint64_t bits = (uint64_t)wire_load32(client->octets) << 32;
        return (struct target){&map->v4, {bits & ~0ull << (64 - length), 0}, 0};
    }
    struct bits address = bits_masked(bits_of(client), length);
    const struct disguise *disguise = disguise_find(address);
    if (disguise)
        return (struct target){&map->v4, disguise_ipv4(disguise, address), disguise->ipv4_at};
    return (struct target){&map->v6, address, 0};
}

static inline struct geo_preference preference_at(const struct geo *geo, const struct geo_map *map,
                                                  const struct target *target, uint32_t index)
{
    uint32_t leaf = target->table->leaves[index];
    struct geo_preference found = preference(geo, leaf_value(leaf), target->ipv4_at + leaf_depth(leaf));
    found.ipv4_at = target->ipv4_at;
    found.leaf = target->table == &map->v4 ? index : map->v4.leaf_count + index;
    return found;
}

TABLE_FINDER
struct geo_preference geo_find(const struct geo *geo, size_t map_index, const struct addr *client,
                               unsigned length)
{
    assert(map_index < geo->map_count);
    const struct geo_map *map = &geo->maps[map_index];
    struct target target = target_of(map, client, length);
    if (!target.table)
        return preference(geo, map->unknown, 0);
    return preference_at(geo, map, &target, table_find(target.table, target.address));
}

/* Each stage asks for the memory that the next one needs: the misses of all overlap. */
TABLE_FINDER
static void find_batch(const struct geo *geo, const struct geo_map *map, const struct prefix *clients,
                       size_t count, struct geo_preference *out)
{
    struct target targets[BATCH];
    uint32_t indexes[BATCH];
    for (size_t i = 0; i < count; i++) {
        targets[i] = target_of(map, &clients[i].addr, clients[i].length);
        if (targets[i].table)
            __builtin_prefetch(table_root_node(targets[i].table, targets[i].address));
    }
    for (size_t i = 0; i < count; i++) {
        if (!targets[i].table)
            continue;
        indexes[i] = table_find(targets[i].table, targets[i].address);
        __builtin_prefetch(&targets[i].table->leaves[indexes[i]]);
    }
    for (size_t i = 0; i < count; i++)
        out[i] = targets[i].table ? preference_at(geo, map, &targets[i], indexes[i])
                                  : preference(geo, map->unknown, 0);
}

void geo_find_many(const struct geo *geo, size_t map_index, const struct prefix *clients, size_t count,
                   struct geo_preference *out)
{
    assert(map_index < geo->map_count);
    for (size_t done = 0; done < count; done += BATCH) {
        size_t some = count - done < BATCH ? count - done : BATCH;
        find_batch(geo, &geo->maps[map_index], clients + done, some, out + done);
    }
}
