// SPDX-License-Identifier: MIT
/* copy - a private copy of a file that others may overwrite or truncate while it is being read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "core/base/err.h"

#define COPY_PATH_MAX 4096

/* Which file, and which state of it. */
struct copy_identity {
    uint64_t device, inode, size;
    int64_t modified_ns, changed_ns;
};

struct copy_identity copy_identity_of(const struct stat *status);
bool copy_identity_equal(const struct copy_identity *a, const struct copy_identity *b);

/* Copies the GeoIP database `from` to a new file in $TMPDIR or /tmp and writes its name to `path`; the
 * caller unlinks it. False with an error at `place` if that fails, or if somebody writes to the file meanwhile;
 * nothing is left behind. */
bool copy_private(const char *from, struct err_place place, char path[COPY_PATH_MAX],
                  struct copy_identity *identity, struct err *err);
