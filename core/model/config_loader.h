// SPDX-License-Identifier: MIT
/*
 * config_loader - what the parts of one config_load() share: memory, findings, and the names that later sections
 * refer to.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/model/config.h"
#include "core/model/config_index.h"
#include "core/model/config_scan.h"

/* The names of a section, numbered in the order of the file. */
struct config_names {
    const char *kind, *kinds; /* "site", "sites": for messages */
    const char **names;       /* in the config's arena */
    size_t count;
    struct config_index index;
};

struct config_loader {
    struct config *config;
    struct arena *arena;   /* the config's */
    struct arena *scratch; /* ends with the load */
    struct err *err;
    const char *file, *folder;
    struct config_names sites, maps, checks, services;
};

#define config_loader_error(loader, node, ...)    err_add((loader)->err, ERR_ERROR, (node)->place, __VA_ARGS__)
#define config_loader_warning(loader, place, ...) err_add((loader)->err, ERR_WARNING, place, __VA_ARGS__)

/* Text of the file fit for one line of a finding: printable and not too long. */
const char *config_loader_word(struct config_loader *loader, const char *text);

/* What an unknown `word` was meant to be: "did you mean `x`?", else "known KINDS are a, b". */
const char *config_loader_hint(struct config_loader *loader, const char *word, const char *const *candidates,
                               size_t count, const char *kinds);

/* Takes the keys of a section as the names of its kind. Bad names get findings, and a number all the same. */
void config_loader_declare(struct config_loader *loader, struct config_names *names,
                           const struct config_node *section);
/* A name in the file -> its number. False, with a finding, if there is no such name. */
bool config_loader_resolve(struct config_loader *loader, const struct config_names *names,
                           const struct config_node *node, size_t *number);
