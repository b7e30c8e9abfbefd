// SPDX-License-Identifier: MIT
#include "zones/source.h"

#include <sys/stat.h>

#define NS_PER_S  1000000000
#define NS_PER_MS 1000000

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

static struct source source_from(const struct stat *status, const char *path)
{
    return (struct source){
        .path = path,
        .device = status->st_dev,
        .inode = status->st_ino,
        .size = status->st_size,
        .modified_ns = nanoseconds(status->st_mtim),
        .changed_ns = nanoseconds(status->st_ctim),
    };
}

bool source_of(int fd, const char *path, uint64_t now_wall_ms, struct source *out)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    *out = source_from(&status, path);
    /* What writes to a file sets both times; the later one counts. */
    int64_t last_ns = out->modified_ns > out->changed_ns ? out->modified_ns : out->changed_ns;
    out->settled = last_ns / NS_PER_MS + SOURCE_SETTLED_MS < (int64_t)now_wall_ms;
    return true;
}

bool source_is_unchanged(const struct source *source)
{
    struct stat status;
    if (!source->settled || stat(source->path, &status) != 0)
        return false;
    const struct source now = source_from(&status, source->path);
    return source_is_same_file(source, &now) && now.size == source->size &&
           now.modified_ns == source->modified_ns && now.changed_ns == source->changed_ns;
}

bool source_is_same_file(const struct source *a, const struct source *b)
{
    return a->device == b->device && a->inode == b->inode;
}
