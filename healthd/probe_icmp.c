// SPDX-License-Identifier: MIT
/*
 * ICMP probes: an echo request (RFC 792, RFC 4443 section 4.1) and its reply.
 *
 * One socket per family for all probes, opened when the first one needs it: a ping socket, which every user may
 * have whom net.ipv4.ping_group_range allows, else a raw one, which takes CAP_NET_RAW. The sequence number finds the
 * probe that waits; the payload, random for every request, proves that the reply belongs to it.
 */
#include "healthd/probe.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/base/mem.h"
#include "core/base/wire.h"

#define HEADER_SIZE    8
#define PAYLOAD_SIZE   56 /* as ping(8) */
#define MESSAGE_SIZE   (HEADER_SIZE + PAYLOAD_SIZE)
#define DATAGRAM_MAX   2048
#define SEQUENCES      65536 /* requests under way at once, per family */
#define RECEIVE_BATCH  64    /* datagrams taken before other events get their turn */
#define RECEIVE_BUFFER (1 << 20)
#define FAMILIES       2

struct channel {
    int fd; /* -1: not open */
    bool raw;
    uint16_t id; /* of raw requests; the kernel chooses that of others */
    uint16_t next;
    uv_poll_t *poll;
    struct probe **waiting; /* by sequence number */
};

struct probe_engine {
    uv_loop_t *loop;
    struct channel channels[FAMILIES]; /* IPv4, IPv6 */
    uint64_t seed, requests;           /* nobody else knows the seed */
};

struct probe {
    struct probe_engine *engine;
    struct channel *channel;
    probe_done *done;
    void *context;
    struct endpoint endpoint;
    uint32_t timeout_ms;
    uv_timer_t *timer; /* freed when libuv has closed it */

    bool under_way;
    uint16_t sequence;
    uint64_t nonce; /* what the payload is made from; a new one for every request */
    uint64_t started_ms;
    struct probe_result failed; /* if the request could not be sent */
};

/* --- messages -------------------------------------------------------------------------------------------- */

/* RFC 1071 */
static uint16_t checksum(const uint8_t *octets, size_t size)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i += 2)
        sum += wire_load16(octets + i);
    sum = (sum >> 16) + (sum & 0xffff);
    sum += sum >> 16;
    return (uint16_t)~sum;
}

static void write_payload(uint64_t nonce, uint8_t out[PAYLOAD_SIZE])
{
    for (size_t i = 0; i < PAYLOAD_SIZE; i += sizeof nonce) {
        memcpy(out + i, &nonce, sizeof nonce);
        nonce = hash_mix(nonce, i);
    }
}

static void write_request(const struct probe *probe, uint8_t out[MESSAGE_SIZE])
{
    bool v4 = probe->endpoint.addr.family == ADDR_V4;
    memset(out, 0, HEADER_SIZE);
    out[0] = v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    wire_store16(out + 4, probe->channel->id);
    wire_store16(out + 6, probe->sequence);
    write_payload(probe->nonce, out + HEADER_SIZE);
    if (v4) /* that of ICMPv6 covers addresses: the kernel fills it in */
        wire_store16(out + 2, checksum(out, MESSAGE_SIZE));
}

/* Behind the IPv4 header that a raw socket delivers. */
static const uint8_t *skip_ip(const uint8_t *octets, size_t *size)
{
    const size_t word = 4, least = 5 * word; /* RFC 791 section 3.1: IHL */
    size_t length = *size ? (octets[0] & 0x0fu) * word : 0;
    if (length < least || length > *size)
        return NULL;
    *size -= length;
    return octets + length;
}

/* The probe that the message answers, or NULL. */
static struct probe *find_waiting(const struct channel *channel, bool v4, const uint8_t *octets, size_t size,
                                  const struct endpoint *from)
{
    uint8_t payload[PAYLOAD_SIZE];
    if (v4 && channel->raw)
        octets = skip_ip(octets, &size);
    if (!octets || size != MESSAGE_SIZE || octets[0] != (v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY))
        return NULL;
    if (channel->raw && wire_load16(octets + 4) != channel->id)
        return NULL;
    struct probe *probe = channel->waiting[wire_load16(octets + 6)];
    if (!probe || !addr_equal(&probe->endpoint.addr, &from->addr))
        return NULL;
    write_payload(probe->nonce, payload);
    return memcmp(payload, octets + HEADER_SIZE, PAYLOAD_SIZE) == 0 ? probe : NULL;
}

/* --- the sockets ----------------------------------------------------------------------------------------- */

static void conclude(struct probe *probe, struct probe_result *result);

/* False when nothing is left to receive. */
static bool receive(struct channel *channel, bool v4)
{
    uint8_t octets[DATAGRAM_MAX];
    struct sockaddr_storage address;
    struct endpoint from;
    socklen_t length = sizeof address;
    ssize_t size = recvfrom(channel->fd, octets, sizeof octets, 0, (struct sockaddr *)&address, &length);
    if (size < 0)
        return errno == EINTR;
    if (!endpoint_from_sockaddr((const struct sockaddr *)&address, &from))
        return true;
    struct probe *probe = find_waiting(channel, v4, octets, (size_t)size, &from);
    struct probe_result pass = {.outcome = PROBE_PASS};
    if (probe)
        conclude(probe, &pass);
    return true;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct probe_engine *engine = poll->data;
    bool v4 = poll == engine->channels[0].poll;
    (void)status;
    (void)events;
    for (unsigned i = 0; i < RECEIVE_BATCH && receive(&engine->channels[v4 ? 0 : 1], v4); i++)
        ;
}

/* Replies only: a raw socket would see all ICMP traffic of this machine. */
static void filter_replies(int fd, bool v4)
{
    const struct icmp_filter blocked = {.data = ~(1u << ICMP_ECHOREPLY)};
    struct icmp6_filter passed;
    ICMP6_FILTER_SETBLOCKALL(&passed);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &passed);
    if (v4)
        (void)setsockopt(fd, SOL_RAW, ICMP_FILTER, &blocked, sizeof blocked);
    else
        (void)setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &passed, sizeof passed);
}

static int open_socket(bool v4, bool *raw)
{
    const int family = v4 ? AF_INET : AF_INET6, protocol = v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    const int flags = SOCK_CLOEXEC | SOCK_NONBLOCK, size = RECEIVE_BUFFER;
    int fd = socket(family, SOCK_DGRAM | flags, protocol);
    *raw = fd < 0 && errno == EACCES;
    if (*raw)
        fd = socket(family, SOCK_RAW | flags, protocol);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (*raw)
        filter_replies(fd, v4);
    return fd;
}

/* False with errno. */
static bool open_channel(struct probe_engine *engine, struct channel *channel)
{
    if (channel->fd >= 0)
        return true;
    int fd = open_socket(channel == &engine->channels[0], &channel->raw);
    if (fd < 0)
        return false;
    uv_poll_t *poll = mem_alloc(sizeof *poll);
    int failed = uv_poll_init(engine->loop, poll, fd);
    if (failed) {
        free(poll);
        (void)close(fd);
        errno = -failed;
        return false;
    }
    poll->data = engine;
    uv_poll_start(poll, UV_READABLE, on_readable);
    channel->fd = fd;
    channel->poll = poll;
    channel->id = (uint16_t)engine->seed;
    channel->waiting = mem_alloc(SEQUENCES * sizeof(struct probe *));
    return true;
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

static void close_channel(struct channel *channel)
{
    if (channel->fd < 0)
        return;
    uv_close((uv_handle_t *)channel->poll, on_poll_closed);
    (void)close(channel->fd);
    free(channel->waiting);
}

/* --- one request ----------------------------------------------------------------------------------------- */

static void end_request(struct probe *probe)
{
    if (!probe->under_way)
        return;
    probe->under_way = false;
    uv_timer_stop(probe->timer);
    if (probe->channel->fd >= 0 && probe->channel->waiting[probe->sequence] == probe)
        probe->channel->waiting[probe->sequence] = NULL;
}

static void conclude(struct probe *probe, struct probe_result *result)
{
    result->latency_ms = (uint32_t)(clock_monotonic_ms() - probe->started_ms);
    end_request(probe);
    probe->done(probe->context, result);
}

static void on_timeout(uv_timer_t *timer)
{
    struct probe *probe = timer->data;
    struct probe_result result;
    probe_fail(&result, "timeout after %ums, no echo reply", probe->timeout_ms);
    conclude(probe, &result);
}

/* What start() found out has to come from the loop. */
static void on_failed(uv_timer_t *timer)
{
    struct probe *probe = timer->data;
    struct probe_result result = probe->failed;
    conclude(probe, &result);
}

/* False if all are in use. */
static bool take_sequence(struct channel *channel, struct probe *probe)
{
    for (unsigned i = 0; i < SEQUENCES; i++) {
        uint16_t sequence = channel->next++;
        if (channel->waiting[sequence])
            continue;
        channel->waiting[sequence] = probe;
        probe->sequence = sequence;
        return true;
    }
    return false;
}

static bool send_request(struct probe *probe)
{
    uint8_t message[MESSAGE_SIZE];
    struct sockaddr_storage to;
    struct endpoint peer = {probe->endpoint.addr, 0}; /* a raw IPv6 socket refuses a port */
    if (!open_channel(probe->engine, probe->channel)) {
        if (errno == EACCES || errno == EPERM)
            probe_undone(&probe->failed,
                         "healthd may not ping: its group is not in net.ipv4.ping_group_range, and it has no "
                         "CAP_NET_RAW");
        else
            probe_undone(&probe->failed, "no socket to ping with: %s", strerror(errno));
        return false;
    }
    if (!take_sequence(probe->channel, probe)) {
        probe_undone(&probe->failed, "more than %d echo requests under way", SEQUENCES);
        return false;
    }
    probe->nonce = hash_mix(probe->engine->seed, ++probe->engine->requests);
    write_request(probe, message);
    socklen_t size = endpoint_to_sockaddr(&peer, &to);
    if (sendto(probe->channel->fd, message, sizeof message, 0, (struct sockaddr *)&to, size) >= 0)
        return true;
    probe_fail_errno(&probe->failed, errno);
    return false;
}

static bool start(struct probe *probe)
{
    assert(!probe->under_way);
    probe->under_way = true;
    probe->started_ms = clock_monotonic_ms();
    bool sent = send_request(probe);
    uv_update_time(probe->engine->loop);
    uv_timer_start(probe->timer, sent ? on_timeout : on_failed, sent ? probe->timeout_ms : 0, 0);
    return true;
}

/* --- the probe ------------------------------------------------------------------------------------------- */

static struct probe_engine *engine_create(struct uv_loop_s *loop, struct err *err)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed) {
        err_add(err, ERR_ERROR, (struct err_place){NULL, 0, 0}, "no random numbers for ICMP probes: %s",
                strerror(errno));
        return NULL;
    }
    struct probe_engine *engine = mem_alloc(sizeof *engine);
    *engine = (struct probe_engine){.loop = loop, .seed = seed};
    engine->channels[0].fd = engine->channels[1].fd = -1;
    return engine;
}

static void engine_free(struct probe_engine *engine)
{
    for (size_t i = 0; engine && i < FAMILIES; i++)
        close_channel(&engine->channels[i]);
    free(engine);
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle);
}

static struct probe *create(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context)
{
    struct probe *probe = mem_alloc(sizeof *probe);
    *probe = (struct probe){.engine = engine, .done = done, .context = context, .endpoint = *endpoint};
    probe->channel = &engine->channels[endpoint->addr.family == ADDR_V4 ? 0 : 1];
    probe->timeout_ms = check->timeout_ms;
    probe->timer = mem_alloc(sizeof *probe->timer);
    uv_timer_init(engine->loop, probe->timer);
    probe->timer->data = probe;
    return probe;
}

static void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    end_request(probe);
    uv_close((uv_handle_t *)probe->timer, on_timer_closed);
    free(probe);
}

const struct probe_kind probe_icmp = {
    .engine_create = engine_create,
    .engine_free = engine_free,
    .create = create,
    .start = start,
    .cancel = end_request,
    .free = probe_free,
};
