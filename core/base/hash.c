// SPDX-License-Identifier: MIT
#include "core/base/hash.h"

/* Odd constants without pattern: digits of the square roots of 2, 3 and 5. */
#define K1 0x6a09e667f3bcc909ull
#define K2 0xbb67ae8584caa73bull
#define K3 0x3c6ef372fe94f82bull

uint64_t hash_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)(a ^ K1) * (b ^ K2);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Up to eight octets as a little-endian number, on any machine. */
static uint64_t load(const uint8_t *p, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)p[i] << 8 * i;
    return value;
}

uint64_t hash_octets(const void *octets, size_t size, uint64_t seed)
{
    const uint8_t *p = octets;
    uint64_t state = seed ^ K3;
    size_t left = size;
    for (; left > 16; left -= 16, p += 16)
        state = hash_mix(load(p, 8) ^ state, load(p + 8, 8));
    uint64_t head = load(p, left < 8 ? left : 8);
    uint64_t tail = left > 8 ? load(p + 8, left - 8) : 0;
    return hash_mix(hash_mix(head ^ state, tail) ^ size, K3);
}
