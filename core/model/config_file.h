// SPDX-License-Identifier: MIT
/*
 * config_file - reading the configuration, or a file that it names, into memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

#define CONFIG_FILE_MAX (64u << 20) /* octets */

/* The whole file and a NUL behind it, ended with free(); NULL with a finding at `place` if it cannot be read or is
 * too large. Pipes are fine. `what` it is, for messages: "the configuration". */
char *config_file_read(const char *path, const char *what, struct err_place place, size_t *size,
                       struct err *err);
