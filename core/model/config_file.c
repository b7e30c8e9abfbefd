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

static int open_file(const char *path, const char *what, struct err_place place, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        err_add(err, ERR_ERROR, place, "cannot open %s: %s", what, strerror(errno));
        return -1;
    }
    struct stat status;
    if (!fstat(fd, &status) && S_ISDIR(status.st_mode)) {
        err_add(err, ERR_ERROR, place, "%s is a directory: give the file in it", what);
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

char *config_file_read(const char *path, const char *what, struct err_place place, size_t *size,
                       struct err *err)
{
    int fd = open_file(path, what, place, err);
    if (fd < 0)
        return NULL;
    char *text = NULL;
    ssize_t got = read_all(fd, &text, CONFIG_FILE_MAX + 1);
    if (got < 0)
        err_add(err, ERR_ERROR, place, "cannot read %s: %s", what, strerror(errno));
    else if (got > (ssize_t)CONFIG_FILE_MAX)
        err_add(err, ERR_ERROR, place, "%s is larger than %u MiB: is it the right file?", what,
                CONFIG_FILE_MAX >> 20);
    else
        *size = (size_t)got;
    close(fd);
    if (got >= 0 && got <= (ssize_t)CONFIG_FILE_MAX) {
        text = mem_resize(text, (size_t)got + 1, 1);
        text[got] = '\0';
        return text;
    }
    free(text);
    return NULL;
}
