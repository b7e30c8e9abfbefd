// SPDX-License-Identifier: MIT
#include "zones/index.h"

#include "tests/unit/zones/fixture.h"

#define NAMES 20000

struct named {
    const uint8_t *name;
    const char *text;
};

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
        struct named *value = arena_alloc(arena, sizeof *value);
        *value = (struct named){arena_copy(arena, name, length), arena_strdup(arena, text)};
        index_put(&names, value, length, i);
    }
    ck_assert_uint_eq(names.count, NAMES);
    ck_assert_uint_ge(names.mask + 1, 2 * NAMES);
    for (unsigned i = 0; i < 2 * NAMES; i++) {
        snprintf(text, sizeof text, "h%u.example.", i);
        const struct index_slot *slot = index_find(&names, name, dname_parse(text, NULL, name, &why));
        ck_assert_msg((slot != NULL) == (i < NAMES), "%s", text);
        ck_assert_msg(!slot || slot->tag == i, "%s: tag", text);
        ck_assert_msg(!slot || strcmp(((const struct named *)slot->value)->text, text) == 0, "%s", text);
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
    struct named found[] = {{octets("\7example\3com"), "example.com"},
                            {octets("\1a\7example\3com"), "a.example.com"},
                            {octets(""), "."}};
    uint8_t name[DNAME_MAX];
    const char *why;
    index_put(&names, &found[0], 13, 0);
    index_put(&names, &found[1], 15, INDEX_TAG_MAX);
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = dname_parse(rows[i].name, NULL, name, &why);
        const struct named *value = index_get_ancestor(&names, name, length);
        ck_assert_msg((value == NULL) == (rows[i].found == NULL), "%s", rows[i].message);
        ck_assert_msg(!value || strcmp(value->text, rows[i].found) == 0, "%s: %s", rows[i].message,
                      value ? value->text : "");
    }
    index_put(&names, &found[2], 1, 0);
    ck_assert_ptr_nonnull(index_get_ancestor(&names, octets("\3net"), 5));
    ck_assert_ptr_null(index_get_ancestor(&names, octets(""), 1));
    index_free(&names);
}
END_TEST

CHECK_MAIN("zones/index", get_what_was_put, nearest_ancestor)
