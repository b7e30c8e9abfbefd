// SPDX-License-Identifier: MIT
#include "core/base/siphash.h"

#include <endian.h>
#include <string.h>

enum { ROUNDS_PER_WORD = 2, ROUNDS_AT_END = 4, WORD = 8 };

struct state {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/* Up to eight octets as a little-endian number, on any machine. */
static uint64_t load(const uint8_t *octets, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, octets, size);
    return le64toh(word);
}

static void mix(struct state *s, unsigned rounds)
{
    for (; rounds > 0; rounds--) {
        s->v0 += s->v1;
        s->v2 += s->v3;
        s->v1 = rotate(s->v1, 13) ^ s->v0;
        s->v3 = rotate(s->v3, 16) ^ s->v2;
        s->v0 = rotate(s->v0, 32);
        s->v2 += s->v1;
        s->v0 += s->v3;
        s->v1 = rotate(s->v1, 17) ^ s->v2;
        s->v3 = rotate(s->v3, 21) ^ s->v0;
        s->v2 = rotate(s->v2, 32);
    }
}

static void absorb(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    mix(s, ROUNDS_PER_WORD);
    s->v0 ^= word;
}

uint64_t siphash(const uint8_t key[SIPHASH_KEY_SIZE], const void *octets, size_t size)
{
    const uint8_t *at = octets;
    uint64_t k0 = load(key, WORD), k1 = load(key + WORD, WORD);
    struct state s = {
        k0 ^ 0x736f6d6570736575, /* "somepseudorandomlygeneratedbytes", as the paper has it */
        k1 ^ 0x646f72616e646f6d,
        k0 ^ 0x6c7967656e657261,
        k1 ^ 0x7465646279746573,
    };
    size_t left = size;
    for (; left >= WORD; left -= WORD, at += WORD)
        absorb(&s, load(at, WORD));
    absorb(&s, (left > 0 ? load(at, left) : 0) | (uint64_t)size << 56);
    s.v2 ^= 0xff;
    mix(&s, ROUNDS_AT_END);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
