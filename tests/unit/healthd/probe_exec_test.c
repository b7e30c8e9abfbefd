// SPDX-License-Identifier: MIT
#include "healthd/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "tests/unit/healthd/probing.h"

#define MANY 70 /* more than may run at once */

static const char *script[4] = {"/bin/sh", "-c", NULL, NULL};

static struct config_check check_of(const char *text)
{
    script[2] = text;
    return (struct config_check){.type = CONFIG_CHECK_EXEC, .timeout_ms = TIMEOUT_MS, .exec = {script}};
}

static struct endpoint endpoint_of(const char *text)
{
    struct endpoint endpoint;
    ck_assert(endpoint_parse(text, 0, &endpoint));
    return endpoint;
}

START_TEST(behaviours)
{
    static const struct {
        const char *message, *script, *reason;
    } rows[] = {
        {"pass", "exit 0", NULL},
        {"pass with output", "echo fine; echo more", NULL},
        {"address and port", "test $MERIDIAN_ADDRESS@$MERIDIAN_PORT = 192.0.2.1@443", NULL},
        {"nothing else of healthd's environment", "test -z \"$MERIDIAN_TEST\" && test -n \"$PATH\"", NULL},
        {"no input", "! read line", NULL},
        {"no inherited descriptor", "! bash -c ': <&77' 2>/dev/null", NULL},
        {"a process group of its own", "kill -s 0 -- -$$", NULL},
        {"default signals", "kill -PIPE $$; exit 0", "killed by signal 13 (Broken pipe)"},
        {"fail", "exit 1", "exit status 1"},
        {"fail with a reason", "echo lag is 7 s; echo more; exit 3", "exit status 3: lag is 7 s"},
        {"control characters", "printf 'a\\033[2Jb\\n'; exit 1", "exit status 1: a?[2Jb"},
        {"error output is not looked at", "echo no >&2; exit 1", "exit status 1"},
        {"crash", "kill -SEGV $$", "killed by signal 11 (Segmentation fault)"},
        {"hangs", "sleep 60", "timeout after 300ms, killed"},
        {"ignores SIGTERM", "trap '' TERM INT HUP; while :; do sleep 1; done", "timeout after 300ms, killed"},
        {"drips", "while echo x; do sleep 0.05; done", "timeout after 300ms, killed"},
        {"floods", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
         "printed more than 65536 octets"},
        {"closes its output and hangs", "exec >&-; sleep 60", "timeout after 300ms, killed"},
        {"leaves a child that holds its output", "sleep 60 & exit 0", NULL},
    };
    struct endpoint endpoint = endpoint_of("192.0.2.1@443");
    ck_assert_int_eq(setenv("MERIDIAN_TEST", "x", 1), 0);
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_int_eq(dup2(open("/dev/null", O_RDONLY), 77), 77); /* without O_CLOEXEC */
        struct config_check check = check_of(rows[i].script);
        struct probe_result result = probe_twice(rows[i].message, &check, &endpoint);
        check_result(rows[i].message, &result, rows[i].reason);
    }
}
END_TEST

/* The group is killed, whatever way the probe ended. */
START_TEST(nothing_is_left_behind)
{
    static const char *const endings[] = {"wait", "exit 0", "exit 1", "kill -9 $$"};
    struct endpoint endpoint = endpoint_of("192.0.2.1");
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[] = "/tmp/exec-test-XXXXXX", text[200];
        long pid = 0;
        (void)close(mkstemp(path));
        (void)snprintf(text, sizeof text, "sleep 60 & echo $! >%s; %s", path, endings[i]);
        struct config_check check = check_of(text);
        (void)probe_twice(endings[i], &check, &endpoint);
        FILE *file = fopen(path, "r");
        ck_assert_ptr_nonnull(file);
        ck_assert_int_eq(fscanf(file, "%ld", &pid), 1);
        (void)fclose(file);
        (void)unlink(path);
        for (unsigned wait = 0; wait < 100 && kill((pid_t)pid, 0) == 0; wait++)
            (void)usleep(10000); /* until init has reaped it */
        char state = 'X', status[64];
        (void)snprintf(status, sizeof status, "/proc/%ld/stat", pid);
        file = fopen(status, "r"); /* in a container init may not reap */
        if (file) {
            ck_assert_int_eq(fscanf(file, "%*d %*s %c", &state), 1);
            (void)fclose(file);
        }
        ck_assert_msg(state == 'X' || state == 'Z', "%s: the child lives", endings[i]);
    }
}
END_TEST

START_TEST(what_cannot_be_run)
{
    static const char *const missing[] = {"/nowhere/check", NULL}, *const no_program[] = {"/etc/passwd",
                                                                                          NULL};
    struct endpoint endpoint = endpoint_of("192.0.2.1");
    struct config_check check = check_of("");
    check.exec.command = missing;
    struct probe_result result = probe_twice("missing", &check, &endpoint);
    ck_assert_int_eq(result.outcome, PROBE_UNDONE);
    ck_assert_str_eq(result.reason, "/nowhere/check cannot be run: No such file or directory");
    check.exec.command = no_program;
    result = probe_twice("not executable", &check, &endpoint);
    ck_assert_int_eq(result.outcome, PROBE_UNDONE);
    ck_assert_str_eq(result.reason, "/etc/passwd cannot be run: Permission denied");
}
END_TEST

/* More than may run at once: all of them get their turn if time allows; those that do not say nothing. */
START_TEST(many)
{
    static const struct {
        const char *message, *script;
        unsigned passes, fails, undone;
    } rows[] = {
        {"short ones", "sleep 0.01", MANY, 0, 0},
        {"long ones", "sleep 60", 0, 64, MANY - 64},
    };
    struct endpoint endpoint = endpoint_of("192.0.2.1");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config_check check = check_of(rows[i].script);
        struct outcome outcomes[MANY] = {{0}};
        struct probe *probes[MANY];
        struct err err = ERR_INIT;
        unsigned counts[PROBE_UNDONE + 1] = {0};
        uv_loop_t loop;
        uv_loop_init(&loop);
        check.timeout_ms = 2000;
        struct probe_engine *engine = probe_exec.engine_create(&loop, &err);
        for (size_t p = 0; p < MANY; p++) {
            probes[p] = probe_exec.create(engine, &check, &endpoint, on_done, &outcomes[p]);
            ck_assert(probe_exec.start(probes[p]));
        }
        run_for(&loop, 2500);
        for (size_t p = 0; p < MANY; p++) {
            ck_assert_msg(outcomes[p].results == 1, "%s: %u results", rows[i].message, outcomes[p].results);
            counts[outcomes[p].last.outcome]++;
        }
        ck_assert_msg(counts[PROBE_PASS] == rows[i].passes && counts[PROBE_FAIL] == rows[i].fails &&
                          counts[PROBE_UNDONE] == rows[i].undone,
                      "%s: %u passes, %u failures, %u undone", rows[i].message, counts[PROBE_PASS],
                      counts[PROBE_FAIL], counts[PROBE_UNDONE]);
        for (size_t p = 1; p < MANY; p++)
            probe_exec.free(probes[p]);
        finish(&loop, &probe_exec, engine, probes[0]);
    }
}
END_TEST

START_TEST(cancelled_gives_no_result)
{
    struct endpoint endpoint = endpoint_of("192.0.2.1");
    struct config_check check = check_of("sleep 60");
    check_cancel(&check, &endpoint);
}
END_TEST

START_TEST(own_fault_is_not_the_targets)
{
    struct endpoint endpoint = endpoint_of("192.0.2.1");
    struct config_check check = check_of("exit 0");
    check_own_fault(&check, &endpoint);
}
END_TEST

CHECK_MAIN("healthd/probe_exec", behaviours, nothing_is_left_behind, what_cannot_be_run, many,
           cancelled_gives_no_result, own_fault_is_not_the_targets)
