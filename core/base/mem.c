// SPDX-License-Identifier: MIT
#include "core/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

char *mem_strdup(const char *from)
{
    return or_die(strdup(from), strlen(from) + 1);
}
