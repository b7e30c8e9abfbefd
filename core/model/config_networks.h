// SPDX-License-Identifier: MIT
/*
 * config_networks - the `networks` of a map, in the configuration itself (`networks`) and in a file of their own
 * (`networks_file`), of which a line is
 *
 *     PREFIX SITE[,SITE...]     # the rest is a comment
 *
 * A prefix may be given once in both together. Findings in the file have its own line and column.
 */
#pragma once

#include "core/model/config_index.h"
#include "core/model/config_keys.h"

#define CONFIG_NETWORKS_MAX 1000000 /* of one map */

/* A map while it is read. */
struct config_networks_draft {
    struct config_map map; /* first: rows of the other keys have offsets into it */
    struct config_index seen;
};

config_key_parser config_networks_read;
config_key_parser config_networks_file_read;
