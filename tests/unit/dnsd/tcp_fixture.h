// SPDX-License-Identifier: MIT
/* The TCP side on an event loop of its own, and clients for it. Test, client and server are one thread: while a client
 * waits, it turns the loop. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/wire.h"
#include "dnsd/protocol.h"
#include "dnsd/tcp.h"
#include "tests/support/check_main.h"
#include "tests/support/lib_query.h"
#include "tests/unit/dnsd/one_zone.h"

enum {
    LENGTH = 2,
    PATIENCE_MS = 5000,
    BIG_ANSWER_LEAST = 60000,
    GONE = -1,
};

struct fixture {
    struct one_zone zone;
    struct log log;
    struct listen_sockets sockets;
    int listening;
    struct sockaddr_in name;
    uv_loop_t loop;
    struct tcp *tcp;
};

static inline void bind_socket(struct fixture *f)
{
    socklen_t size = sizeof f->name;
    f->name = (struct sockaddr_in){.sin_family = AF_INET};
    f->listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(f->listening, (struct sockaddr *)&f->name, sizeof f->name), 0);
    ck_assert_int_eq(getsockname(f->listening, (struct sockaddr *)&f->name, &size), 0);
    f->sockets = (struct listen_sockets){.addresses = 1, .tcp = &f->listening};
}

static inline void set_up(struct fixture *f, struct config_tcp limits)
{
    struct err err = ERR_INIT;
    memset(f, 0, sizeof *f);
    one_zone_set_up(&f->zone);
    f->log = (struct log){.least = LOG_ERROR, .fd = STDERR_FILENO};
    bind_socket(f);
    uv_loop_init(&f->loop);
    f->tcp = tcp_start(&f->loop, &f->sockets, &limits, &f->zone.publication, &f->log, &err);
    ck_assert_ptr_nonnull(f->tcp);
    err_free(&err);
}

static const struct config_tcp generous = {.clients = 100, .clients_per_address = 100, .idle_ms = 60000};

static inline void tear_down(struct fixture *f)
{
    if (f->tcp != NULL)
        tcp_stop(f->tcp);
    close(f->listening);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&f->loop), 0);
    one_zone_tear_down(&f->zone);
}

/* --- clients --------------------------------------------------------------------------------------------- */

static inline void turn(struct fixture *f, unsigned ms)
{
    uint64_t until = clock_monotonic_ms() + ms;
    do {
        if (uv_run(&f->loop, UV_RUN_NOWAIT) == 0)
            return;
        usleep(ms ? 200 : 0);
    } while (clock_monotonic_ms() < until);
}

static inline int connect_from(struct fixture *f, const char *source)
{
    struct sockaddr_in from = {.sin_family = AF_INET};
    inet_pton(AF_INET, source, &from.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&f->name, sizeof f->name), 0);
    ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    turn(f, 5);
    return fd;
}

static inline int connect_client(struct fixture *f)
{
    return connect_from(f, "127.0.0.1");
}

/* A query behind its length; returns the octets. */
static inline size_t frame(uint8_t *out, size_t room, unsigned id, const char *name, unsigned padding)
{
    static uint8_t option[4 + 65535];
    struct query_spec spec = {.name = name, .type = 16, .edns = padding > 0, .options = option};
    if (padding > 0) {
        wire_store16(option, 12); /* RFC 7830 */
        wire_store16(option + 2, padding);
        spec.options_size = 4 + padding;
    }
    size_t size = query_write(&spec, out + LENGTH, room - LENGTH);
    wire_store16(out, (unsigned)size);
    wire_store16(out + LENGTH, id);
    return LENGTH + size;
}

/* Sends all of it, turning the loop while the socket is full; false once the connection is gone. */
static inline bool send_octets(struct fixture *f, int fd, const uint8_t *octets, size_t size)
{
    uint64_t until = clock_monotonic_ms() + PATIENCE_MS;
    while (size > 0 && clock_monotonic_ms() < until) {
        ssize_t count = send(fd, octets, size, MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN)
            return false;
        octets += count > 0 ? count : 0;
        size -= count > 0 ? (size_t)count : 0;
        turn(f, 0);
    }
    return size == 0;
}

static inline bool ask(struct fixture *f, int fd, unsigned id, const char *name)
{
    uint8_t query[300];
    return send_octets(f, fd, query, frame(query, sizeof query, id, name, 0));
}

/* `count` queries with the ids 0, 1, 2... in one piece. */
static inline bool ask_many(struct fixture *f, int fd, unsigned count, const char *name)
{
    uint8_t *queries = malloc((size_t)count * 300);
    size_t size = 0;
    for (unsigned i = 0; i < count; i++)
        size += frame(queries + size, 300, i, name, 0);
    bool sent = send_octets(f, fd, queries, size);
    free(queries);
    return sent;
}

/* Exactly `size` octets; false once the connection has ended, or after PATIENCE_MS. */
static inline bool receive(struct fixture *f, int fd, uint8_t *out, size_t size)
{
    uint64_t until = clock_monotonic_ms() + PATIENCE_MS;
    while (size > 0 && clock_monotonic_ms() < until) {
        ssize_t count = recv(fd, out, size, 0);
        if (count == 0 || (count < 0 && errno != EAGAIN))
            return false;
        out += count > 0 ? count : 0;
        size -= count > 0 ? (size_t)count : 0;
        if (count < 0)
            turn(f, 1);
    }
    return size == 0;
}

/* The id of the next answer, GONE if none comes; its size into `*size` unless NULL. */
static inline int next_answer(struct fixture *f, int fd, size_t *size)
{
    static uint8_t message[65535];
    uint8_t length[LENGTH];
    if (!receive(f, fd, length, LENGTH) || !receive(f, fd, message, wire_load16(length)))
        return GONE;
    ck_assert_uint_ge(wire_load16(length), HEADER_SIZE);
    ck_assert(message[2] & 0x80);
    if (size != NULL)
        *size = wire_load16(length);
    return (int)wire_load16(message);
}

static inline void expect_answers(struct fixture *f, int fd, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(next_answer(f, fd, NULL), (int)(i & 0xffff));
}

/* Whether the server has closed the connection, without reading what it sent. */
static inline bool is_closed(struct fixture *f, int fd)
{
    uint8_t octet;
    turn(f, 2);
    ssize_t count = recv(fd, &octet, 1, MSG_PEEK);
    return count == 0 || (count < 0 && errno != EAGAIN);
}
