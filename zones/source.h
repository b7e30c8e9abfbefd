// SPDX-License-Identifier: MIT
/*
 * source - which file, in which state, a zone was read from: whether it has to be read again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Times a file system gives files are as coarse as the kernel's tick, at worst 10 ms: a file that was changed so
 * shortly before it was read may change again and show the same times. */
#define SOURCE_SETTLED_MS 50

struct source {
    const char *path; /* the caller's */
    uint64_t device, inode;
    int64_t size, modified_ns, changed_ns;
    bool settled; /* false: whether it changed cannot be told from its times */
};

/* The state of an open file, taken before reading it. False, with errno, if there is none. */
bool source_of(int fd, const char *path, uint64_t now_wall_ms, struct source *out);
/* True if the file at the path is still the same, octet by octet as far as its times can tell. */
bool source_is_unchanged(const struct source *source);
bool source_is_same_file(const struct source *a, const struct source *b);
