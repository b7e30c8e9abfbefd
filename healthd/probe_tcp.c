// SPDX-License-Identifier: MIT
/*
 * TCP probes: a connection comes about; then, if the check says so, some octets are sent, and some must come.
 *
 * What is under way is a struct attempt of its own: libuv closes handles later than a probe may be gone.
 */
#include "healthd/probe.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

#define RECEIVED_MAX 65536 /* octets that are looked at */
#define READ_SIZE    4096
#define SHOWN_MAX    40 /* octets of the expected text, in a reason */

struct probe_engine {
    uv_loop_t *loop;
};

enum phase { CONNECTING, CONNECTED };

struct attempt {
    struct probe *probe; /* NULL: it has ended */
    uv_tcp_t tcp;
    uv_timer_t timer;
    uv_connect_t connect;
    uv_write_t write;
    unsigned handles; /* open ones; the last to close frees this */
    enum phase phase;
    int start_error; /* of libuv; 0: none */
    uint64_t started_ms;
    char *received;
    size_t received_size;
    char sent[]; /* a copy: the probe may be gone before libuv is done with it */
};

struct probe {
    struct probe_engine *engine;
    probe_done *done;
    void *context;
    struct endpoint endpoint;
    char *send, *expect;
    size_t send_size, expect_size;
    uint32_t timeout_ms;
    struct attempt *attempt; /* NULL: nothing is under way */
};

static struct probe_engine *engine_create(struct uv_loop_s *loop, struct err *err)
{
    (void)err;
    struct probe_engine *engine = mem_alloc(sizeof *engine);
    engine->loop = loop;
    return engine;
}

static void engine_free(struct probe_engine *engine)
{
    free(engine);
}

/* --- the end of an attempt ------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
    struct attempt *attempt = handle->data;
    if (--attempt->handles > 0)
        return;
    free(attempt->received);
    free(attempt);
}

static void end_attempt(struct probe *probe)
{
    struct attempt *attempt = probe->attempt;
    if (!attempt)
        return;
    probe->attempt = NULL;
    attempt->probe = NULL;
    uv_close((uv_handle_t *)&attempt->tcp, on_closed);
    uv_close((uv_handle_t *)&attempt->timer, on_closed);
}

static void conclude(struct attempt *attempt, struct probe_result *result)
{
    struct probe *probe = attempt->probe;
    result->latency_ms = (uint32_t)(clock_monotonic_ms() - attempt->started_ms);
    end_attempt(probe);
    probe->done(probe->context, result);
}

static void conclude_error(struct attempt *attempt, int uv_error)
{
    struct probe_result result = {.outcome = PROBE_FAIL};
    probe_fail_errno(&result, -uv_error); /* on Unix libuv's errors are negated errnos */
    conclude(attempt, &result);
}

static void conclude_pass(struct attempt *attempt)
{
    struct probe_result result = {.outcome = PROBE_PASS};
    conclude(attempt, &result);
}

/* --- receiving ------------------------------------------------------------------------------------------- */

static const char *expected(const struct probe *probe, char out[SHOWN_MAX])
{
    return probe_printable(probe->expect, probe->expect_size, out, SHOWN_MAX);
}

static void conclude_closed(struct attempt *attempt)
{
    char text[SHOWN_MAX];
    struct probe_result result;
    if (attempt->received_size)
        probe_fail(&result, "connection closed, the answer does not contain \"%s\"",
                   expected(attempt->probe, text));
    else
        probe_fail(&result, "connection closed without an answer");
    conclude(attempt, &result);
}

static void on_room_wanted(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct attempt *attempt = handle->data;
    size_t left = RECEIVED_MAX - attempt->received_size, room = left < READ_SIZE ? left : READ_SIZE;
    (void)suggested;
    attempt->received = mem_resize(attempt->received, attempt->received_size + room, 1);
    *out = uv_buf_init(attempt->received + attempt->received_size, (unsigned)room);
}

/* Only what is new is searched, and as much before it as may begin the text. */
static bool has_come(const struct attempt *attempt, size_t fresh)
{
    const struct probe *probe = attempt->probe;
    size_t overlap = probe->expect_size - 1, before = attempt->received_size - fresh;
    size_t from = before > overlap ? before - overlap : 0;
    return memmem(attempt->received + from, attempt->received_size - from, probe->expect, probe->expect_size);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct attempt *attempt = stream->data;
    struct probe_result result;
    char text[SHOWN_MAX];
    (void)buffer;
    if (!attempt->probe || size == 0)
        return;
    if (size == UV_EOF) {
        conclude_closed(attempt);
        return;
    }
    if (size < 0) {
        conclude_error(attempt, (int)size);
        return;
    }
    attempt->received_size += (size_t)size;
    if (has_come(attempt, (size_t)size)) {
        conclude_pass(attempt);
    } else if (attempt->received_size == RECEIVED_MAX) {
        probe_fail(&result, "the first %d octets do not contain \"%s\"", RECEIVED_MAX,
                   expected(attempt->probe, text));
        conclude(attempt, &result);
    }
}

/* --- connecting and sending ------------------------------------------------------------------------------ */

static void on_written(uv_write_t *write, int status)
{
    struct attempt *attempt = write->data;
    if (!attempt->probe)
        return;
    if (status < 0)
        conclude_error(attempt, status);
    else if (!attempt->probe->expect)
        conclude_pass(attempt);
}

static void on_connected(uv_connect_t *connect, int status)
{
    struct attempt *attempt = connect->data;
    struct probe *probe = attempt->probe;
    if (!probe)
        return;
    attempt->phase = CONNECTED;
    if (status == 0 && probe->expect)
        status = uv_read_start((uv_stream_t *)&attempt->tcp, on_room_wanted, on_read);
    if (status == 0 && probe->send) {
        uv_buf_t buffer = uv_buf_init(attempt->sent, (unsigned)probe->send_size);
        status = uv_write(&attempt->write, (uv_stream_t *)&attempt->tcp, &buffer, 1, on_written);
    }
    if (status < 0)
        conclude_error(attempt, status);
    else if (!probe->expect && !probe->send)
        conclude_pass(attempt);
}

static void on_timeout(uv_timer_t *timer)
{
    struct attempt *attempt = timer->data;
    struct probe *probe = attempt->probe;
    struct probe_result result;
    char text[SHOWN_MAX];
    if (attempt->phase == CONNECTING)
        probe_fail(&result, "timeout after %ums, no connection", probe->timeout_ms);
    else if (!attempt->received_size)
        probe_fail(&result, "timeout after %ums, no answer", probe->timeout_ms);
    else
        probe_fail(&result, "timeout after %ums, the answer does not contain \"%s\"", probe->timeout_ms,
                   expected(probe, text));
    conclude(attempt, &result);
}

/* An error that connecting gives at once still has to come from the loop: through the timer. */
static void on_failed_start(uv_timer_t *timer)
{
    struct attempt *attempt = timer->data;
    conclude_error(attempt, attempt->start_error);
}

static bool start(struct probe *probe)
{
    struct sockaddr_storage to;
    assert(!probe->attempt);
    struct attempt *attempt = mem_alloc(sizeof *attempt + probe->send_size);
    *attempt = (struct attempt){.probe = probe, .handles = 2, .started_ms = clock_monotonic_ms()};
    uv_tcp_init(probe->engine->loop, &attempt->tcp);
    uv_timer_init(probe->engine->loop, &attempt->timer);
    attempt->tcp.data = attempt->timer.data = attempt->connect.data = attempt->write.data = attempt;
    if (probe->send)
        memcpy(attempt->sent, probe->send, probe->send_size);
    probe->attempt = attempt;
    (void)endpoint_to_sockaddr(&probe->endpoint, &to);
    attempt->start_error =
        uv_tcp_connect(&attempt->connect, &attempt->tcp, (const struct sockaddr *)&to, on_connected);
    uv_update_time(probe->engine->loop);
    if (attempt->start_error)
        uv_timer_start(&attempt->timer, on_failed_start, 0, 0);
    else
        uv_timer_start(&attempt->timer, on_timeout, probe->timeout_ms, 0);
    return true;
}

/* --- the probe ------------------------------------------------------------------------------------------- */

static char *copy(const struct config_octets *from)
{
    return from->octets ? memcpy(mem_alloc(from->size), from->octets, from->size) : NULL;
}

static struct probe *create(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context)
{
    struct probe *probe = mem_alloc(sizeof *probe);
    *probe = (struct probe){.engine = engine, .done = done, .context = context, .endpoint = *endpoint};
    probe->timeout_ms = check->timeout_ms;
    probe->send = copy(&check->tcp.send);
    probe->send_size = check->tcp.send.size;
    probe->expect = copy(&check->tcp.expect);
    probe->expect_size = check->tcp.expect.size;
    return probe;
}

static void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    end_attempt(probe);
    free(probe->send);
    free(probe->expect);
    free(probe);
}

const struct probe_kind probe_tcp = {
    .engine_create = engine_create,
    .engine_free = engine_free,
    .create = create,
    .start = start,
    .cancel = end_attempt,
    .free = probe_free,
};
