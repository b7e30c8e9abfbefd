// SPDX-License-Identifier: MIT
#include "geo/disguise.h"

#include <stddef.h>

static const struct disguise disguises[] = {
    {{0, 0x0000ffff00000000}, 96, 96, false}, /* ::ffff:0:0/96 */
    {{0x0064ff9b00000000, 0}, 96, 96, false}, /* 64:ff9b::/96 */
    {{0x2002000000000000, 0}, 16, 16, false}, /* 2002::/16 */
    {{0x2001000000000000, 0}, 32, 96, true},  /* 2001::/32 */
};

#define DISGUISES (sizeof disguises / sizeof *disguises)

const struct disguise *disguise_find(struct bits address)
{
    for (size_t i = 0; i < DISGUISES; i++) {
        if (bits_equal(bits_masked(address, disguises[i].length), disguises[i].prefix))
            return &disguises[i];
    }
    return NULL;
}

bool disguise_below(struct bits path, unsigned depth)
{
    for (size_t i = 0; i < DISGUISES; i++) {
        if (depth < disguises[i].length && bits_equal(bits_masked(disguises[i].prefix, depth), path))
            return true;
    }
    return false;
}

bool disguise_covers(struct bits path, unsigned depth)
{
    const struct disguise *found = disguise_find(path);
    return found && depth >= found->length;
}

struct bits disguise_ipv4(const struct disguise *disguise, struct bits address)
{
    uint64_t ipv4 = disguise->ipv4_at == 16 ? address.hi << 16 : address.lo << 32;
    if (disguise->inverted)
        ipv4 = ~ipv4;
    return (struct bits){ipv4 & 0xffffffff00000000, 0};
}
