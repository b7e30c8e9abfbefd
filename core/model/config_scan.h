// SPDX-License-Identifier: MIT
/*
 * config_scan - YAML text -> tree of nodes. The only file that knows libyaml.
 *
 * The tree says what stands in the file and where, and nothing about what it means. Values stay text: YAML's
 * guesses about types (NO is Norway, 1e3 a string) never apply. Aliases are copied out; anchors that contain
 * themselves or multiply are stopped by the limits below.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"

#define CONFIG_SCAN_DEPTH_MAX 32      /* the deepest value of a configuration lies at 7 */
#define CONFIG_SCAN_NODES_MAX 4000000 /* every use of an alias counts anew */

enum config_node_kind { CONFIG_SCALAR, CONFIG_LIST, CONFIG_MAP };

struct config_node {
    enum config_node_kind kind;
    bool quoted;            /* of a scalar */
    struct err_place place; /* `file` is the pointer config_scan() was given */
    size_t count;           /* of items, or of entries */
    union {
        const char *text; /* never contains a NUL */
        const struct config_node *items;
        const struct config_entry *entries; /* keys are scalars, each once, in the order of the file */
    };
};

struct config_entry {
    struct config_node key, value;
};

/* The tree of the only document in `text`, or NULL. Findings for all that is wrong; a tree may come with
 * findings too (duplicate keys, of which the first counts), so that its values can be checked as well. */
const struct config_node *config_scan(const char *text, size_t size, const char *file, struct arena *arena,
                                      struct err *err);

/* An unquoted nothing, `~` or `null`. */
bool config_scan_is_null(const struct config_node *node);
