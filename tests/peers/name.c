// SPDX-License-Identifier: MIT
#include "tests/peers/name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct name name_from(const void *octets, size_t length)
{
    struct name name = {.length = (uint8_t)length};
    memcpy(name.octets, octets, length);
    return name;
}

struct name name_parent(const struct name *name)
{
    struct name parent = {.length = (uint8_t)(name->length - name->octets[0] - 1)};
    memcpy(parent.octets, name->octets + 1 + name->octets[0], parent.length);
    return parent;
}

bool name_child(const struct name *parent, const char *label, size_t length, struct name *child)
{
    if (parent->length + length + 1 > NAME_MAX_OCTETS)
        return false;
    struct name made = {.length = (uint8_t)(parent->length + length + 1)};
    made.octets[0] = (uint8_t)length;
    memcpy(made.octets + 1, label, length);
    memcpy(made.octets + 1 + length, parent->octets, parent->length);
    *child = made;
    return true;
}

/* The octet before a label is at most 63 and so never a letter. */
struct name name_in_case(const struct name *name, uint64_t *random_state)
{
    struct name made = *name;
    for (size_t i = 0; i < made.length; i++)
        if (isalpha(made.octets[i]) && (name_random(random_state) >> 40) % 2)
            made.octets[i] ^= 0x20;
    return made;
}

static int compare_octets(const uint8_t *a, const uint8_t *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        int order = tolower(a[i]) - tolower(b[i]);
        if (order)
            return order;
    }
    return 0;
}

int name_compare(const struct name *a, const struct name *b)
{
    int order = a->length - b->length;
    return order ? order : compare_octets(a->octets, b->octets, a->length);
}

bool name_is_under(const struct name *name, const struct name *ancestor)
{
    size_t at = 0;
    while (name->length - at > ancestor->length)
        at += 1u + name->octets[at];
    return name->length - at == ancestor->length &&
           compare_octets(name->octets + at, ancestor->octets, ancestor->length) == 0;
}

void name_list_add(struct name_list *list, const struct name *name)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        list->names = realloc(list->names, list->room * sizeof *list->names);
    }
    list->names[list->count++] = *name;
}

struct numbered {
    const struct name *name;
    size_t number;
};

static int compare_numbered(const void *left, const void *right)
{
    const struct numbered *a = left, *b = right;
    int order = name_compare(a->name, b->name);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

void name_list_unique(struct name_list *list)
{
    struct numbered *sorted = malloc(list->count * sizeof *sorted);
    bool *repeated = calloc(list->count, sizeof *repeated);
    for (size_t i = 0; i < list->count; i++)
        sorted[i] = (struct numbered){&list->names[i], i};
    qsort(sorted, list->count, sizeof *sorted, compare_numbered);
    for (size_t i = 1; i < list->count; i++)
        repeated[sorted[i].number] = name_compare(sorted[i - 1].name, sorted[i].name) == 0;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!repeated[i])
            list->names[kept++] = list->names[i];
    list->count = kept;
    free(sorted);
    free(repeated);
}

uint64_t name_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}
