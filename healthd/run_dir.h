// SPDX-License-Identifier: MIT
/*
 * run_dir - the folder that healthd and its readers share, and the lock that keeps it to one healthd.
 */
#pragma once

#include "core/base/err.h"

#define RUN_DIR_LOCK_FILE "healthd.lock"

/* Creates `path` (its last component only) if it is not there. Returns a descriptor that holds the lock for as
 * long as it is open, also when the process is killed; -1 if there is another healthd or something is wrong. */
int run_dir_lock(const char *path, struct err *err);
