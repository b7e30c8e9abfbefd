// SPDX-License-Identifier: MIT
#include "core/model/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"

#define FIRST_ROOM 65536u

static int open_file(const char *path, struct err *err)
{
    struct err_place place = {path, 0, 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        err_add(err, ERR_ERROR, place, "cannot open the configuration: %s", strerror(errno));
        return -1;
    }
    struct stat status;
    if (!fstat(fd, &status) && S_ISDIR(status.st_mode)) {
        err_add(err, ERR_ERROR, place, "is a directory: give the configuration file in it");
        close(fd);
        return -1;
    }
    return fd;
}

/* Reads to the end, at most `limit` octets. Returns the octets read, -1 with errno. */
static ssize_t read_all(int fd, char **text, size_t limit)
{
    size_t room = 0, size = 0;
    for (;;) {
        if (size == room) {
            room = room ? room * 2 : FIRST_ROOM;
            *text = mem_resize(*text, room, 1);
        }
        size_t wanted = room < limit ? room - size : limit - size;
        ssize_t got = wanted ? read(fd, *text + size, wanted) : 0;
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -1 : (ssize_t)size;
        size += (size_t)got;
    }
}

char *config_file_read(const char *path, size_t *size, struct err *err)
{
    int fd = open_file(path, err);
    if (fd < 0)
        return NULL;
    struct err_place place = {path, 0, 0};
    char *text = NULL;
    ssize_t got = read_all(fd, &text, CONFIG_FILE_MAX + 1);
    if (got < 0)
        err_add(err, ERR_ERROR, place, "cannot read the configuration: %s", strerror(errno));
    else if (got > (ssize_t)CONFIG_FILE_MAX)
        err_add(err, ERR_ERROR, place, "larger than %u MiB: is this a configuration?", CONFIG_FILE_MAX >> 20);
    else
        *size = (size_t)got;
    close(fd);
    if (got >= 0 && got <= (ssize_t)CONFIG_FILE_MAX)
        return text;
    free(text);
    return NULL;
}
