// SPDX-License-Identifier: MIT
#include "dnsd/watch_files.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/arena.h"
#include "core/base/mem.h"

/* Of folders that count as a whole. */
#define DATABASE_PATTERN "*.mmdb"
#define ZONE_PATTERN     "*.zone"

struct entry {
    const char *folder, *name; /* name: of a file, or "*" and the ending of files */
};

struct watch_files {
    struct arena *arena;
    struct entry *entries; /* ascending by folder and name */
    size_t count, room;
    size_t *first; /* first[f]: where folder f begins; first[folder_count]: the end */
    size_t folder_count;
    const char *asked; /* while building: the folder asked for last, and what it really is */
    char found[PATH_MAX];
};

/* --- building -------------------------------------------------------------------------------------------- */

static void add(struct watch_files *files, const char *folder, const char *name)
{
    if (files->count == files->room) {
        files->room = files->room ? files->room * 2 : 64;
        files->entries = mem_resize(files->entries, files->room, sizeof *files->entries);
    }
    files->entries[files->count++] =
        (struct entry){arena_strdup(files->arena, folder), arena_strdup(files->arena, name)};
}

/* A file by its absolute path. */
static void add_absolute(struct watch_files *files, char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash[1] == '\0')
        return;
    *slash = '\0';
    add(files, *path ? path : "/", slash + 1);
    *slash = '/';
}

/* The folder a path leads through, absolute and without links; the files of a folder mostly come together, so that
 * the last one is remembered. False if the path leads nowhere. */
static bool find_folder(struct watch_files *files, const char *path, size_t length)
{
    char text[PATH_MAX];
    if (length >= sizeof text)
        return false;
    memcpy(text, path, length);
    text[length] = '\0';
    if (files->asked != NULL && strcmp(files->asked, text) == 0)
        return true;
    if (realpath(length == 0 ? "." : text, files->found) == NULL)
        return false;
    files->asked = arena_strdup(files->arena, text);
    return true;
}

/* The file itself and, if it is a link, its target. A path that leads nowhere is the load's business. */
static void add_path(struct watch_files *files, const char *path)
{
    char target[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    if (!find_folder(files, path, length))
        return;
    add(files, files->found, slash == NULL ? path : slash + 1);
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode) && realpath(path, target) != NULL)
        add_absolute(files, target);
}

/* A file, or a folder in which all files of a pattern count. */
static void add_path_or_folder(struct watch_files *files, const char *path, const char *pattern)
{
    struct stat status;
    char folder[PATH_MAX];
    add_path(files, path);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode) && realpath(path, folder) != NULL)
        add(files, folder, pattern);
}

static void add_configured(void *context, enum config_file_kind kind, const char *path)
{
    switch (kind) {
    case CONFIG_FILE_ZONE:
    case CONFIG_FILE_NETWORKS:
        add_path(context, path);
        break;
    case CONFIG_FILE_ZONE_DIRECTORY:
        add_path_or_folder(context, path, ZONE_PATTERN);
        break;
    case CONFIG_FILE_DATABASE:
        add_path_or_folder(context, path, DATABASE_PATTERN);
        break;
    }
}

static void add_source(void *context, const char *path)
{
    add_path(context, path);
}

static int compare(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    int order = strcmp(left->folder, right->folder);
    return order ? order : strcmp(left->name, right->name);
}

static void sort(struct watch_files *files)
{
    size_t kept = 0;
    if (files->count > 0)
        qsort(files->entries, files->count, sizeof *files->entries, compare);
    for (size_t i = 0; i < files->count; i++)
        if (kept == 0 || compare(&files->entries[kept - 1], &files->entries[i]) != 0)
            files->entries[kept++] = files->entries[i];
    files->count = kept;
}

static void index_folders(struct watch_files *files)
{
    files->first = arena_array(files->arena, files->count + 1, sizeof *files->first);
    for (size_t i = 0; i < files->count; i++)
        if (i == 0 || strcmp(files->entries[i - 1].folder, files->entries[i].folder) != 0)
            files->first[files->folder_count++] = i;
    files->first[files->folder_count] = files->count;
}

struct watch_files *watch_files_of(const struct config *config, const struct zones *zones)
{
    struct watch_files *files = mem_alloc(sizeof *files);
    files->arena = arena_create();
    config_files(config, add_configured, files);
    zones_each_file(zones, add_source, files); /* what they include, too */
    sort(files);
    index_folders(files);
    return files;
}

void watch_files_free(struct watch_files *files)
{
    if (files == NULL)
        return;
    arena_free(files->arena);
    free(files->entries);
    free(files);
}

/* --- reading --------------------------------------------------------------------------------------------- */

size_t watch_files_folders(const struct watch_files *files)
{
    return files->folder_count;
}

const char *watch_files_folder(const struct watch_files *files, size_t folder)
{
    return files->entries[files->first[folder]].folder;
}

static bool find(const struct watch_files *files, size_t folder, const char *name)
{
    struct entry key = {watch_files_folder(files, folder), name};
    return bsearch(&key, files->entries + files->first[folder],
                   files->first[folder + 1] - files->first[folder], sizeof key, compare) != NULL;
}

bool watch_files_has(const struct watch_files *files, size_t folder, const char *name)
{
    char pattern[NAME_MAX + 2] = "*";
    const char *ending = strrchr(name, '.');
    if (find(files, folder, name))
        return true;
    if (ending == NULL || ending == name || strlen(ending) > NAME_MAX)
        return false;
    memcpy(pattern + 1, ending, strlen(ending) + 1);
    return find(files, folder, pattern);
}

void watch_files_each(const struct watch_files *files, size_t folder,
                      void found(void *context, const char *folder, const char *name), void *context)
{
    for (size_t i = files->first[folder]; i < files->first[folder + 1]; i++)
        if (files->entries[i].name[0] != '*')
            found(context, files->entries[i].folder, files->entries[i].name);
}
