// SPDX-License-Identifier: MIT
/* folder - the database files that the config means: a file is itself, a folder is every *.mmdb in it. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/model/config.h"

struct folder_list {
    struct config_database *items; /* files only; of `arena` */
    size_t count, room;
    struct arena *arena;
};

/* Adds the file, or the folder's files by name; an empty or unreadable folder is an error. Whether a file
 * can be read is not looked at here. */
void folder_add(struct folder_list *list, const struct config_database *database, struct err *err);
