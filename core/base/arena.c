// SPDX-License-Identifier: MIT
#include "core/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* Blocks double from the first size to the largest, so that a small config costs one page and a large zone
 * few blocks. A request larger than a block gets one of its own. */
#define BLOCK_FIRST    4096
#define BLOCK_SMALLEST 64
#define BLOCK_LARGEST  (1u << 20)

struct block {
    struct block *next;
    alignas(max_align_t) unsigned char octets[];
};

struct arena {
    struct block *blocks;
    unsigned char *at, *end; /* free room of the newest block */
    size_t next_size;
    size_t used;
};

struct arena *arena_create(void)
{
    return arena_create_sized(BLOCK_FIRST);
}

struct arena *arena_create_sized(size_t first)
{
    struct arena *arena = mem_alloc(sizeof *arena);
    arena->next_size = first < BLOCK_SMALLEST  ? BLOCK_SMALLEST
                       : first > BLOCK_LARGEST ? BLOCK_LARGEST
                                               : first;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct block *block = arena->blocks; block != NULL;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

static struct block *add_block(struct arena *arena, size_t size)
{
    struct block *block = mem_alloc(sizeof *block + size);
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

static void *take(struct arena *arena, size_t size, size_t align)
{
    size_t padding = (size_t)(-(uintptr_t)arena->at & (align - 1));
    arena->used += size;
    if (size > BLOCK_LARGEST / 4)
        return add_block(arena, size)->octets;
    if (arena->at == NULL || (size_t)(arena->end - arena->at) < size + padding) {
        while (arena->next_size < size ||
               (arena->next_size < BLOCK_LARGEST && arena->next_size < arena->used))
            arena->next_size *= 2;
        arena->at = add_block(arena, arena->next_size)->octets;
        arena->end = arena->at + arena->next_size;
        padding = 0;
    }
    void *taken = arena->at + padding;
    arena->at += padding + size;
    return taken;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t));
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t product;
    if (__builtin_mul_overflow(count, size, &product)) {
        fprintf(stderr, "out of memory: %zu elements of %zu bytes\n", count, size);
        abort();
    }
    return arena_alloc(arena, product);
}

void *arena_copy(struct arena *arena, const void *from, size_t size)
{
    void *copy = take(arena, size, 1);
    if (size)
        memcpy(copy, from, size);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *from)
{
    return arena_copy(arena, from, strlen(from) + 1);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t size = length < 0 ? 1 : (size_t)length + 1;
    char *text = take(arena, size, 1);
    vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
