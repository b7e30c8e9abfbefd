// SPDX-License-Identifier: MIT
#include "dnsd/tcp.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/wire.h"
#include "dnsd/respond.h"

enum {
    LENGTH_SIZE = 2, /* the message length before each message, RFC 1035 section 4.2.2 */
    BACKLOG = 511,
    SWEEP_MS = 1000,
};

struct connection {
    uv_tcp_t handle;
    struct tcp *tcp;
    struct connection *newer, *older; /* by last activity */
    struct respond_client client;
    uint64_t active_ms;
    bool closing;
    size_t held; /* octets in `input` */
    uint8_t input[LENGTH_SIZE + TCP_SIZE];
};

struct listener {
    uv_tcp_t handle;
    struct tcp *tcp;
};

struct tcp {
    uv_loop_t *loop;
    const struct publication *publication;
    const struct log *log;
    uv_timer_t sweep;
    struct listener *listeners;
    size_t listener_count;
    struct connection *newest, *oldest;
    size_t connections;
    size_t handles; /* not yet closed */
    uint8_t output[LENGTH_SIZE + RESPOND_TCP_MAX];
};

/* An answer that the socket did not take at once. */
struct pending {
    uv_write_t request;
    uint8_t octets[];
};

/* --- the list of connections, newest activity first ---------------------------------------------------- */

static void unlink_connection(struct connection *c)
{
    struct tcp *tcp = c->tcp;
    *(c->newer ? &c->newer->older : &tcp->newest) = c->older;
    *(c->older ? &c->older->newer : &tcp->oldest) = c->newer;
}

static void link_newest(struct connection *c)
{
    struct tcp *tcp = c->tcp;
    c->newer = NULL;
    c->older = tcp->newest;
    *(tcp->newest ? &tcp->newest->newer : &tcp->oldest) = c;
    tcp->newest = c;
}

static void touch(struct connection *c)
{
    c->active_ms = uv_now(c->tcp->loop);
    unlink_connection(c);
    link_newest(c);
}

/* --- closing --------------------------------------------------------------------------------------------- */

static void release(struct tcp *tcp)
{
    if (--tcp->handles > 0)
        return;
    free(tcp->listeners);
    free(tcp);
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    struct tcp *tcp = c->tcp;
    free(c);
    release(tcp);
}

static void on_handle_closed(uv_handle_t *handle)
{
    release(handle->data);
}

static void close_connection(struct connection *c)
{
    if (c->closing)
        return;
    c->closing = true;
    unlink_connection(c);
    c->tcp->connections--;
    uv_close((uv_handle_t *)&c->handle, on_closed);
}

static void on_sweep(uv_timer_t *timer)
{
    struct tcp *tcp = timer->data;
    uint64_t now = uv_now(tcp->loop);
    while (tcp->oldest != NULL && now - tcp->oldest->active_ms >= TCP_IDLE_MS)
        close_connection(tcp->oldest);
}

/* --- writing --------------------------------------------------------------------------------------------- */

static void on_written(uv_write_t *request, int status)
{
    struct connection *c = request->handle->data;
    free(request->data);
    if (status < 0)
        close_connection(c);
}

static void queue(struct connection *c, const uint8_t *octets, size_t size)
{
    struct pending *pending = mem_alloc(sizeof *pending + size);
    memcpy(pending->octets, octets, size);
    pending->request.data = pending;
    uv_buf_t buffer = uv_buf_init((char *)pending->octets, (unsigned)size);
    if (uv_write(&pending->request, (uv_stream_t *)&c->handle, &buffer, 1, on_written) < 0) {
        free(pending);
        close_connection(c);
    }
}

static void send_answer(struct connection *c, uint8_t *octets, size_t size)
{
    uv_stream_t *stream = (uv_stream_t *)&c->handle;
    uv_buf_t buffer = uv_buf_init((char *)octets, (unsigned)size);
    int written = uv_stream_get_write_queue_size(stream) > 0 ? UV_EAGAIN : uv_try_write(stream, &buffer, 1);
    if (written < 0 && written != UV_EAGAIN) {
        close_connection(c);
        return;
    }
    size_t sent = written < 0 ? 0 : (size_t)written;
    if (sent < size)
        queue(c, octets + sent, size - sent);
    if (!c->closing && uv_stream_get_write_queue_size(stream) > TCP_UNSENT_MAX)
        close_connection(c); /* asks and asks, and never reads */
}

/* --- reading --------------------------------------------------------------------------------------------- */

static void answer(struct connection *c, const uint8_t *message, size_t size)
{
    struct tcp *tcp = c->tcp;
    size_t length =
        respond(publication_take(tcp->publication), &c->client, message, size, tcp->output + LENGTH_SIZE);
    if (length == 0) { /* nobody who speaks DNS sends such a thing */
        close_connection(c);
        return;
    }
    wire_store16(tcp->output, (unsigned)length);
    touch(c);
    send_answer(c, tcp->output, LENGTH_SIZE + length);
}

/* Answers every message that is complete, keeps the rest. */
static void answer_all(struct connection *c)
{
    size_t at = 0;
    c->client.now_ms = clock_wall_ms();
    while (!c->closing && c->held - at >= LENGTH_SIZE) {
        size_t size = wire_load16(c->input + at);
        if (c->held - at - LENGTH_SIZE < size)
            break;
        answer(c, c->input + at + LENGTH_SIZE, size);
        at += LENGTH_SIZE + size;
    }
    c->held -= at;
    if (at > 0 && c->held > 0)
        memmove(c->input, c->input + at, c->held);
}

static void on_room_wanted(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
    struct connection *c = handle->data;
    (void)suggested;
    *room = uv_buf_init((char *)c->input + c->held, (unsigned)(sizeof c->input - c->held));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *room)
{
    struct connection *c = stream->data;
    (void)room;
    if (count < 0) {
        close_connection(c);
        return;
    }
    c->held += (size_t)count;
    answer_all(c);
}

/* --- accepting ------------------------------------------------------------------------------------------- */

static bool find_peer(struct connection *c)
{
    struct sockaddr_storage name;
    struct endpoint peer;
    int size = sizeof name;
    if (uv_tcp_getpeername(&c->handle, (struct sockaddr *)&name, &size) < 0 ||
        !endpoint_from_sockaddr((struct sockaddr *)&name, &peer))
        return false;
    c->client = (struct respond_client){.addr = peer.addr, .tcp = true, .idle_ms = TCP_IDLE_MS};
    return true;
}

static void on_connection(uv_stream_t *server, int status)
{
    struct tcp *tcp = server->data;
    if (status < 0) {
        log_line(tcp->log, LOG_WARNING, "TCP client not accepted: %s", uv_strerror(status));
        return;
    }
    if (tcp->connections >= TCP_CONNECTIONS_MAX)
        close_connection(tcp->oldest);
    struct connection *c = malloc(sizeof *c); /* not zeroed: 64 KiB of it is input */
    if (c == NULL)
        return;
    c->tcp = tcp;
    c->closing = false;
    c->held = 0;
    c->active_ms = uv_now(tcp->loop);
    uv_tcp_init(tcp->loop, &c->handle);
    c->handle.data = c;
    tcp->handles++;
    tcp->connections++;
    link_newest(c);
    if (uv_accept(server, (uv_stream_t *)&c->handle) < 0 || !find_peer(c) ||
        uv_read_start((uv_stream_t *)&c->handle, on_room_wanted, on_read) < 0)
        close_connection(c);
}

static int listen_on(struct tcp *tcp, struct listener *listener, int *socket)
{
    uv_tcp_init(tcp->loop, &listener->handle);
    listener->tcp = tcp;
    listener->handle.data = tcp;
    tcp->handles++;
    int status = uv_tcp_open(&listener->handle, *socket);
    if (status < 0)
        return status;
    *socket = -1; /* the handle's from here on */
    return uv_listen((uv_stream_t *)&listener->handle, BACKLOG, on_connection);
}

struct tcp *tcp_start(void *loop, struct listen_sockets *sockets, const struct publication *publication,
                      const struct log *log, struct err *err)
{
    struct tcp *tcp = mem_alloc(sizeof *tcp);
    tcp->loop = loop;
    tcp->publication = publication;
    tcp->log = log;
    tcp->listeners = mem_alloc(sockets->addresses * sizeof *tcp->listeners);
    uv_timer_init(tcp->loop, &tcp->sweep);
    tcp->sweep.data = tcp;
    tcp->handles = 1;
    int status = uv_timer_start(&tcp->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
    for (size_t i = 0; i < sockets->addresses && status >= 0; i++) {
        tcp->listener_count++;
        status = listen_on(tcp, &tcp->listeners[i], &sockets->tcp[i]);
    }
    if (status >= 0)
        return tcp;
    err_add(err, ERR_ERROR, (struct err_place){0}, "cannot listen for TCP clients: %s", uv_strerror(status));
    tcp_stop(tcp);
    return NULL;
}

void tcp_stop(struct tcp *tcp)
{
    while (tcp->oldest != NULL)
        close_connection(tcp->oldest);
    for (size_t i = 0; i < tcp->listener_count; i++)
        uv_close((uv_handle_t *)&tcp->listeners[i].handle, on_handle_closed);
    uv_close((uv_handle_t *)&tcp->sweep, on_handle_closed);
}
