// SPDX-License-Identifier: MIT
/*
 * siphash - SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): a keyed hash that
 * nobody can predict or collide without the key. For DNS cookies (RFC 9018) and for tables whose keys a
 * hostile client chooses; other tables use core/base/hash.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SIPHASH_KEY_SIZE 16

/* The octets of the value that the paper defines are these of the result, least significant first. */
uint64_t siphash(const uint8_t key[SIPHASH_KEY_SIZE], const void *octets, size_t size);
