// SPDX-License-Identifier: MIT
/*
 * watch_files - the files whose change calls for a reload, as folders and the names that count in them.
 *
 * Folders, because a file is hardly ever written in place: editors, rsync and geoipupdate rename a new file
 * over the old one, and a watch on the old file would watch a file without a name.
 *
 * Built on any thread, then read only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/model/config.h"
#include "zones/zones.h"

struct watch_files;

/* The files that `zones`, the maps' networks and the databases of `config` were read from, and what may join them in a folder that counts
 * as a whole; where one is a symbolic link, what it points to as well. */
struct watch_files *watch_files_of(const struct config *config, const struct zones *zones);
void watch_files_free(struct watch_files *files); /* NULL is fine */

size_t watch_files_folders(const struct watch_files *files);
/* Absolute and without symbolic links, in ascending order. */
const char *watch_files_folder(const struct watch_files *files, size_t folder);
/* Whether a change of `name` in the folder matters. */
bool watch_files_has(const struct watch_files *files, size_t folder, const char *name);
/* Calls `found` for every file of the folder; not for what a pattern (every *.mmdb) stands for. */
void watch_files_each(const struct watch_files *files, size_t folder,
                      void found(void *context, const char *folder, const char *name), void *context);
