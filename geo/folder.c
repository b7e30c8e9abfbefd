// SPDX-License-Identifier: MIT
#include "geo/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX     ".mmdb"
#define ROOM_FIRST 8

static void append(struct folder_list *list, const char *path, struct err_place place)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : ROOM_FIRST;
        struct config_database *items = arena_array(list->arena, room, sizeof *items);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (struct config_database){path, place};
}

static int is_database(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name), suffix = strlen(SUFFIX);
    return entry->d_name[0] != '.' && length > suffix && strcmp(entry->d_name + length - suffix, SUFFIX) == 0;
}

/* Not alphasort: the order must not depend on the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_folder(struct folder_list *list, const struct config_database *database, struct err *err)
{
    struct dirent **entries = NULL;
    int count = scandir(database->path, &entries, is_database, compare_names);
    if (count < 0)
        err_add(err, ERR_ERROR, database->place, "GeoIP folder %s cannot be read: %s", database->path,
                strerror(errno));
    if (count == 0)
        err_add(err, ERR_ERROR, database->place,
                "GeoIP folder %s has no .mmdb file: run `make` for the country database, `make geodb` for a "
                "city database, or name a file",
                database->path);
    for (int i = 0; i < count; i++) {
        append(list, arena_printf(list->arena, "%s/%s", database->path, entries[i]->d_name), database->place);
        free(entries[i]);
    }
    free(entries);
}

void folder_add(struct folder_list *list, const struct config_database *database, struct err *err)
{
    struct stat status;
    if (stat(database->path, &status) == 0 && S_ISDIR(status.st_mode))
        add_folder(list, database, err);
    else
        append(list, arena_strdup(list->arena, database->path), database->place);
}
