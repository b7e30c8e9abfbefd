// SPDX-License-Identifier: MIT
/*
 * config_path - paths of the configuration, ready for open(2) and good to read in messages.
 */
#pragma once

#include "core/base/arena.h"

/* The folder of a file as text: "zones/example" of "zones/example/meridian.yaml", "." of "meridian.yaml". */
const char *config_path_folder(struct arena *arena, const char *file);

/* `path`, relative to `folder` unless absolute, without "." and "x/..". By text alone: symbolic links are not
 * looked at. "zones/example" and "../../build/geoip" give "build/geoip". */
const char *config_path_resolve(struct arena *arena, const char *folder, const char *path);
