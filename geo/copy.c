// SPDX-License-Identifier: MIT
#include "geo/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (64u << 20)

static int64_t nanoseconds(const struct timespec *time)
{
    return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

struct copy_identity copy_identity_of(const struct stat *status)
{
    return (struct copy_identity){.device = status->st_dev,
                                  .inode = status->st_ino,
                                  .size = (uint64_t)status->st_size,
                                  .modified_ns = nanoseconds(&status->st_mtim),
                                  .changed_ns = nanoseconds(&status->st_ctim)};
}

bool copy_identity_equal(const struct copy_identity *a, const struct copy_identity *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified_ns == b->modified_ns && a->changed_ns == b->changed_ns;
}

/* The file to copy, or -1. O_NONBLOCK: a FIFO in its place must not stop the load. */
static int open_source(const char *from, struct err_place place, struct copy_identity *identity,
                       struct err *err)
{
    struct stat status;
    int fd = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        const char *hint = errno == ENOENT ? "; correct `databases`, or run `make` or `make geodb`" : "";
        err_add(err, ERR_ERROR, place, "GeoIP database %s cannot be opened: %s%s", from, strerror(errno),
                hint);
        return -1;
    }
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        *identity = copy_identity_of(&status);
        return fd;
    }
    err_add(err, ERR_ERROR, place, "GeoIP database %s is not a regular file", from);
    close(fd);
    return -1;
}

static bool copy_octets(int from, int to)
{
    ssize_t copied;
    do
        copied = sendfile(to, from, NULL, CHUNK);
    while (copied > 0 || (copied < 0 && errno == EINTR));
    return copied == 0;
}

/* Only what nobody wrote to from before the copy until after it is whole. */
static bool is_still(int fd, const struct copy_identity *identity)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    struct copy_identity now = copy_identity_of(&status);
    return now.size == identity->size && now.modified_ns == identity->modified_ns;
}

bool copy_private(const char *from, struct err_place place, char path[COPY_PATH_MAX],
                  struct copy_identity *identity, struct err *err)
{
    const char *set = getenv("TMPDIR"), *folder = set && *set ? set : "/tmp";
    bool ok = false;
    int to = -1, source = open_source(from, place, identity, err);
    if (source < 0)
        return false;
    int length = snprintf(path, COPY_PATH_MAX, "%s/meridian-geo-XXXXXX", folder);
    if (length < 0 || length >= COPY_PATH_MAX) {
        err_add(err, ERR_ERROR, place, "TMPDIR is longer than %d octets: set a shorter one", COPY_PATH_MAX);
        goto done;
    }
    to = mkostemp(path, O_CLOEXEC);
    ok = to >= 0 && copy_octets(source, to);
    if (!ok) {
        err_add(err, ERR_ERROR, place,
                "GeoIP database %s cannot be copied to %s: %s; make room there, or set TMPDIR", from, folder,
                strerror(errno));
    } else if (!is_still(source, identity)) {
        err_add(err, ERR_ERROR, place, "GeoIP database %s was written to while it was read: load it again",
                from);
        ok = false;
    }
    if (!ok && to >= 0)
        unlink(path);
done:
    if (to >= 0)
        close(to);
    close(source);
    return ok;
}
