// SPDX-License-Identifier: MIT
#include "zones/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/dname.h"

/* The names of the files, while they are collected. */
struct names {
    struct arena *arena;
    const char **at;
    size_t count;
};

static bool is_zone_file(const char *name)
{
    size_t length = strlen(name), suffix = strlen(DIRECTORY_SUFFIX);
    return name[0] != '.' && length > suffix && strcmp(name + length - suffix, DIRECTORY_SUFFIX) == 0;
}

static void add_name(struct names *names, const char *name)
{
    if ((names->count & (names->count - 1)) == 0) /* room doubles at 0, 1, 2, 4, 8 ... */
        names->at = mem_resize(names->at, names->count ? 2 * names->count : 1, sizeof *names->at);
    names->at[names->count++] = arena_strdup(names->arena, name);
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* 0, or errno. */
static int list_files(const char *path, struct names *names)
{
    DIR *folder = opendir(path);
    if (!folder)
        return errno;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry)
            break;
        if (is_zone_file(entry->d_name))
            add_name(names, entry->d_name);
    }
    int error = errno;
    closedir(folder);
    if (names->count)
        qsort(names->at, names->count, sizeof *names->at, compare);
    return error;
}

static bool zone_of(const char *folder, const char *file, struct arena *arena, struct config_zone *out,
                    struct err *err)
{
    uint8_t origin[DNAME_MAX];
    const char *why = NULL, *path = arena_printf(arena, "%s/%s", folder, file);
    const char *name = arena_printf(arena, "%.*s", (int)(strlen(file) - strlen(DIRECTORY_SUFFIX)), file);
    struct err_place place = {path, 0, 0};
    size_t length = strcmp(name, "@") ? dname_parse(name, NULL, origin, &why) : 0;
    if (!length) {
        err_add(err, ERR_ERROR, place, "\"%s\" is no name of a zone: %s; rename the file, or move it away",
                name, why ? why : "it stands for an origin");
        return false;
    }
    *out = (struct config_zone){
        .origin = arena_copy(arena, origin, length), .name = name, .file = path, .place = place};
    return true;
}

bool directory_read(const char *path, struct err_place place, struct arena *arena, struct config_zone **zones,
                    size_t *count, struct err *err)
{
    struct names names = {.arena = arena};
    int error = list_files(path, &names);
    bool ok = error == 0;
    if (!ok)
        err_add(err, ERR_ERROR, place, "cannot read the zone directory %s: %s", path, strerror(error));
    else if (!names.count)
        err_add(err, ERR_WARNING, place, "the zone directory %s has no file NAME.zone", path);
    *zones = arena_array(arena, names.count, sizeof **zones);
    *count = 0;
    for (size_t i = 0; i < names.count; i++) {
        if (zone_of(path, names.at[i], arena, &(*zones)[*count], err))
            ++*count;
        else
            ok = false;
    }
    free(names.at);
    return ok;
}
