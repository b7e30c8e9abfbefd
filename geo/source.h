// SPDX-License-Identifier: MIT
/*
 * source - which database files a geo was built from, and whether it may be replaced by one from what they are now.
 *
 * An update that went wrong (a file half written, an old one restored, the wrong edition) must not move the
 * world's clients: such a file is refused and the previous geo stays.
 */
#pragma once

#include "core/base/arena.h"
#include "core/model/config.h"
#include "geo/copy.h"
#include "geo/database.h"
#include "geo/geo.h"

#define SOURCE_NODES_CHANGE_PERCENT                                                                          \
    30 /* more than that from one edition to the next is another kind of file */

struct source {
    const char *path;
    struct copy_identity identity;
    uint64_t build_epoch_s;
    uint32_t node_count;
};

struct sources {
    struct source *items;
    size_t count;
    struct arena *arena;
};

struct sources sources_of(const struct databases *databases);
void sources_free(struct sources *sources);

/* True if the files that `config` means are the very ones that `sources` were. */
bool sources_are_unchanged(const struct sources *sources, const struct config *config);
/* True if both are files of the same names. */
bool sources_are_alike(const struct sources *a, const struct sources *b);
/* False, with an error for each file that is older than before or of quite another size. */
bool sources_may_replace(const struct sources *previous, const struct databases *next, struct err *err);
