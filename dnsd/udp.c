// SPDX-License-Identifier: MIT
#include "dnsd/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "dnsd/respond.h"

enum {
    BATCH = 32,            /* datagrams per system call */
    QUERY_ROOM = 1536,     /* a longer query is no query of this world: it is dropped */
    BATCHES_PER_WAKE = 16, /* of one socket, before the others and the stop event get their turn */
    BATCHES_AT_STOP = 64,  /* of each socket, what was received before the end */
    CONTROL_ROOM = CMSG_SPACE(sizeof(struct in6_pktinfo)),
};

/* What recvmmsg fills and sendmmsg empties. */
struct batch {
    struct mmsghdr in[BATCH], out[BATCH];
    struct iovec in_io[BATCH], out_io[BATCH];
    struct sockaddr_storage peers[BATCH];
    _Alignas(struct cmsghdr) uint8_t control[BATCH][CONTROL_ROOM];
    uint8_t queries[BATCH][QUERY_ROOM];
    uint8_t answers[BATCH][RESPOND_UDP_MAX];
};

struct worker {
    struct udp *udp;
    const int *sockets; /* one for each listen address */
    pthread_t thread;
    bool running;
    struct pollfd *wait; /* the sockets, then the stop event */
    struct batch batch;
};

struct udp {
    const struct publication *publication;
    size_t addresses, count;
    int stop_event; /* readable for ever once it is time to stop */
    struct worker *workers;
};

static void prepare(struct batch *b)
{
    for (size_t i = 0; i < BATCH; i++) {
        b->in_io[i] = (struct iovec){b->queries[i], QUERY_ROOM};
        b->in[i].msg_hdr = (struct msghdr){
            .msg_name = &b->peers[i],
            .msg_namelen = sizeof b->peers[i],
            .msg_iov = &b->in_io[i],
            .msg_iovlen = 1,
            .msg_control = b->control[i],
            .msg_controllen = CONTROL_ROOM,
        };
    }
}

/* The kernel wrote over these while it received. */
static void reset(struct batch *b, size_t used)
{
    for (size_t i = 0; i < used; i++) {
        b->in[i].msg_hdr.msg_namelen = sizeof b->peers[i];
        b->in[i].msg_hdr.msg_controllen = CONTROL_ROOM;
        b->in[i].msg_hdr.msg_flags = 0;
    }
}

/* The packet info that came with a query names the local address it was sent to; sent back, it becomes the
 * source of the reply. The interface must not stick: the way back is for routing to decide, but for
 * link-local addresses. */
static void release_interface(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            ((struct in_pktinfo *)CMSG_DATA(c))->ipi_ifindex = 0;
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo *info = (struct in6_pktinfo *)CMSG_DATA(c);
            if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
                info->ipi6_ifindex = 0;
        }
    }
}

/* The local address a query was sent to, if its packet info says so. */
static struct addr destination(struct msghdr *message)
{
    struct addr addr = {0};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            addr.family = ADDR_V4;
            memcpy(addr.octets, &((struct in_pktinfo *)CMSG_DATA(c))->ipi_addr, 4);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            addr.family = ADDR_V6;
            memcpy(addr.octets, &((struct in6_pktinfo *)CMSG_DATA(c))->ipi6_addr, 16);
        }
    }
    return addr;
}

/* Answers query i into slot `o` of the outgoing messages; false if there is nothing to send. */
static bool answer(struct batch *b, const struct serving *serving, uint64_t now_ms, size_t i, size_t o)
{
    struct msghdr *in = &b->in[i].msg_hdr;
    struct endpoint peer;
    if ((in->msg_flags & MSG_TRUNC) || !endpoint_from_sockaddr((struct sockaddr *)&b->peers[i], &peer) ||
        peer.port == 0)
        return false;
    const struct config_server *server = &serving->snapshot->config->server;
    struct addr sent_to = destination(in);
    if (listen_is_own(server->listen, server->listen_count, &peer, &sent_to))
        return false;
    struct respond_client client = {.addr = peer.addr, .now_ms = now_ms};
    size_t size = respond(serving, &client, b->queries[i], b->in[i].msg_len, b->answers[o]);
    if (size == 0)
        return false;
    if (in->msg_controllen > 0)
        release_interface(in);
    b->out_io[o] = (struct iovec){b->answers[o], size};
    b->out[o].msg_hdr = *in;
    b->out[o].msg_hdr.msg_iov = &b->out_io[o];
    b->out[o].msg_hdr.msg_flags = 0;
    return true;
}

/* A datagram that cannot be sent (no route, a full buffer) is lost like any other; the rest still goes. */
static void send_all(int socket, struct mmsghdr *out, size_t count)
{
    while (count > 0) {
        int sent = sendmmsg(socket, out, (unsigned)count, 0);
        if (sent < 0 && errno == EINTR)
            continue;
        size_t done = sent > 0 ? (size_t)sent : 1;
        out += done;
        count -= done;
    }
}

/* Up to one batch from one socket; false if it was empty. */
static bool serve(struct worker *w, int socket)
{
    struct batch *b = &w->batch;
    int received = recvmmsg(socket, b->in, BATCH, MSG_DONTWAIT, NULL);
    if (received <= 0)
        return false;
    const struct serving *serving = publication_take(w->udp->publication);
    uint64_t now_ms = clock_wall_ms();
    size_t out = 0;
    for (size_t i = 0; i < (size_t)received; i++)
        out += answer(b, serving, now_ms, i, out);
    send_all(socket, b->out, out);
    reset(b, (size_t)received);
    publication_quiesce();
    return true;
}

/* Sleeps until a socket or the stop event is readable. */
static bool wait_for_queries(struct worker *w)
{
    size_t addresses = w->udp->addresses;
    publication_sleep();
    int ready = poll(w->wait, addresses + 1, -1);
    publication_wake();
    return ready < 0 || w->wait[addresses].revents == 0;
}

static void drain(struct worker *w, int socket, unsigned batches)
{
    while (batches > 0 && serve(w, socket))
        batches--;
}

static void *run(void *argument)
{
    struct worker *w = argument;
    publication_register();
    while (wait_for_queries(w))
        for (size_t a = 0; a < w->udp->addresses; a++)
            if (w->wait[a].revents != 0)
                drain(w, w->sockets[a], BATCHES_PER_WAKE);
    for (size_t a = 0; a < w->udp->addresses; a++)
        drain(w, w->sockets[a], BATCHES_AT_STOP);
    publication_unregister();
    return NULL;
}

static void prepare_worker(struct udp *udp, struct worker *w, const int *sockets)
{
    w->udp = udp;
    w->sockets = sockets;
    w->wait = mem_resize(NULL, udp->addresses + 1, sizeof *w->wait);
    for (size_t a = 0; a < udp->addresses; a++)
        w->wait[a] = (struct pollfd){sockets[a], POLLIN, 0};
    w->wait[udp->addresses] = (struct pollfd){udp->stop_event, POLLIN, 0};
    prepare(&w->batch);
}

struct udp *udp_start(const struct listen_sockets *sockets, const struct publication *publication,
                      struct err *err)
{
    struct udp *udp = mem_alloc(sizeof *udp);
    udp->publication = publication;
    udp->addresses = sockets->addresses;
    udp->count = sockets->threads;
    udp->stop_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    udp->workers = mem_alloc(udp->count * sizeof *udp->workers);
    int reason = udp->stop_event < 0 ? errno : 0;
    for (size_t t = 0; t < udp->count && reason == 0; t++) {
        struct worker *w = &udp->workers[t];
        prepare_worker(udp, w, sockets->udp + t * sockets->addresses);
        reason = pthread_create(&w->thread, NULL, run, w);
        w->running = reason == 0;
    }
    if (reason == 0)
        return udp;
    err_add(err, ERR_ERROR, (struct err_place){0}, "cannot start %zu UDP threads: %s", udp->count,
            strerror(reason));
    udp_stop(udp);
    return NULL;
}

void udp_stop(struct udp *udp)
{
    ssize_t written = write(udp->stop_event, &(uint64_t){1}, sizeof(uint64_t));
    (void)written; /* an eventfd takes its first write */
    for (size_t t = 0; t < udp->count; t++) {
        if (udp->workers[t].running)
            pthread_join(udp->workers[t].thread, NULL);
        free(udp->workers[t].wait);
    }
    free(udp->workers);
    close(udp->stop_event);
    free(udp);
}
