// SPDX-License-Identifier: MIT
#include "healthd/run_dir.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static void expect_refused(const char *path, const char *want)
{
    struct err err = ERR_INIT;
    ck_assert_int_eq(run_dir_lock(path, &err), -1);
    ck_assert_uint_eq(err.errors, 1);
    ck_assert_msg(strstr(err.findings[0].text, want), "%s", err.findings[0].text);
    err_free(&err);
}

START_TEST(created_and_locked_once)
{
    char folder[] = "/tmp/run_dir_test.XXXXXX", path[64], lock[96], want[64];
    struct err err = ERR_INIT;
    struct stat status;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/run", folder);
    (void)snprintf(lock, sizeof lock, "%s/%s", path, RUN_DIR_LOCK_FILE);
    (void)snprintf(want, sizeof want, "another healthd (process %ld)", (long)getpid());
    (void)umask(022);
    int fd = run_dir_lock(path, &err);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0755);
    expect_refused(path, want);
    (void)close(fd);
    fd = run_dir_lock(path, &err); /* the file is still there: only its lock counts */
    ck_assert_int_ge(fd, 0);
    (void)close(fd);
    ck_assert_uint_eq(err.count, 0);
    ck_assert_int_eq(unlink(lock) | rmdir(path) | rmdir(folder), 0);
}
END_TEST

START_TEST(freed_by_being_killed)
{
    char folder[] = "/tmp/run_dir_test.XXXXXX", lock[96];
    struct err err = ERR_INIT;
    int ready[2];
    char octet;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(lock, sizeof lock, "%s/%s", folder, RUN_DIR_LOCK_FILE);
    ck_assert_int_eq(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        octet = run_dir_lock(folder, &err) >= 0 ? 'y' : 'n';
        (void)!write(ready[1], &octet, 1);
        (void)pause();
        _exit(0);
    }
    ck_assert_int_eq(read(ready[0], &octet, 1), 1);
    ck_assert_int_eq(octet, 'y');
    expect_refused(folder, "another healthd");
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    int fd = run_dir_lock(folder, &err);
    ck_assert_int_ge(fd, 0);
    (void)close(fd);
    ck_assert_int_eq(unlink(lock) | rmdir(folder), 0);
}
END_TEST

START_TEST(what_cannot_be_a_folder)
{
    char folder[] = "/tmp/run_dir_test.XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/no/run", folder);
    expect_refused(path, "does not exist");
    (void)snprintf(path, sizeof path, "%s/file", folder);
    (void)close(open(path, O_CREAT | O_WRONLY, 0600));
    expect_refused(path, "not a folder");
    ck_assert_int_eq(unlink(path) | rmdir(folder), 0);
}
END_TEST

CHECK_MAIN("healthd/run_dir", created_and_locked_once, freed_by_being_killed, what_cannot_be_a_folder)
