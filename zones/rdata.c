// SPDX-License-Identifier: MIT
#include "zones/rdata.h"

#include <string.h>

#include "core/model/dname.h"

#define LABEL_MAX 63

static const struct rdata_layout layouts[] = {
    {RDATA_A, 4, 0, 0, false},     {RDATA_NS, 0, 1, 0, true},     {RDATA_CNAME, 0, 1, 0, true},
    {RDATA_SOA, 0, 2, 20, true},   {RDATA_PTR, 0, 1, 0, true},    {RDATA_MX, 2, 1, 0, true},
    {RDATA_AAAA, 16, 0, 0, false}, {RDATA_DNAME, 0, 1, 0, false}, /* RFC 6672 section 2.5 */
};

const struct rdata_layout *rdata_layout_of(uint16_t type)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].type == type)
            return &layouts[i];
    return NULL;
}

size_t rdata_name_length(const uint8_t *at, size_t room)
{
    size_t length = 0;
    while (length < room && length < DNAME_MAX && at[length]) {
        if (at[length] > LABEL_MAX)
            return 0;
        length += 1u + at[length];
    }
    return length < room && length < DNAME_MAX ? length + 1 : 0;
}

bool rdata_valid(uint16_t type, const uint8_t *rdata, size_t size)
{
    const struct rdata_layout *layout = rdata_layout_of(type);
    if (!layout)
        return true;
    size_t at = layout->before;
    for (unsigned i = 0; i < layout->names; i++) {
        size_t length = at < size ? rdata_name_length(rdata + at, size - at) : 0;
        if (!length)
            return false;
        at += length;
    }
    return at + layout->after == size;
}

/* Length octets of labels stay as they are: they are below 'A'. */
static int compare_names(const uint8_t *a, const uint8_t *b, size_t size)
{
    uint8_t lower_a[2 * DNAME_MAX], lower_b[2 * DNAME_MAX];
    dname_lower(lower_a, a, size);
    dname_lower(lower_b, b, size);
    return memcmp(lower_a, lower_b, size);
}

int rdata_compare(uint16_t type, const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    const struct rdata_layout *layout = rdata_layout_of(type);
    if (a_size != b_size)
        return a_size < b_size ? -1 : 1;
    if (!layout || !layout->names)
        return memcmp(a, b, a_size);
    size_t names = a_size - layout->before - layout->after;
    int order = memcmp(a, b, layout->before);
    if (!order)
        order = compare_names(a + layout->before, b + layout->before, names);
    return order ? order : memcmp(a + a_size - layout->after, b + b_size - layout->after, layout->after);
}
