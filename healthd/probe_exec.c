// SPDX-License-Identifier: MIT
/*
 * Exec probes: a program of the operator looks; exit status 0 is a pass, and the first line it prints is the reason.
 *
 * It runs without a shell in a session and process group of its own, with nothing of healthd's but its user: /dev/null
 * as input and error output, no other descriptor, an environment of PATH, MERIDIAN_ADDRESS and MERIDIAN_PORT.
 * When the probe ends, by whatever way, the whole group is killed. At most RUNNING_MAX run at once; others wait for
 * their turn, and say nothing about the target if their time ran out while they waited or before they had all of
 * it.
 *
 * A process may outlive its probe by as long as the kernel takes to kill it, so what is under way is a struct run.
 */
#include "healthd/probe.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

#define RUNNING_MAX  64
#define OUTPUT_MAX   65536 /* octets; a program that prints more has failed */
#define KEPT_MAX     256   /* of which the first so many may become the reason */
#define READ_SIZE    4096
#define ENVIRONMENT  3
#define PATH_DEFAULT "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define FIRST_OTHER  3 /* descriptor behind input, output and error output */

struct run;

struct probe_engine {
    uv_loop_t *loop;
    unsigned running;
    struct run *runs;            /* processes that have not been reaped */
    struct probe *first, **last; /* those that wait for their turn */
};

struct probe {
    struct probe_engine *engine;
    probe_done *done;
    void *context;
    char **command;
    char *environment[ENVIRONMENT + 1];
    uint32_t timeout_ms;
    uv_timer_t *timer; /* freed when libuv has closed it */

    bool under_way;
    struct run *run;    /* NULL: waits for its turn */
    struct probe *next; /* in the queue */
    bool waited;
    uint64_t started_ms;
    struct probe_result failed; /* if it could not be run */
};

struct run {
    struct probe_engine *engine;
    struct probe *probe; /* NULL: it has ended, and only the process is waited for */
    struct run *previous, *next;
    uv_process_t process;
    uv_pipe_t output;
    unsigned handles; /* open ones; the last to close frees this */
    bool ended;       /* the process */
    char room[READ_SIZE];
    char kept[KEPT_MAX];
    size_t kept_size, output_size;
};

/* --- the end of a run ------------------------------------------------------------------------------------ */

static void start_waiting(struct probe_engine *engine);

static void on_closed(uv_handle_t *handle)
{
    struct run *run = handle->data;
    if (--run->handles == 0)
        free(run);
}

/* Kills the group. Its number cannot have gone to others while one of it lives; and in the moment since the last one
 * was reaped the kernel has not come round to it again. */
static void kill_group(const struct run *run)
{
    if (run->process.pid > 0)
        (void)kill(-run->process.pid, SIGKILL);
}

/* The process is reaped, or nobody will. */
static void forget_process(struct run *run)
{
    struct probe_engine *engine = run->engine;
    run->ended = true;
    engine->running--;
    if (run->previous)
        run->previous->next = run->next;
    else
        engine->runs = run->next;
    if (run->next)
        run->next->previous = run->previous;
    uv_close((uv_handle_t *)&run->process, on_closed);
}

/* The probe has no more to do with it. */
static void let_go(struct run *run)
{
    run->probe = NULL;
    kill_group(run);
    uv_close((uv_handle_t *)&run->output, on_closed);
}

static void leave_queue(struct probe *probe)
{
    struct probe_engine *engine = probe->engine;
    struct probe **at = &engine->first;
    while (*at && *at != probe)
        at = &(*at)->next;
    if (!*at)
        return;
    *at = probe->next;
    if (engine->last == &probe->next)
        engine->last = at;
    probe->next = NULL;
}

static void end_probe(struct probe *probe)
{
    if (!probe->under_way)
        return;
    probe->under_way = false;
    uv_timer_stop(probe->timer);
    leave_queue(probe);
    if (probe->run)
        let_go(probe->run);
    probe->run = NULL;
}

static void conclude(struct probe *probe, struct probe_result *result)
{
    result->latency_ms = (uint32_t)(clock_monotonic_ms() - probe->started_ms);
    end_probe(probe);
    probe->done(probe->context, result);
}

/* --- what it says ---------------------------------------------------------------------------------------- */

/* The first line of the output, fit for a log; "" if there is none. */
static const char *first_line(const struct run *run, char out[PROBE_REASON_MAX])
{
    size_t length = 0;
    while (length < run->kept_size && run->kept[length] != '\n')
        length++;
    return probe_printable(run->kept, length, out, PROBE_REASON_MAX);
}

static void judge_exit(const struct run *run, int64_t status, int signal_number, struct probe_result *result)
{
    char line[PROBE_REASON_MAX];
    const char *said = first_line(run, line);
    if (signal_number)
        probe_fail(result, "killed by signal %d (%s)", signal_number, strsignal(signal_number));
    else if (status && *said)
        probe_fail(result, "exit status %d: %.90s", (int)status, said);
    else if (status)
        probe_fail(result, "exit status %d", (int)status);
    else
        result->outcome = PROBE_PASS;
}

/* False if it was too much. */
static bool keep(struct run *run, const char *octets, size_t size)
{
    size_t room = KEPT_MAX - run->kept_size, taken = size < room ? size : room;
    memcpy(run->kept + run->kept_size, octets, taken);
    run->kept_size += taken;
    run->output_size += size;
    return run->output_size <= OUTPUT_MAX;
}

static void on_room_wanted(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct run *run = handle->data;
    (void)suggested;
    *out = uv_buf_init(run->room, sizeof run->room);
}

static void on_output(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct run *run = stream->data;
    struct probe_result result = {.outcome = PROBE_FAIL};
    if (size < 0) {
        uv_read_stop(stream); /* closed; the exit status is still to come */
    } else if (run->probe && !keep(run, buffer->base, (size_t)size)) {
        probe_fail(&result, "printed more than %d octets", OUTPUT_MAX);
        conclude(run->probe, &result);
    }
}

/* What the process left in the pipe before it ended: its end may be told first. */
static void drain(struct run *run)
{
    uv_os_fd_t fd;
    ssize_t size;
    if (uv_fileno((uv_handle_t *)&run->output, &fd))
        return;
    while (run->kept_size < KEPT_MAX && (size = read(fd, run->room, sizeof run->room)) > 0)
        (void)keep(run, run->room, (size_t)size);
}

static void on_ended(uv_process_t *process, int64_t status, int signal_number)
{
    struct run *run = process->data;
    struct probe_engine *engine = run->engine;
    struct probe_result result = {.outcome = PROBE_FAIL};
    struct probe *probe = run->probe;
    if (probe) {
        drain(run);
        judge_exit(run, status, signal_number, &result);
    }
    forget_process(run);
    if (probe)
        conclude(probe, &result);
    start_waiting(engine);
}

/* --- running --------------------------------------------------------------------------------------------- */

/* An error of libuv, 0 if the process runs. */
static int spawn(struct probe *probe, struct run *run)
{
    uv_stdio_container_t streams[FIRST_OTHER] = {
        {.flags = UV_IGNORE}, {.flags = UV_IGNORE}, {.flags = UV_IGNORE}};
    streams[1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
    streams[1].data.stream = (uv_stream_t *)&run->output;
    const uv_process_options_t options = {.exit_cb = on_ended,
                                          .file = probe->command[0],
                                          .args = probe->command,
                                          .env = probe->environment,
                                          .cwd = "/",
                                          .flags = UV_PROCESS_DETACHED,
                                          .stdio_count = FIRST_OTHER,
                                          .stdio = streams};
    /* Whatever was opened without O_CLOEXEC, by a library for instance, is not the program's business. */
    (void)close_range(FIRST_OTHER, UINT_MAX, CLOSE_RANGE_CLOEXEC);
    return uv_spawn(probe->engine->loop, &run->process, &options);
}

static void link_run(struct probe_engine *engine, struct run *run)
{
    run->next = engine->runs;
    if (run->next)
        run->next->previous = run;
    engine->runs = run;
    engine->running++;
}

/* False with a result in `failed`. */
static bool begin(struct probe *probe)
{
    struct probe_engine *engine = probe->engine;
    struct run *run = mem_alloc(sizeof *run);
    *run = (struct run){.engine = engine, .probe = probe, .handles = 2};
    uv_pipe_init(engine->loop, &run->output, 0);
    run->output.data = run->process.data = run;
    int failed = spawn(probe, run);
    link_run(engine, run);
    probe->run = run;
    if (!failed) {
        (void)uv_read_start((uv_stream_t *)&run->output, on_room_wanted, on_output);
        return true;
    }
    run->process.pid = 0;
    forget_process(run);
    let_go(run);
    probe->run = NULL;
    probe_undone(&probe->failed, "%s cannot be run: %s", probe->command[0], strerror(-failed));
    return false;
}

static void on_timeout(uv_timer_t *timer)
{
    struct probe *probe = timer->data;
    struct probe_result result = {.outcome = PROBE_FAIL};
    if (probe->waited)
        probe_undone(&result, "%d programs run already: there was no time left for this one", RUNNING_MAX);
    else
        probe_fail(&result, "timeout after %ums, killed", probe->timeout_ms);
    conclude(probe, &result);
}

/* What start() found out has to come from the loop. */
static void on_failed(uv_timer_t *timer)
{
    struct probe *probe = timer->data;
    struct probe_result result = probe->failed;
    conclude(probe, &result);
}

static void begin_or_fail(struct probe *probe)
{
    if (!begin(probe))
        uv_timer_start(probe->timer, on_failed, 0, 0);
}

static void start_waiting(struct probe_engine *engine)
{
    while (engine->first && engine->running < RUNNING_MAX) {
        struct probe *probe = engine->first;
        leave_queue(probe);
        begin_or_fail(probe);
    }
}

static bool start(struct probe *probe)
{
    struct probe_engine *engine = probe->engine;
    assert(!probe->under_way);
    probe->under_way = true;
    probe->started_ms = clock_monotonic_ms();
    probe->waited = engine->running >= RUNNING_MAX;
    uv_update_time(engine->loop);
    uv_timer_start(probe->timer, on_timeout, probe->timeout_ms, 0);
    if (probe->waited) {
        *engine->last = probe;
        engine->last = &probe->next;
    } else {
        begin_or_fail(probe);
    }
    return true;
}

/* --- the probe ------------------------------------------------------------------------------------------- */

static struct probe_engine *engine_create(struct uv_loop_s *loop, struct err *err)
{
    (void)err;
    struct probe_engine *engine = mem_alloc(sizeof *engine);
    engine->loop = loop;
    engine->last = &engine->first;
    return engine;
}

/* Processes that even SIGKILL has not ended yet are left to init. */
static void engine_free(struct probe_engine *engine)
{
    if (!engine)
        return;
    while (engine->runs)
        forget_process(engine->runs);
    free(engine);
}

static char **copy_words(const char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    char **copy = mem_alloc((count + 1) * sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = mem_strdup(words[i]);
    return copy;
}

static void free_words(char **words)
{
    for (size_t i = 0; words[i]; i++)
        free(words[i]);
}

static void set_environment(struct probe *probe, const struct endpoint *endpoint)
{
    char address[ADDR_TEXT_MAX], variable[sizeof "MERIDIAN_ADDRESS=" + ADDR_TEXT_MAX];
    (void)snprintf(variable, sizeof variable, "MERIDIAN_ADDRESS=%s", addr_format(&endpoint->addr, address));
    probe->environment[0] = mem_strdup(PATH_DEFAULT);
    probe->environment[1] = mem_strdup(variable);
    (void)snprintf(variable, sizeof variable, "MERIDIAN_PORT=%u", endpoint->port);
    probe->environment[2] = endpoint->port ? mem_strdup(variable) : NULL;
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle);
}

static struct probe *create(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context)
{
    struct probe *probe = mem_alloc(sizeof *probe);
    *probe = (struct probe){.engine = engine, .done = done, .context = context};
    probe->command = copy_words(check->exec.command);
    probe->timeout_ms = check->timeout_ms;
    set_environment(probe, endpoint);
    probe->timer = mem_alloc(sizeof *probe->timer);
    uv_timer_init(engine->loop, probe->timer);
    probe->timer->data = probe;
    return probe;
}

static void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    end_probe(probe);
    uv_close((uv_handle_t *)probe->timer, on_timer_closed);
    free_words(probe->command);
    free(probe->command);
    free_words(probe->environment);
    free(probe);
}

const struct probe_kind probe_exec = {
    .engine_create = engine_create,
    .engine_free = engine_free,
    .create = create,
    .start = start,
    .cancel = end_probe,
    .free = probe_free,
};
