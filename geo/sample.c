// SPDX-License-Identifier: MIT
#include "geo/sample.h"

#include <string.h>

#include "core/base/hash.h"

#define NETWORKS 4096 /* of each family: 1 % is seen for certain */

static const uint8_t registries[] = {0x24, 0x26, 0x28, 0x2a, 0x2c}; /* first octets of their /12s */

/* Number `i` of the sample: always the same ones. A /24 from 1.0.0.0 to 223.255.255.0, or a /48 in one of the
 * /12s that registries give addresses from. */
static struct prefix draw(enum addr_family family, uint64_t i)
{
    struct prefix network = {.addr = {.family = (uint8_t)family}};
    uint64_t random = hash_mix(i + 1, 0x9e3779b97f4a7c15);
    memcpy(network.addr.octets, &random, 6);
    network.length = family == ADDR_V4 ? 24 : 48;
    if (family == ADDR_V4) {
        network.addr.octets[0] = (uint8_t)(1 + network.addr.octets[0] * 223 / 256);
    } else {
        network.addr.octets[0] = registries[network.addr.octets[0] % sizeof registries];
        network.addr.octets[1] &= 0x0f;
    }
    addr_mask(&network.addr, network.length);
    return network;
}

static unsigned first_site(const struct geo_preference *preference)
{
    return preference->count ? preference->sites[0] : GEO_NO_SITE;
}

static unsigned count_moved(const struct geo *previous, const struct geo *next, size_t map,
                            enum addr_family family)
{
    struct prefix networks[64];
    struct geo_preference before[64], after[64];
    unsigned moved = 0;
    for (unsigned done = 0; done < NETWORKS; done += 64) {
        for (unsigned i = 0; i < 64; i++)
            networks[i] = draw(family, done + i);
        geo_find_many(previous, map, networks, 64, before);
        geo_find_many(next, map, networks, 64, after);
        for (unsigned i = 0; i < 64; i++)
            moved += first_site(&before[i]) != first_site(&after[i]);
    }
    return moved;
}

static bool map_agrees(const struct geo *previous, const struct geo *next, const struct config *config,
                       size_t map, enum addr_family family, struct err *err)
{
    unsigned moved = count_moved(previous, next, map, family);
    if (moved * 100 <= NETWORKS * config->max_change_percent)
        return true;
    err_add(err, ERR_ERROR, config->databases[0].place,
            "the new GeoIP databases would send %u%% of IPv%d networks to another site (map %s), more than "
            "`max_change` allows (%u%%): if that is right, raise it, or restart dnsd",
            moved * 100 / NETWORKS, family, config->maps[map].name, config->max_change_percent);
    return false;
}

bool sample_agrees(const struct geo *previous, const struct geo *next, const struct config *config,
                   struct err *err)
{
    bool ok = true;
    for (size_t map = 0; config->database_count && map < config->map_count; map++)
        ok &= map_agrees(previous, next, config, map, ADDR_V4, err) &&
              map_agrees(previous, next, config, map, ADDR_V6, err);
    return ok;
}
