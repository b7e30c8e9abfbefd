// SPDX-License-Identifier: MIT
/*
 * disguise - IPv6 addresses that stand for an IPv4 address, and count as it.
 *
 *   ::ffff:a.b.c.d         IPv4-mapped        RFC 4291 section 2.5.5.2   IPv4 bits begin at bit 96
 *   64:ff9b::a.b.c.d       NAT64              RFC 6052 section 2.1       at 96
 *   2002:aabb:ccdd::/48    6to4               RFC 3056 section 2         at 16
 *   2001:0::/32            Teredo             RFC 4380 section 4         at 96, every bit inverted
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "geo/bits.h"

struct disguise {
    struct bits prefix;
    uint8_t length;
    uint8_t ipv4_at; /* the bit where the IPv4 address begins */
    bool inverted;
};

/* NULL for a plain IPv6 address. */
const struct disguise *disguise_find(struct bits address);
/* True if a disguise's range lies within `path`/`depth`, and is not all of it. */
bool disguise_below(struct bits path, unsigned depth);
/* True if `path`/`depth` is, or lies within, a disguise's range. */
bool disguise_covers(struct bits path, unsigned depth);

/* The IPv4 address that `address` stands for. */
struct bits disguise_ipv4(const struct disguise *disguise, struct bits address);
