// SPDX-License-Identifier: MIT
/*
 * hash - a fast 64-bit hash of octets (wyhash-like: 128-bit multiply and fold) for hash tables and for
 * hashing clients to sites. Not cryptographic: tables reached by hostile keys pass a random seed.
 * The value is part of no file format, but equal on every machine of either byte order for equal input.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t hash_octets(const void *octets, size_t size, uint64_t seed);
/* Mixes two words into one. */
uint64_t hash_mix(uint64_t a, uint64_t b);
