// SPDX-License-Identifier: MIT
#include "zones/index.h"

#include "tests/unit/zones/fixture.h"

#define NAMES 20000

static const uint8_t *octets(const char *wire)
{
    return (const uint8_t *)wire;
}

START_TEST(get_what_was_put)
{
    struct index names = INDEX_INIT;
    struct arena *arena = arena_create();
    uint8_t name[DNAME_MAX];
    char text[32];
    const char *why;
    ck_assert_ptr_null(index_get(&names, octets(""), 1));
    for (unsigned i = 0; i < NAMES; i++) {
        snprintf(text, sizeof text, "h%u.example.", i);
        size_t length = dname_parse(text, NULL, name, &why);
        index_put(&names, arena_copy(arena, name, length), length, arena_strdup(arena, text));
    }
    ck_assert_uint_eq(names.count, NAMES);
    ck_assert_uint_ge(names.mask + 1, 2 * NAMES);
    for (unsigned i = 0; i < 2 * NAMES; i++) {
        snprintf(text, sizeof text, "h%u.example.", i);
        const char *value = index_get(&names, name, dname_parse(text, NULL, name, &why));
        ck_assert_msg(i < NAMES ? value && strcmp(value, text) == 0 : !value, "%s", text);
    }
    index_free(&names);
    arena_free(arena);
}
END_TEST

START_TEST(nearest_ancestor)
{
    static const struct {
        const char *message, *name, *found;
    } rows[] = {
        {"parent", "www.example.com.", "example.com"},
        {"grandparent", "a.b.example.com.", "example.com"},
        {"far deeper than the index", "a.b.c.d.e.f.g.h.i.j.example.com.", "example.com"},
        {"nearest of two", "x.a.example.com.", "a.example.com"},
        {"not itself", "a.example.com.", "example.com"},
        {"neither itself nor anything", "example.com.", NULL},
        {"none", "www.example.net.", NULL},
        {"of the root", ".", NULL},
    };
    struct index names = INDEX_INIT;
    char found[2][16] = {"example.com", "a.example.com"};
    uint8_t name[DNAME_MAX];
    const char *why;
    index_put(&names, octets("\7example\3com"), 13, found[0]);
    index_put(&names, octets("\1a\7example\3com"), 15, found[1]);
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = dname_parse(rows[i].name, NULL, name, &why);
        const char *value = index_get_ancestor(&names, name, length);
        ck_assert_msg((value == NULL) == (rows[i].found == NULL), "%s", rows[i].message);
        ck_assert_msg(!value || strcmp(value, rows[i].found) == 0, "%s: %s", rows[i].message, value);
    }
    index_put(&names, octets(""), 1, found[0]);
    ck_assert_ptr_nonnull(index_get_ancestor(&names, octets("\3net"), 5));
    ck_assert_ptr_null(index_get_ancestor(&names, octets(""), 1));
    index_free(&names);
}
END_TEST

CHECK_MAIN("zones/index", get_what_was_put, nearest_ancestor)
