// SPDX-License-Identifier: MIT
#include "healthd/run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIR_MODE  0755 /* dnsd may run as another user */
#define LOCK_MODE 0644
#define PID_MAX   24

static struct err_place at(const char *path)
{
    return (struct err_place){path, 0, 0};
}

static bool make_folder(const char *path, struct err *err)
{
    struct stat status;
    if (!mkdir(path, DIR_MODE) || (errno == EEXIST && !stat(path, &status) && S_ISDIR(status.st_mode)))
        return true;
    if (errno == ENOENT)
        err_add(err, ERR_ERROR, at(path),
                "run_dir cannot be created: the folder it lies in does not exist; create that, or change "
                "server.run_dir");
    else if (errno == EEXIST)
        err_add(err, ERR_ERROR, at(path),
                "run_dir is not a folder; move the file away, or change server.run_dir");
    else
        err_add(err, ERR_ERROR, at(path), "run_dir cannot be created: %s; create it for healthd's user",
                strerror(errno));
    return false;
}

static void refuse(int fd, const char *path, struct err *err)
{
    char pid[PID_MAX];
    if (errno != EWOULDBLOCK) {
        err_add(err, ERR_ERROR, at(path), "cannot be locked: %s", strerror(errno));
        return;
    }
    ssize_t length = pread(fd, pid, sizeof pid - 1, 0);
    pid[length > 0 ? length : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    err_add(
        err, ERR_ERROR, at(path),
        "another healthd (process %s) serves this run_dir; stop it, or give this one a server.run_dir of its "
        "own",
        pid[0] ? pid : "unknown");
}

int run_dir_lock(const char *path, struct err *err)
{
    char file[PATH_MAX];
    if (!make_folder(path, err))
        return -1;
    int length = snprintf(file, sizeof file, "%s/%s", path, RUN_DIR_LOCK_FILE);
    if (length < 0 || (size_t)length >= sizeof file) {
        err_add(err, ERR_ERROR, at(path), "is too long a path; choose a shorter run_dir");
        return -1;
    }
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, LOCK_MODE);
    if (fd < 0) {
        err_add(err, ERR_ERROR, at(file),
                "cannot be opened: %s; healthd's user must be able to write in run_dir", strerror(errno));
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        refuse(fd, file, err);
        (void)close(fd);
        return -1;
    }
    /* For the message above; the lock itself does not depend on it. */
    if (ftruncate(fd, 0) || dprintf(fd, "%ld\n", (long)getpid()) < 0)
        err_add(err, ERR_WARNING, at(file), "the process id cannot be written: %s", strerror(errno));
    return fd;
}
