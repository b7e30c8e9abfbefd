// SPDX-License-Identifier: MIT
/*
 * directory - `zone_directory`: every NAME.zone in a folder is zone NAME, without steering.
 *
 * As with the shell's *.zone, files whose name begins with a dot do not count: the root zone is configured under
 * `zones`. What does not end in ".zone" is ignored; octets that a file name cannot have are escaped as in a zone
 * file ("0\047 25.2.0.192.in-addr.arpa" without the blank).
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/model/config.h"

#define DIRECTORY_SUFFIX ".zone"

/* The zones in `path` in the order of their file names, all memory from `arena`. False, with findings, if the
 * folder cannot be read or a file is no zone's. */
bool directory_read(const char *path, struct err_place place, struct arena *arena, struct config_zone **zones,
                    size_t *count, struct err *err);
