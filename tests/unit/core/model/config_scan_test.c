// SPDX-License-Identifier: MIT
#include "core/model/config_scan.h"

#include "tests/support/check_main.h"

#include <string.h>

#include "core/base/mem.h"

static struct arena *arena;
static struct err err = ERR_INIT;

static const struct config_node *scan(const char *text)
{
    arena_free(arena);
    err_free(&err);
    arena = arena_create();
    return config_scan(text, strlen(text), "f", arena, &err);
}

static void assert_scalar(const struct config_node *node, const char *text, unsigned line, unsigned column)
{
    ck_assert_int_eq(node->kind, CONFIG_SCALAR);
    ck_assert_str_eq(node->text, text);
    ck_assert_uint_eq(node->place.line, line);
    ck_assert_uint_eq(node->place.column, column);
}

START_TEST(tree)
{
    const struct config_node *root = scan("a: [x, \"y\", ~]\nb:\n  c: 'null'\n  2001:db8::/48: \"\"\n");
    ck_assert_uint_eq(err.count, 0);
    ck_assert_int_eq(root->kind, CONFIG_MAP);
    ck_assert_uint_eq(root->count, 2);
    assert_scalar(&root->entries[0].key, "a", 1, 1);
    const struct config_node *list = &root->entries[0].value, *map = &root->entries[1].value;
    ck_assert_int_eq(list->kind, CONFIG_LIST);
    ck_assert_uint_eq(list->count, 3);
    assert_scalar(&list->items[0], "x", 1, 5);
    assert_scalar(&list->items[1], "y", 1, 8);
    ck_assert(!list->items[0].quoted && list->items[1].quoted);
    ck_assert(config_scan_is_null(&list->items[2]));
    assert_scalar(&map->entries[0].value, "null", 3, 6);
    ck_assert(!config_scan_is_null(&map->entries[0].value)); /* quoted */
    assert_scalar(&map->entries[1].key, "2001:db8::/48", 4, 3);
    ck_assert(!config_scan_is_null(&map->entries[1].value));
}
END_TEST

START_TEST(columns)
{
    const struct config_node *root =
        scan("\xef\xbb\xbf\xc3\xa4: b\n"); /* byte order mark; one character of two octets */
    ck_assert_uint_eq(err.count, 0);
    assert_scalar(&root->entries[0].value, "b", 1, 4);
}
END_TEST

START_TEST(duplicates)
{
    const struct config_node *root = scan("b: 1\nb: 3\na: 2\na: 4\nb: 5\n");
    ck_assert_uint_eq(err.errors, 3);
    ck_assert_uint_eq(root->count, 2); /* the first of each, in the order of the file */
    assert_scalar(&root->entries[0].value, "1", 1, 4);
    assert_scalar(&root->entries[1].value, "2", 3, 4);
}
END_TEST

START_TEST(aliases)
{
    const struct config_node *root = scan("a: &x [1]\nb: *x\n");
    ck_assert_uint_eq(err.count, 0);
    assert_scalar(&root->entries[1].value.items[0], "1", 1, 8);

    /* Nine levels of ten aliases each would be a billion values. */
    ck_assert_ptr_null(
        scan("a: &a [x,x,x,x,x,x,x,x,x,x]\n"
             "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
             "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
             "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n"
             "h: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g,*g]\ni: &i [*h,*h,*h,*h,*h,*h,*h,*h,*h,*h]\n"));
    ck_assert_uint_eq(err.errors, 1);
    ck_assert_ptr_nonnull(strstr(err.findings[0].text, "more than"));
}
END_TEST

/* libyaml alone would take hours for some of these. */
START_TEST(deep)
{
    static const struct {
        const char *unit, *fragment;
    } rows[] = {
        {"[", "deeper than 32"},  {"{a: ", "deeper than 32"},        {"[a, ", "deeper than 32"},
        {"- ", "deeper than 32"}, {"? ", "not a list or a mapping"},
    };
    const size_t size = 1000000;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        char *text = mem_alloc(size + 1);
        for (size_t i = 0; i < size; i++)
            text[i] = rows[r].unit[i % strlen(rows[r].unit)];
        scan(text);
        ck_assert_uint_eq(err.errors, 1);
        ck_assert_msg(strstr(err.findings[0].text, rows[r].fragment), "%s: %s", rows[r].unit,
                      err.findings[0].text);
        free(text);
    }
}
END_TEST

CHECK_MAIN("config scan", tree, columns, duplicates, aliases, deep)
