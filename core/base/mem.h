// SPDX-License-Identifier: MIT
/*
 * mem - malloc and realloc that never return NULL: out of memory aborts the process with a message.
 * (Linux overcommits; error branches that cannot be reached cannot be tested.)
 * For memory of one lifetime prefer core/base/arena.h.
 */
#pragma once

#include <stddef.h>

void *mem_alloc(size_t size); /* zeroed */
/* An array of `count` elements of `size` bytes, grown from `old` (may be NULL); the product is checked. */
void *mem_resize(void *old, size_t count, size_t size);
/* A copy of `size` bytes for random look-ups: a large one is asked to lie in huge pages, which saves most of its
 * TLB misses. Ended with free(). */
void *mem_copy_flat(const void *from, size_t size);
char *mem_strdup(const char *from);
