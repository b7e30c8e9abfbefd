// SPDX-License-Identifier: MIT
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE (2u << 20)

static void *or_die(void *got, size_t size)
{
    if (got == NULL && size != 0) {
        fprintf(stderr, "out of memory: %zu bytes were refused\n", size);
        abort();
    }
    return got;
}

void *mem_alloc(size_t size)
{
    return or_die(calloc(1, size), size);
}

void *mem_resize(void *old, size_t count, size_t size)
{
    return or_die(reallocarray(old, count, size), size && count ? count * size : 0);
}

void *mem_copy_flat(const void *from, size_t size)
{
    size_t room = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (size < HUGE_PAGE / 2)
        return memcpy(mem_alloc(size + !size), from, size);
    void *flat = or_die(aligned_alloc(HUGE_PAGE, room), room);
    madvise(flat, room, MADV_HUGEPAGE); /* a wish: small pages serve as well */
    return memcpy(flat, from, size);
}

char *mem_strdup(const char *from)
{
    return or_die(strdup(from), strlen(from) + 1);
}
