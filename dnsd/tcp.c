// SPDX-License-Identifier: MIT
#include "dnsd/tcp.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/wire.h"
#include "dnsd/respond.h"
#include "dnsd/tcp_clients.h"
#include "dnsd/tcp_stream.h"

enum {
    BACKLOG = 4096, /* the kernel caps it at net.core.somaxconn */
    ACCEPTS_PER_TURN = 32,
    SWEEP_MS = 250,
    SHORTAGE_LOG_MS = 60000,
    UNACKED_MS =
        10000,       /* a client that has vanished, or whose window stays shut, is forgotten by the kernel */
    SEND_AT = 16384, /* octets of answers that are sent in one piece */
};

struct connection {
    struct tcp_client place; /* first: a place is its connection */
    uv_poll_t poll;
    int events; /* polled for */
    bool finished, closing;
    struct tcp *tcp;
    struct tcp_stream stream;
    size_t memory; /* the stream's, as counted in tcp->memory */
    struct respond_client client;
};

struct listener {
    uv_poll_t poll;
    struct tcp *tcp;
    struct listener *next;
    int fd;
    bool is_new; /* within tcp_listen() */
};

struct tcp {
    uv_loop_t *loop;
    const struct publication *publication;
    const struct log *log;
    struct config_tcp limits;
    uv_timer_t sweep;
    struct listener *listeners;
    struct tcp_clients *clients;
    size_t memory;  /* of all streams */
    size_t handles; /* not yet closed */
    bool stopping;
    bool paused; /* no descriptor was left: the listeners wait for the next sweep */
    uint64_t stop_ms, next_shortage_log_ms;
    uint8_t output[SEND_AT + TCP_STREAM_LENGTH + RESPOND_TCP_MAX];
};

/* --- closing --------------------------------------------------------------------------------------------- */

static void release(struct tcp *tcp)
{
    if (--tcp->handles > 0)
        return;
    tcp_clients_free(tcp->clients);
    free(tcp);
}

static void on_connection_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    struct tcp *tcp = c->tcp;
    free(c);
    release(tcp);
}

static void on_listener_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;
    release(listener->tcp);
    free(listener);
}

static void on_sweep_closed(uv_handle_t *handle)
{
    release(handle->data);
}

static void close_sweep_when_done(struct tcp *tcp)
{
    if (tcp->stopping && tcp_clients_count(tcp->clients) == 0 && !uv_is_closing((uv_handle_t *)&tcp->sweep))
        uv_close((uv_handle_t *)&tcp->sweep, on_sweep_closed);
}

/* The kernel must not go on for minutes to offer a client what it does not read. */
static void forget_unsent(int fd)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

static void close_connection(struct connection *c)
{
    struct tcp *tcp = c->tcp;
    if (c->closing)
        return;
    c->closing = true;
    int fd = c->stream.fd;
    if (tcp_stream_is_blocked(&c->stream))
        forget_unsent(fd);
    tcp->memory -= c->memory;
    tcp_stream_free(&c->stream);
    tcp_clients_remove(tcp->clients, &c->place);
    uv_close((uv_handle_t *)&c->poll, on_connection_closed);
    close(fd);
    close_sweep_when_done(tcp);
}

static struct connection *connection_of(struct tcp_client *place)
{
    return (struct connection *)place;
}

/* --- answering ------------------------------------------------------------------------------------------- */

static void touch(struct connection *c)
{
    tcp_clients_touch(c->tcp->clients, &c->place, uv_now(c->tcp->loop));
}

static void send_answers(struct connection *c, size_t size)
{
    if (size > 0 && tcp_stream_send(&c->stream, c->tcp->output, size) == TCP_STREAM_BROKEN)
        close_connection(c);
}

/* The answer behind its length, in `out`; the octets written, 0 if there is none. */
static size_t answer(const struct connection *c, const uint8_t *message, size_t size, uint8_t *out)
{
    const struct serving *serving = publication_take(c->tcp->publication);
    size_t length = respond(serving, &c->client, message, size, out + TCP_STREAM_LENGTH);
    if (length == 0)
        return 0;
    wire_store16(out, (unsigned)length);
    return TCP_STREAM_LENGTH + length;
}

/* Answers the messages that are complete, until the client is behind with reading. */
static void answer_all(struct connection *c)
{
    const uint8_t *message;
    size_t size, written = 0;
    c->client.now_ms = clock_wall_ms();
    c->client.idle_ms = c->tcp->limits.idle_ms; /* what edns-tcp-keepalive promises, RFC 7828 */
    while (!c->closing && !tcp_stream_is_blocked(&c->stream) &&
           tcp_stream_next(&c->stream, &message, &size)) {
        size_t added = answer(c, message, size, c->tcp->output + written);
        if (added == 0) { /* nobody who speaks DNS sends such a thing: it gets what it has, and no more */
            tcp_stream_discard(&c->stream);
            c->finished = true;
            break;
        }
        touch(c);
        written += added;
        if (written >= SEND_AT) {
            send_answers(c, written);
            written = 0;
        }
    }
    if (!c->closing)
        send_answers(c, written);
    if (!c->closing)
        tcp_stream_settle(&c->stream);
}

/* --- the turn of a connection ---------------------------------------------------------------------------- */

static void on_event(uv_poll_t *poll, int status, int events);

/* Waits for what is needed next: room to send, or else queries. */
static void wait_for_turn(struct connection *c)
{
    int wanted = tcp_stream_is_blocked(&c->stream) ? UV_WRITABLE : UV_READABLE;
    if (wanted == UV_READABLE && c->finished) {
        close_connection(c); /* all that it asked is answered */
        return;
    }
    if (wanted == c->events)
        return;
    c->events = wanted;
    if (uv_poll_start(&c->poll, wanted, on_event) < 0)
        close_connection(c);
}

static void receive(struct connection *c)
{
    enum tcp_stream_outcome outcome = tcp_stream_receive(&c->stream);
    if (outcome == TCP_STREAM_END)
        c->finished = true;
    else if (outcome == TCP_STREAM_BROKEN)
        close_connection(c);
}

static void take_turn(struct connection *c, int events)
{
    if (tcp_stream_is_blocked(&c->stream)) {
        enum tcp_stream_outcome outcome = tcp_stream_flush(&c->stream);
        if (outcome == TCP_STREAM_BROKEN)
            close_connection(c);
        else if (outcome == TCP_STREAM_MORE)
            touch(c); /* it has read: not idle */
    } else if (events & UV_READABLE) {
        receive(c);
    }
    if (!c->closing)
        answer_all(c);
    if (!c->closing)
        wait_for_turn(c);
}

/* Who holds buffers and has been idle longest pays for `active`. */
static void free_memory(struct tcp *tcp, const struct connection *active)
{
    struct tcp_client *place = tcp_clients_idlest(tcp->clients);
    while (tcp->memory > TCP_MEMORY_MAX && place != NULL) {
        struct connection *c = connection_of(place);
        place = place->at[TCP_ORDER_ALL].newer;
        if (c != active && c->memory > 0)
            close_connection(c);
    }
}

static void count_memory(struct connection *c)
{
    size_t memory = tcp_stream_memory(&c->stream);
    c->tcp->memory += memory - c->memory;
    c->memory = memory;
    if (c->tcp->memory > TCP_MEMORY_MAX)
        free_memory(c->tcp, c);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    struct connection *c = poll->data;
    if (status < 0) {
        close_connection(c);
        return;
    }
    take_turn(c, events);
    if (!c->closing)
        count_memory(c);
}

/* --- accepting ------------------------------------------------------------------------------------------- */

static void make_room(struct tcp *tcp, const struct addr *addr)
{
    struct tcp_client *place;
    while ((place = tcp_clients_in_the_way(tcp->clients, addr, tcp->limits.clients_per_address,
                                           tcp->limits.clients)) != NULL)
        close_connection(connection_of(place));
}

static void welcome(struct tcp *tcp, int fd, const struct addr *addr)
{
    make_room(tcp, addr);
    struct connection *c = mem_alloc(sizeof *c);
    c->tcp = tcp;
    c->client = (struct respond_client){.addr = *addr, .tcp = true};
    tcp_stream_init(&c->stream, fd);
    if (uv_poll_init(tcp->loop, &c->poll, fd) < 0) {
        close(fd);
        free(c);
        return;
    }
    c->poll.data = c;
    tcp->handles++;
    tcp_clients_add(tcp->clients, &c->place, addr, uv_now(tcp->loop));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)); /* answers leave in whole batches */
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &(unsigned){UNACKED_MS}, sizeof(unsigned));
    wait_for_turn(c);
}

/* No descriptor or memory for one more client: the idlest goes. Without any the listeners rest, for their
 * queue stays readable and the loop would spin. Whether to try again. */
static bool relieve(struct tcp *tcp, int reason)
{
    uint64_t now = uv_now(tcp->loop);
    if (now >= tcp->next_shortage_log_ms) {
        tcp->next_shortage_log_ms = now + SHORTAGE_LOG_MS;
        log_line(
            tcp->log, LOG_WARNING,
            "TCP clients cannot be accepted: %s; the idlest of %zu connections are closed instead: raise "
            "the limit of open files (LimitNOFILE=) or lower server.tcp.clients",
            strerror(reason), tcp_clients_count(tcp->clients));
    }
    struct tcp_client *idlest = tcp_clients_idlest(tcp->clients);
    if (idlest != NULL) {
        close_connection(connection_of(idlest));
        return true;
    }
    tcp->paused = true;
    for (struct listener *l = tcp->listeners; l != NULL; l = l->next)
        uv_poll_stop(&l->poll);
    return false;
}

/* False when nobody else is waiting. */
static bool accept_one(struct tcp *tcp, int listening)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    struct endpoint peer;
    int fd = accept4(listening, (struct sockaddr *)&name, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        if (endpoint_from_sockaddr((struct sockaddr *)&name, &peer))
            welcome(tcp, fd, &peer.addr);
        else
            close(fd);
        return true;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return false;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        return relieve(tcp, errno);
    return errno == EINTR || errno == ECONNABORTED || errno == EPROTO || errno == EPERM;
}

static void on_connecting(uv_poll_t *poll, int status, int events)
{
    const struct listener *listener = poll->data;
    (void)status; /* accept4() says what it is */
    (void)events;
    for (unsigned i = 0; i < ACCEPTS_PER_TURN && accept_one(listener->tcp, listener->fd); i++)
        ;
}

static void poll_listeners(struct tcp *tcp)
{
    for (struct listener *l = tcp->listeners; l != NULL; l = l->next)
        uv_poll_start(&l->poll, UV_READABLE, on_connecting);
}

/* --- time ------------------------------------------------------------------------------------------------ */

static void on_sweep(uv_timer_t *timer)
{
    struct tcp *tcp = timer->data;
    uint64_t now = uv_now(tcp->loop);
    struct tcp_client *place;
    while ((place = tcp_clients_idlest(tcp->clients)) != NULL &&
           (now - place->active_ms >= tcp->limits.idle_ms || (tcp->stopping && now >= tcp->stop_ms)))
        close_connection(connection_of(place));
    if (tcp->paused && !tcp->stopping) {
        tcp->paused = false;
        poll_listeners(tcp);
    }
}

void tcp_set_limits(struct tcp *tcp, const struct config_tcp *limits)
{
    tcp->limits = *limits;
    while (tcp_clients_count(tcp->clients) > limits->clients)
        close_connection(connection_of(tcp_clients_idlest(tcp->clients)));
}

/* --- start and stop -------------------------------------------------------------------------------------- */

static struct listener *find_listener(const struct tcp *tcp, int fd)
{
    struct listener *l = tcp->listeners;
    while (l != NULL && l->fd != fd)
        l = l->next;
    return l;
}

static bool is_among(const struct listen_sockets *sockets, int fd)
{
    size_t a = 0;
    while (a < sockets->addresses && sockets->tcp[a] != fd)
        a++;
    return a < sockets->addresses;
}

static int listen_on(struct tcp *tcp, int fd)
{
    if (listen(fd, BACKLOG) != 0)
        return -errno;
    struct listener *listener = mem_alloc(sizeof *listener);
    int status = uv_poll_init(tcp->loop, &listener->poll, fd);
    if (status < 0) {
        free(listener);
        return status;
    }
    listener->tcp = tcp;
    listener->fd = fd;
    listener->poll.data = listener;
    listener->is_new = true;
    listener->next = tcp->listeners;
    tcp->listeners = listener;
    tcp->handles++;
    return 0;
}

/* Who has connected there is still let in. */
static void close_listener(struct listener *listener)
{
    struct tcp *tcp = listener->tcp;
    for (unsigned n = 0; n < BACKLOG && accept_one(tcp, listener->fd); n++)
        ;
    struct listener **at = &tcp->listeners;
    while (*at != listener)
        at = &(*at)->next;
    *at = listener->next;
    uv_close((uv_handle_t *)&listener->poll, on_listener_closed);
}

/* All are opened before one is closed; on failure the new ones go instead of the old. */
bool tcp_listen(struct tcp *tcp, const struct listen_sockets *sockets, struct err *err)
{
    struct listener *next;
    int status = 0;
    for (size_t i = 0; i < sockets->addresses && status >= 0; i++)
        if (find_listener(tcp, sockets->tcp[i]) == NULL)
            status = listen_on(tcp, sockets->tcp[i]);
    for (struct listener *l = tcp->listeners; l != NULL; l = next) {
        next = l->next;
        if (status < 0 ? l->is_new : !is_among(sockets, l->fd))
            close_listener(l);
        else
            l->is_new = false;
    }
    poll_listeners(tcp);
    if (status < 0)
        err_add(err, ERR_ERROR, (struct err_place){0}, "cannot listen for TCP clients: %s",
                uv_strerror(status));
    return status >= 0;
}

static uint64_t random_seed(void)
{
    uint64_t seed = 0;
    ssize_t count = getrandom(&seed, sizeof seed, 0);
    (void)count; /* so few octets always come at once (getrandom(2)) */
    return seed;
}

struct tcp *tcp_start(void *loop, const struct listen_sockets *sockets, const struct config_tcp *limits,
                      const struct publication *publication, const struct log *log, struct err *err)
{
    struct tcp *tcp = mem_alloc(sizeof *tcp);
    tcp->loop = loop;
    tcp->publication = publication;
    tcp->log = log;
    tcp->limits = *limits;
    tcp->clients = tcp_clients_create(random_seed());
    uv_timer_init(tcp->loop, &tcp->sweep);
    tcp->sweep.data = tcp;
    tcp->handles = 1;
    uv_timer_start(&tcp->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
    if (tcp_listen(tcp, sockets, err))
        return tcp;
    tcp_stop(tcp);
    return NULL;
}

void tcp_stop(struct tcp *tcp)
{
    while (tcp->listeners != NULL)
        close_listener(tcp->listeners);
    tcp->stopping = true;
    uv_update_time(tcp->loop);
    tcp->stop_ms = uv_now(tcp->loop) + TCP_STOP_MS;
    /* What has arrived is still received, then the stream ends as if the client had ended it. */
    for (struct tcp_client *place = tcp_clients_idlest(tcp->clients); place != NULL;
         place = place->at[TCP_ORDER_ALL].newer)
        shutdown(connection_of(place)->stream.fd, SHUT_RD);
    close_sweep_when_done(tcp);
}
