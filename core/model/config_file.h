// SPDX-License-Identifier: MIT
/*
 * config_file - reading the configuration file into memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

#define CONFIG_FILE_MAX (64u << 20) /* octets */

/* The whole file, ended with free(); NULL with a finding if it cannot be read or is too large. Pipes are fine. */
char *config_file_read(const char *path, size_t *size, struct err *err);
