// SPDX-License-Identifier: MIT
/* Probes against servers that behave in every way: each start must give exactly one result, in time. */
#include "healthd/probe.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
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

struct server {
    int fd;
    struct endpoint endpoint;
    pid_t pid;
};

static bool put(int fd, const char *text)
{
    return send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* The request, so that closing does not turn into a reset. */
static void take_request(int fd, char *out, size_t size)
{
    size_t length = 0;
    ssize_t got;
    out[0] = '\0';
    while (length + 1 < size && !strstr(out, "\r\n\r\n") &&
           (got = recv(fd, out + length, size - 1 - length, 0)) > 0)
        out[length += (size_t)got] = '\0';
}

static void behave(int fd, enum behaviour behaviour, const char *text)
{
    static char many[16384];
    char request[4096];
    const struct linger at_once = {1, 0};
    memset(many, 'x', sizeof many - 1);
    take_request(fd, request, sizeof request);
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

static void serve(int listener, enum behaviour behaviour, const char *text)
{
    for (;;) {
        int fd = behaviour == MUTE ? pause() : accept(listener, NULL, NULL);
        if (fd < 0)
            _exit(1);
        behave(fd, behaviour, text);
        (void)close(fd);
    }
}

static struct server server_start(const char *address, enum behaviour behaviour, const char *text)
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

static void server_stop(const struct server *server)
{
    if (server->pid > 0)
        (void)kill(server->pid, SIGKILL);
    (void)close(server->fd);
}

/* --- one probe ------------------------------------------------------------------------------------------- */

struct outcome {
    unsigned results;
    struct probe_result last;
    uint64_t done_ms;
};

static void on_done(void *context, const struct probe_result *result)
{
    struct outcome *outcome = context;
    outcome->results++;
    outcome->last = *result;
    outcome->done_ms = clock_monotonic_ms();
}

static void on_timer(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static void run_for(uv_loop_t *loop, uint64_t ms)
{
    uv_timer_t timer;
    uv_timer_init(loop, &timer);
    uv_timer_start(&timer, on_timer, ms, 0);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
}

static void run_until_done(uv_loop_t *loop, const struct outcome *outcome, unsigned results)
{
    for (unsigned i = 0; i < 200 && outcome->results < results; i++)
        run_for(loop, 10);
}

/* Frees all and makes sure that the loop has nothing left. */
static void finish(uv_loop_t *loop, struct probe_engine *engine, struct probe *probe)
{
    probe_http.free(probe);
    probe_http.engine_free(engine);
    uv_run(loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(loop), 0);
}

static const struct config_status_range status_ok[] = {{200, 200}}, status_moved[] = {{200, 204}, {300, 399}};

static struct config_check check_of(const char *body)
{
    return (struct config_check){
        .type = CONFIG_CHECK_HTTP,
        .http = {.path = "/healthz", .status = status_ok, .status_count = 1, .body = body},
        .timeout_ms = TIMEOUT_MS};
}

/* Starts a probe twice: the second must not notice the first. */
static struct probe_result probe_twice(const char *message, const struct config_check *check,
                                       const struct endpoint *endpoint)
{
    uv_loop_t loop;
    struct err err = ERR_INIT;
    struct outcome outcome = {.results = 0};
    uv_loop_init(&loop);
    struct probe_engine *engine = probe_http.engine_create(&loop, &err);
    struct probe *probe = probe_http.create(engine, check, endpoint, on_done, &outcome);
    for (unsigned round = 1; round <= 2; round++) {
        uint64_t started_ms = clock_monotonic_ms();
        ck_assert(probe_http.start(probe));
        ck_assert_msg(outcome.results == round - 1, "%s: a result from inside start()", message);
        run_until_done(&loop, &outcome, round);
        ck_assert_msg(outcome.results == round, "%s: no result", message);
        ck_assert_msg(outcome.done_ms - started_ms <= TIMEOUT_MS + SLACK_MS, "%s: late by %llu ms", message,
                      (unsigned long long)(outcome.done_ms - started_ms - TIMEOUT_MS));
    }
    run_for(&loop, SETTLE_MS);
    ck_assert_msg(outcome.results == 2, "%s: %u results", message, outcome.results);
    finish(&loop, engine, probe);
    return outcome.last;
}

#define HEAD "HTTP/1.1 200 OK\r\n"

START_TEST(behaviours)
{
    static const struct {
        const char *message;
        enum behaviour behaviour;
        const char *text, *body;
        const char *reason; /* NULL: passes */
    } rows[] = {
        {"200", ANSWER, HEAD "Content-Length: 3\r\n\r\nok\n", NULL, NULL},
        {"200 without length", ANSWER, HEAD "\r\nok\n", NULL, NULL},
        {"200 without body", ANSWER, HEAD "Content-Length: 0\r\n\r\n", NULL, NULL},
        {"HTTP/1.0", ANSWER, "HTTP/1.0 200 OK\r\n\r\nok\n", "ok", NULL},
        {"body wanted", ANSWER, HEAD "Content-Length: 3\r\n\r\nok\n", "ok", NULL},
        {"body in chunks", ANSWER, HEAD "Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
         "ok", NULL},
        {"100 first", ANSWER, "HTTP/1.1 100 Continue\r\n\r\n" HEAD "Content-Length: 2\r\n\r\nok", "ok", NULL},
        {"flood, not looked at", FLOOD, HEAD "\r\n", NULL, NULL},
        {"flood, wanted at its start", FLOOD, HEAD "\r\nok", "ok", NULL},
        {"flood, wanted never", FLOOD, HEAD "\r\n", "ok", "body does not contain \"ok\""},
        {"503", ANSWER, "HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\ndraining\n", NULL,
         "HTTP 503, want 200"},
        {"a redirect", ANSWER, "HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", NULL,
         "HTTP 301, want 200"},
        {"another body", ANSWER, HEAD "Content-Length: 3\r\n\r\nno\n", "ok", "body does not contain \"ok\""},
        {"an empty body", ANSWER, HEAD "Content-Length: 0\r\n\r\n", "ok", "body does not contain \"ok\""},
        {"refused", REFUSE, "", NULL, "connection refused"},
        {"closed at once", CLOSE, "", NULL, "connection closed without an answer"},
        {"reset", RESET, "", NULL, "connection reset"},
        {"closed early", ANSWER, HEAD "Content-Length: 300\r\n\r\nok\n", NULL,
         "connection closed in the middle of the body"},
        {"never accepts", MUTE, "", NULL, "timeout after 300ms, no answer"},
        {"never answers", HOLD, "", NULL, "timeout after 300ms, no answer"},
        {"hangs in its headers", HOLD, HEAD "X-", NULL, "timeout after 300ms, answer incomplete"},
        {"hangs in its body", HOLD, HEAD "Content-Length: 300\r\n\r\nok\n", "ok",
         "timeout after 300ms, answer incomplete"},
        {"a body that drips", DRIP, HEAD "\r\n", NULL, "timeout after 300ms, answer incomplete"},
        {"garbage", ANSWER, "220 mail.example.com ESMTP\r\n", NULL, "the answer is not HTTP"},
        {"garbage without end", FLOOD, "x", NULL, "the answer is not HTTP"},
        {"HTTP/0.9", ANSWER, "<html>ok</html>", "ok", "the answer is not HTTP"},
        {"headers without end", FLOOD_HEAD, HEAD, NULL, "headers longer than 65536 octets"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server server = server_start("127.0.0.1", rows[i].behaviour, rows[i].text);
        struct config_check check = check_of(rows[i].body);
        struct probe_result result = probe_twice(rows[i].message, &check, &server.endpoint);
        const char *want = rows[i].reason ? rows[i].reason : "";
        ck_assert_msg(!strcmp(result.reason, want), "%s: reason \"%s\"", rows[i].message, result.reason);
        ck_assert_msg(result.outcome == (rows[i].reason ? PROBE_FAIL : PROBE_PASS), "%s: outcome",
                      rows[i].message);
        server_stop(&server);
    }
}
END_TEST

/* A full backlog swallows the SYN: as a machine that is switched off does. */
START_TEST(a_machine_that_is_off)
{
    struct server server = server_start("127.0.0.1", REFUSE, "");
    struct config_check check = check_of(NULL);
    struct sockaddr_storage to;
    socklen_t size = endpoint_to_sockaddr(&server.endpoint, &to);
    int fillers[4];
    ck_assert_int_eq(listen(server.fd, 0), 0);
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(fillers[i], (struct sockaddr *)&to, size);
    }
    struct probe_result result = probe_twice("off", &check, &server.endpoint);
    ck_assert_str_eq(result.reason, "timeout after 300ms, no connection");
    ck_assert_int_eq(result.outcome, PROBE_FAIL);
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        (void)close(fillers[i]);
    server_stop(&server);
}
END_TEST

/* The server answers with the request it got. */
START_TEST(what_is_sent)
{
    static const struct {
        const char *message, *address, *path, *host, *body;
    } rows[] = {
        {"the request line", "127.0.0.1", "/a/../b?c=d&e=%20#f", NULL,
         "GET /a/../b?c=d&e=%20#f HTTP/1.1\r\n"},
        {"the host of the check", "127.0.0.1", "/", "www.example.com", "\r\nHost: www.example.com\r\n"},
        {"the probed address as host", "127.0.0.1", "/", NULL, "\r\nHost: 127.0.0.1:"},
        {"IPv6", "::1", "/", NULL, "\r\nHost: [::1]:"},
        {"user agent", "127.0.0.1", "/", NULL, "\r\nUser-Agent: meridian-healthd/"},
        {"one request per connection", "127.0.0.1", "/", NULL, "\r\nConnection: close\r\n"},
    };
    ck_assert_int_eq(setenv("http_proxy", "http://127.0.0.1:1", 1), 0); /* must not be heeded */
    ck_assert_int_eq(setenv("ALL_PROXY", "http://127.0.0.1:1", 1), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server server = server_start(rows[i].address, REPEAT, HEAD "\r\n");
        struct config_check check = check_of(rows[i].body);
        check.http.path = rows[i].path;
        check.http.host = rows[i].host;
        struct probe_result result = probe_twice(rows[i].message, &check, &server.endpoint);
        ck_assert_msg(result.outcome == PROBE_PASS, "%s: %s", rows[i].message, result.reason);
        server_stop(&server);
    }
}
END_TEST

START_TEST(any_of_several_statuses)
{
    struct server server =
        server_start("127.0.0.1", ANSWER, "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n");
    struct config_check check = check_of(NULL);
    check.http.status = status_moved;
    check.http.status_count = 2;
    struct probe_result result = probe_twice("301", &check, &server.endpoint);
    ck_assert_int_eq(result.outcome, PROBE_PASS);
    server_stop(&server);
}
END_TEST

START_TEST(cancelled_gives_no_result)
{
    struct server server = server_start("127.0.0.1", HOLD, "");
    struct config_check check = check_of(NULL);
    struct outcome outcome = {.results = 0};
    struct err err = ERR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct probe_engine *engine = probe_http.engine_create(&loop, &err);
    struct probe *probe = probe_http.create(engine, &check, &server.endpoint, on_done, &outcome);
    ck_assert(probe_http.start(probe));
    run_for(&loop, 50);
    probe_http.cancel(probe);
    run_for(&loop, TIMEOUT_MS + SETTLE_MS);
    ck_assert_uint_eq(outcome.results, 0);
    ck_assert(probe_http.start(probe)); /* freed while under way */
    run_for(&loop, 50);
    finish(&loop, engine, probe);
    ck_assert_uint_eq(outcome.results, 0);
    server_stop(&server);
}
END_TEST

/* Out of file descriptors is no news of the target. */
START_TEST(own_fault_is_not_the_targets)
{
    struct server server = server_start("127.0.0.1", ANSWER, HEAD "\r\n");
    struct config_check check = check_of(NULL);
    struct outcome outcome = {.results = 0};
    struct err err = ERR_INIT;
    uv_loop_t loop;
    int fds[64];
    size_t count = 0;
    uv_loop_init(&loop);
    struct probe_engine *engine = probe_http.engine_create(&loop, &err);
    struct probe *probe = probe_http.create(engine, &check, &server.endpoint, on_done, &outcome);
    run_for(&loop, 1); /* the loop gets its own descriptors */
    const struct rlimit few = {64, 64};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    while (count < sizeof fds / sizeof *fds && (fds[count] = dup(server.fd)) >= 0)
        count++;
    ck_assert(probe_http.start(probe));
    run_until_done(&loop, &outcome, 1);
    while (count > 0)
        (void)close(fds[--count]);
    ck_assert_uint_eq(outcome.results, 1);
    ck_assert_int_eq(outcome.last.outcome, PROBE_UNDONE);
    finish(&loop, engine, probe);
    server_stop(&server);
}
END_TEST

CHECK_MAIN("healthd/probe_http", behaviours, a_machine_that_is_off, what_is_sent, any_of_several_statuses,
           cancelled_gives_no_result, own_fault_is_not_the_targets)
