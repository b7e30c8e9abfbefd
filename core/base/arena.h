// SPDX-License-Identifier: MIT
/*
 * arena - memory of one lifetime. Everything a snapshot (config, zones, maps) consists of comes from
 * its arena and is freed whole.
 *
 * Allocation never returns NULL: when the machine is out of memory the process aborts with a message.
 * One thread at a time while allocating; the memory itself may be read by any thread.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
/* For many small arenas: the first block has `first` bytes (within limits), best what it will all take. */
struct arena *arena_create_sized(size_t first);
void arena_free(struct arena *arena); /* NULL is fine */

/* `size` bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
/* `count` elements of `size` bytes, zeroed; the product is checked. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy without alignment: for octets. */
void *arena_copy(struct arena *arena, const void *from, size_t size);
char *arena_strdup(struct arena *arena, const char *from);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);
