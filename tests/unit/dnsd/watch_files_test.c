// SPDX-License-Identifier: MIT
/* Which names in which folders call for a reload. */
#include "dnsd/watch_files.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
}

/* The number of a folder, relative to the root of the test. */
static size_t folder_of(const struct watch_files *files, const char *root, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s%s", root, name);
    for (size_t i = 0; i < watch_files_folders(files); i++)
        if (strcmp(watch_files_folder(files, i), path) == 0)
            return i;
    ck_abort_msg("%s is not watched", path);
    return 0;
}

static void count(void *context, const char *folder, const char *name)
{
    (void)folder;
    (void)name;
    ++*(size_t *)context;
}

START_TEST(names)
{
    static const struct {
        const char *folder, *name;
        bool expected;
    } rows[] = {
        {"/zones", "a.zone", true},    {"/zones", "link.zone", true},
        {"/zones", "b.zone", false},   {"/zones", "a.zone.swp", false},
        {"/zones", ".a.zone", false},  {"/zones", "a.mmdb", false},
        {"/data", "target", true},     {"/data", "other", false},
        {"/geo", "any.mmdb", true},    {"/geo", "new.mmdb", true},
        {"/geo", "any.mmdb.1", false}, {"/geo", "mmdb", false},
        {"/geo", ".mmdb", false},      {"", "geo", true},
        {"", "zones", false},          {"", "one.mmdb", true},
        {"", "two.mmdb", false},
    };
    char root[] = "/tmp/meridian-watch-XXXXXX", real[PATH_MAX];
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_ptr_nonnull(realpath(root, real));
    ck_assert_int_eq(chdir(real), 0);
    mkdir("zones", 0700);
    mkdir("data", 0700);
    mkdir("zones.d", 0700);
    mkdir("geo", 0700);
    make_file("zones/a.zone");
    make_file("data/target");
    make_file("geo/any.mmdb");
    make_file("one.mmdb");
    ck_assert_int_eq(symlink("../data/target", "zones/link.zone"), 0);
    ck_assert_int_eq(symlink("zones", "alias"), 0);

    const struct config_zone zones[] = {{.file = "zones/a.zone"},
                                        {.file = "alias/../zones/a.zone"},
                                        {.file = "alias/link.zone"},
                                        {.file = "nowhere/x.zone"}};
    const struct config_database databases[] = {{.path = "geo"}, {.path = "one.mmdb"}};
    const struct config config = {.zones = zones,
                                  .zone_count = 4,
                                  .databases = databases,
                                  .database_count = 2,
                                  .zone_directory = "zones.d"};
    struct watch_files *files = watch_files_of(&config, NULL);
    ck_assert_uint_eq(watch_files_folders(files), 5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(watch_files_has(files, folder_of(files, real, rows[i].folder), rows[i].name) ==
                          rows[i].expected,
                      "%s/%s", rows[i].folder, rows[i].name);
    size_t found = 0;
    watch_files_each(files, folder_of(files, real, "/zones"), count, &found);
    ck_assert_uint_eq(found, 2);
    found = 0;
    watch_files_each(files, folder_of(files, real, "/geo"), count, &found);
    ck_assert_uint_eq(found, 0); /* a pattern is no file */
    watch_files_free(files);

    static const char *const made[] = {
        "zones/a.zone", "zones/link.zone", "data/target", "geo/any.mmdb", "one.mmdb",
        "alias",        "zones",           "data",        "zones.d",      "geo"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        ck_assert_int_eq(remove(made[i]), 0);
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(real);
}
END_TEST

START_TEST(nothing)
{
    const struct config config = {0};
    struct watch_files *files = watch_files_of(&config, NULL);
    ck_assert_uint_eq(watch_files_folders(files), 0);
    watch_files_free(files);
}
END_TEST

CHECK_MAIN("dnsd/watch_files", names, nothing)
