// SPDX-License-Identifier: MIT
/*
 * bits - an address as 128 bits in two words, the way tries read it: bit 0 is the first bit on the wire.
 * An IPv4 address is the first 32 bits, the rest is zero. Header only: this is the packet path.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/wire.h"

struct bits {
    uint64_t hi, lo;
};

static inline struct bits bits_of(const struct addr *addr)
{
    const uint8_t *p = addr->octets;
    uint64_t hi = (uint64_t)wire_load32(p) << 32;
    if (addr->family == ADDR_V4)
        return (struct bits){hi, 0};
    return (struct bits){hi | wire_load32(p + 4), (uint64_t)wire_load32(p + 8) << 32 | wire_load32(p + 12)};
}

static inline bool bits_at(struct bits bits, unsigned index)
{
    return (index < 64 ? bits.hi >> (63 - index) : bits.lo >> (127 - index)) & 1;
}

/* With bit `index` set. */
static inline struct bits bits_with(struct bits bits, unsigned index)
{
    if (index < 64)
        bits.hi |= 1ull << (63 - index);
    else
        bits.lo |= 1ull << (127 - index);
    return bits;
}

/* The first `length` bits, the rest zero. */
static inline struct bits bits_masked(struct bits bits, unsigned length)
{
    if (length < 64)
        return (struct bits){length ? bits.hi & ~0ull << (64 - length) : 0, 0};
    if (length < 128)
        bits.lo &= length > 64 ? ~0ull << (128 - length) : 0;
    return bits;
}

/* The first address after the prefix `bits`/`length`, 0 < length; zero after the last one. */
static inline struct bits bits_after(struct bits bits, unsigned length)
{
    if (length <= 64)
        return (struct bits){bits.hi + (1ull << (64 - length)), 0};
    bits.lo += 1ull << (128 - length);
    bits.hi += !bits.lo;
    return bits;
}

static inline bool bits_equal(struct bits a, struct bits b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

/* Without the first `count` bits, 0 < count < 64. */
static inline struct bits bits_shifted(struct bits bits, unsigned count)
{
    return (struct bits){bits.hi << count | bits.lo >> (64 - count), bits.lo << count};
}
