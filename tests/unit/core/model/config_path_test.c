// SPDX-License-Identifier: MIT
#include "core/model/config_path.h"

#include "tests/support/check_main.h"

START_TEST(resolve)
{
    static const struct {
        const char *folder, *path, *expected;
    } rows[] = {
        {"zones/example", "../../build/geoip", "build/geoip"},
        {"zones/example", "example.com.zone", "zones/example/example.com.zone"},
        {".", "a.zone", "a.zone"},
        {".", ".", "."},
        {"a", "..", "."},
        {"a", "../..", ".."},
        {"a", "../../../b", "../../b"},
        {"..", "../b", "../../b"},
        {"../a", "../b", "../b"},
        {"/etc/meridian", "x", "/etc/meridian/x"},
        {"/etc/meridian", "../x", "/etc/x"},
        {"/etc", "../../../x", "/x"},
        {"/", "x", "/x"},
        {"/", "..", "/"},
        {"a", "/b//c/./d/", "/b/c/d"},
        {"a", "/", "/"},
        {"a", "..b/...", "a/..b/..."},
        {"a/", "b", "a/b"},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_str_eq(config_path_resolve(arena, rows[i].folder, rows[i].path), rows[i].expected);
    arena_free(arena);
}
END_TEST

START_TEST(folder)
{
    static const struct {
        const char *file, *expected;
    } rows[] = {
        {"meridian.yaml", "."}, {"a/b.yaml", "a"}, {"/b.yaml", "/"}, {"/a/b/c", "/a/b"}, {"./c", "."}};
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_str_eq(config_path_folder(arena, rows[i].file), rows[i].expected);
    arena_free(arena);
}
END_TEST

CHECK_MAIN("config path", resolve, folder)
