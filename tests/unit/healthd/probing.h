// SPDX-License-Identifier: MIT
/* Probes against servers that behave in every way: each start must give exactly one result, in time. */
#pragma once

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "healthd/probe.h"
#include "tests/support/check_main.h"

#define TIMEOUT_MS 300
#define SLACK_MS   200 /* a busy machine */
#define SETTLE_MS  100 /* in which a second result would come */

/* --- a server that follows a script, in a process of its own ---------------------------------------------- */

enum behaviour {
    ANSWER,     /* sends `text`, then closes */
    REPEAT,     /* sends `text`, then the request it got, then closes */
    HOLD,       /* sends `text`, then waits for the other side to close */
    FLOOD,      /* sends `text`, then the letter x without end */
    DRIP,       /* sends `text`, then an x every 20 ms */
    CLOSE,      /* closes at once */
    RESET,      /* the same, with a reset */
    FLOOD_HEAD, /* sends `text`, then headers without end */
    MUTE,       /* does not even accept: the connection comes about, nothing else */
    REFUSE      /* nobody listens */
};
#define SPEAK_FIRST 64 /* added to one of them: does not wait for a request */

struct server {
    int fd;
    struct endpoint endpoint;
    pid_t pid;
};

static inline bool put(int fd, const char *text)
{
    return send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* The request, so that closing does not turn into a reset. */
static inline void take_request(int fd, char *out, size_t size)
{
    size_t length = 0;
    ssize_t got;
    out[0] = '\0';
    while (length + 1 < size && !strstr(out, "\r\n\r\n") &&
           (got = recv(fd, out + length, size - 1 - length, 0)) > 0)
        out[length += (size_t)got] = '\0';
}

static inline void behave(int fd, unsigned behaviour, const char *text)
{
    static char many[16384];
    char request[4096];
    const struct linger at_once = {1, 0};
    memset(many, 'x', sizeof many - 1);
    if (!(behaviour & SPEAK_FIRST))
        take_request(fd, request, sizeof request);
    behaviour &= ~(unsigned)SPEAK_FIRST;
    if (!put(fd, text) || (behaviour == REPEAT && !put(fd, request)))
        return;
    switch (behaviour) {
    case HOLD:
        (void)recv(fd, request, sizeof request, 0); /* returns when the prober hangs up */
        break;
    case FLOOD:
        while (put(fd, many))
            ;
        break;
    case FLOOD_HEAD:
        while (put(fd, "X-Filler: filler\r\n"))
            ;
        break;
    case DRIP:
        while (put(fd, "x"))
            (void)usleep(20000);
        break;
    case RESET:
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        break;
    default:
        break;
    }
}

static inline void serve(int listener, unsigned behaviour, const char *text)
{
    for (;;) {
        int fd = behaviour == MUTE ? pause() : accept(listener, NULL, NULL);
        if (fd < 0)
            _exit(1);
        behave(fd, behaviour, text);
        (void)close(fd);
    }
}

static inline struct server server_start(const char *address, unsigned behaviour, const char *text)
{
    struct server server = {.fd = -1};
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    ck_assert(addr_parse(address, &server.endpoint.addr));
    socklen_t size = endpoint_to_sockaddr(&server.endpoint, &bound);
    server.fd = socket(bound.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(server.fd, (struct sockaddr *)&bound, size), 0);
    ck_assert_int_eq(getsockname(server.fd, (struct sockaddr *)&bound, &length), 0);
    ck_assert(endpoint_from_sockaddr((struct sockaddr *)&bound, &server.endpoint));
    if (behaviour == REFUSE)
        return server; /* bound, so that nobody else takes the port, but not listening */
    ck_assert_int_eq(listen(server.fd, 16), 0);
    server.pid = fork();
    if (server.pid == 0)
        serve(server.fd, behaviour, text);
    return server;
}

static inline void server_stop(const struct server *server)
{
    if (server->pid > 0)
        (void)kill(server->pid, SIGKILL);
    (void)close(server->fd);
}

/* A full backlog swallows the SYN: as a machine that is switched off does. */
#define FILLERS 4
static inline struct server server_blackhole(int fillers[FILLERS])
{
    struct server server = server_start("127.0.0.1", REFUSE, "");
    struct sockaddr_storage to;
    socklen_t size = endpoint_to_sockaddr(&server.endpoint, &to);
    ck_assert_int_eq(listen(server.fd, 0), 0);
    for (size_t i = 0; i < FILLERS; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(fillers[i], (struct sockaddr *)&to, size);
    }
    return server;
}

static inline void blackhole_stop(const struct server *server, const int fillers[FILLERS])
{
    for (size_t i = 0; i < FILLERS; i++)
        (void)close(fillers[i]);
    server_stop(server);
}

/* --- one probe ------------------------------------------------------------------------------------------- */

struct outcome {
    unsigned results;
    struct probe_result last;
    uint64_t done_ms;
};

static inline void on_done(void *context, const struct probe_result *result)
{
    struct outcome *outcome = context;
    outcome->results++;
    outcome->last = *result;
    outcome->done_ms = clock_monotonic_ms();
}

static inline void on_timer(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static inline void run_for(uv_loop_t *loop, uint64_t ms)
{
    uv_timer_t timer;
    uv_timer_init(loop, &timer);
    uv_timer_start(&timer, on_timer, ms, 0);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
}

static inline void run_until_done(uv_loop_t *loop, const struct outcome *outcome, unsigned results)
{
    for (unsigned i = 0; i < 200 && outcome->results < results; i++)
        run_for(loop, 10);
}

/* Frees all and makes sure that the loop has nothing left. */
static inline void finish(uv_loop_t *loop, const struct probe_kind *kind, struct probe_engine *engine,
                          struct probe *probe)
{
    kind->free(probe);
    kind->engine_free(engine);
    uv_run(loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(loop), 0);
}

/* Starts a probe twice: the second must not notice the first. */
static inline struct probe_result probe_twice(const char *message, const struct config_check *check,
                                              const struct endpoint *endpoint)
{
    uv_loop_t loop;
    struct err err = ERR_INIT;
    struct outcome outcome = {.results = 0};
    uv_loop_init(&loop);
    const struct probe_kind *kind = probe_kind_of(check->type);
    struct probe_engine *engine = kind->engine_create(&loop, &err);
    struct probe *probe = kind->create(engine, check, endpoint, on_done, &outcome);
    for (unsigned round = 1; round <= 2; round++) {
        uint64_t started_ms = clock_monotonic_ms();
        ck_assert(kind->start(probe));
        ck_assert_msg(outcome.results == round - 1, "%s: a result from inside start()", message);
        run_until_done(&loop, &outcome, round);
        ck_assert_msg(outcome.results == round, "%s: no result", message);
        ck_assert_msg(outcome.done_ms - started_ms <= TIMEOUT_MS + SLACK_MS, "%s: late by %llu ms", message,
                      (unsigned long long)(outcome.done_ms - started_ms - TIMEOUT_MS));
    }
    run_for(&loop, SETTLE_MS);
    ck_assert_msg(outcome.results == 2, "%s: %u results", message, outcome.results);
    finish(&loop, kind, engine, probe);
    return outcome.last;
}

/* A probe that would take its whole timeout is taken back; then one is freed while it is under way. */
static inline void check_cancel(const struct config_check *check, const struct endpoint *endpoint)
{
    const struct probe_kind *kind = probe_kind_of(check->type);
    struct outcome outcome = {.results = 0};
    struct err err = ERR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct probe_engine *engine = kind->engine_create(&loop, &err);
    struct probe *probe = kind->create(engine, check, endpoint, on_done, &outcome);
    ck_assert(kind->start(probe));
    run_for(&loop, 50);
    kind->cancel(probe);
    run_for(&loop, TIMEOUT_MS + SETTLE_MS);
    ck_assert_uint_eq(outcome.results, 0);
    ck_assert(kind->start(probe));
    run_for(&loop, 50);
    finish(&loop, kind, engine, probe);
    ck_assert_uint_eq(outcome.results, 0);
}

/* Out of file descriptors is no news of the target. */
static inline void check_own_fault(const struct config_check *check, const struct endpoint *endpoint)
{
    const struct probe_kind *kind = probe_kind_of(check->type);
    struct outcome outcome = {.results = 0};
    struct err err = ERR_INIT;
    uv_loop_t loop;
    int fds[64];
    size_t count = 0;
    uv_loop_init(&loop);
    struct probe_engine *engine = kind->engine_create(&loop, &err);
    struct probe *probe = kind->create(engine, check, endpoint, on_done, &outcome);
    run_for(&loop, 1); /* the loop gets its own descriptors */
    const struct rlimit few = {64, 64};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    while (count < sizeof fds / sizeof *fds && (fds[count] = dup(STDERR_FILENO)) >= 0)
        count++;
    ck_assert(kind->start(probe));
    run_until_done(&loop, &outcome, 1);
    while (count > 0)
        (void)close(fds[--count]);
    ck_assert_uint_eq(outcome.results, 1);
    ck_assert_msg(outcome.last.outcome == PROBE_UNDONE, "%s", outcome.last.reason);
    finish(&loop, kind, engine, probe);
}

static inline void check_result(const char *message, const struct probe_result *result, const char *reason)
{
    const char *want = reason ? reason : "";
    ck_assert_msg(!strcmp(result->reason, want), "%s: reason \"%s\"", message, result->reason);
    ck_assert_msg(result->outcome == (reason ? PROBE_FAIL : PROBE_PASS), "%s: outcome", message);
}
