// SPDX-License-Identifier: MIT
/* copy - a private copy of a file that others may overwrite or truncate while it is being read. */
#pragma once

#include <stdbool.h>

#include "core/base/err.h"

#define COPY_PATH_MAX 4096

/* Copies the GeoIP database `from` to a new file in $TMPDIR or /tmp and writes its name to `path`; the
 * caller unlinks it. False with an error at `place` if that fails; nothing is left behind. */
bool copy_private(const char *from, struct err_place place, char path[COPY_PATH_MAX], struct err *err);
