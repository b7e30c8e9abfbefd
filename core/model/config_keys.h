// SPDX-License-Identifier: MIT
/*
 * config_keys - a mapping of the file as a table: one row for each key that may stand in it.
 *
 * A row says what shape the value has, what reads it into which field, its range, and what holds if the key is
 * absent. Keys are read in the order of the table, not of the file: a row may rely on those above it. A row
 * without parser is a key that is decided but not built yet: refused, never silently ignored.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/model/config_loader.h"

enum config_shape { CONFIG_TAKES_SCALAR, CONFIG_TAKES_LIST, CONFIG_TAKES_MAP };

/* One of the words that a key takes. */
struct config_word {
    const char *word;
    int value; /* CONFIG_WORD_LATER: decided, not built yet */
};

#define CONFIG_WORD_LATER (-1)

struct config_key;

/* Reads `node`, which has the shape of the row, into the struct `into`. False, with a finding, on bad input. */
typedef bool config_key_parser(struct config_loader *loader, const struct config_key *key,
                               const struct config_node *node, void *into);

struct config_key {
    const char *name;
    enum config_shape shape;
    config_key_parser *parse;        /* NULL: not supported yet */
    size_t offset;                   /* of the field in the struct, for parsers of single values */
    int64_t min, max;                /* of numbers; lengths of texts */
    const struct config_word *words; /* ended by a NULL word */
    /* Taken if the key is absent, through the same parser; a list's items are separated by spaces, a
     * mapping can only be empty. If the key is not supported yet: the value that says what happens today anyway, and so may stand there. */
    const char *fallback;
    bool required;
};

struct config_keys {
    const char *what; /* the mapping's kind, for messages: "a site" */
    const struct config_key *rows;
    size_t count;
};

#define CONFIG_KEYS_MAX 32
#define CONFIG_KEYS(what, rows)                                                                              \
    {                                                                                                        \
        what, rows, sizeof(rows) / sizeof *(rows)                                                            \
    }

/* Reads the mapping `node` into `into`. A missing key is reported at `owner`: what the mapping belongs to.
 * False if there was any finding that is an error. */
bool config_keys_read(struct config_loader *loader, const struct config_keys *keys, struct err_place owner,
                      const struct config_node *node, void *into);

/* Whether `node` has the shape, with a finding if not. An empty value counts as an empty list or mapping, and
 * is then put to `*empty`. Returns the node to read, or NULL. */
const struct config_node *config_keys_shape(struct config_loader *loader, const char *name,
                                            enum config_shape shape, const struct config_node *node,
                                            struct config_node *empty);

static inline void *config_keys_field(const struct config_key *key, void *into)
{
    return (char *)into + key->offset;
}
