// SPDX-License-Identifier: MIT
/*
 * corpus - the zones of a run as ldns reads them, and from them the names and types to ask for: every owner and
 * empty non-terminal, and next to each the names that a lookup could confuse with it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/peers/name.h"

#define CORPUS_TYPES_MAX 128
#define CORPUS_ALWAYS    10 /* the first of corpus.types: asked for at every name */

struct corpus {
    struct name_list origins;
    struct name_list owners;  /* with the empty non-terminals between them and their origin */
    struct name_list derived; /* made from owners */
    uint16_t types[CORPUS_TYPES_MAX];
    size_t type_count;
};

/* Reads every *.zone in the folder. False, after saying why, if one cannot be read. */
bool corpus_read(struct corpus *corpus, const char *folder, uint64_t *random_state);
void corpus_free(struct corpus *corpus);
