// SPDX-License-Identifier: MIT
/*
 * load ADDR@PORT SECONDS NAME TYPE ecs|plain - a closed loop: SOCKETS sockets with WINDOW queries each under
 * way, every answer replaced by the next query. The queries are made beforehand: NAME, with a random routed
 * IPv4 /24 as client subnet (ecs) or without EDNS (plain).
 *
 * Prints: queries answered, lost, answered per second, then latency in microseconds at 50, 99 and 99.9 %.
 * A server that loses a query is sent the next one after LOST_MS: losses slow the loop, they do not end it.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/addr.h"
#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/base/mem.h"
#include "tests/support/lib_query.h"

enum {
    SOCKETS = 16,
    WINDOW = 8,
    QUERIES = 1 << 16, /* distinct ones */
    QUERY_ROOM = 128,
    ANSWER_ROOM = 1500,
    LOST_MS = 200,
    LATENCY_US_MAX = 1 << 16,
};

struct query {
    size_t size;
    uint8_t octets[QUERY_ROOM];
};

struct client {
    int fd;
    uint64_t sent_ns[WINDOW]; /* 0: no query under way in this place; the place is the low bits of the id */
    uint64_t active_ms;
};

struct load {
    struct query *queries;
    size_t next;
    struct client clients[SOCKETS];
    uint64_t answered, lost;
    uint64_t *latency_us; /* histogram */
};

/* A /24 of the routed space, from a counter: the same in every run. */
static struct addr random_network(uint64_t count)
{
    for (uint64_t seed = 0;; seed++) {
        uint64_t bits = hash_mix(count, seed);
        uint8_t first = (uint8_t)bits;
        if (first > 0 && first != 10 && first != 127 && first < 224)
            return (struct addr){ADDR_V4, {first, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16), 0}};
    }
}

static void make_queries(struct load *load, const char *name, unsigned type, bool ecs)
{
    load->queries = mem_alloc(QUERIES * sizeof *load->queries);
    for (size_t i = 0; i < QUERIES; i++) {
        uint8_t option[32];
        struct query_spec spec = {.name = name, .type = type, .edns = ecs, .options = option};
        if (ecs)
            spec.options_size = query_ecs_option(option, 1, 24, 0, random_network(i).octets, 3);
        load->queries[i].size = query_write(&spec, load->queries[i].octets, QUERY_ROOM);
    }
}

static bool open_clients(struct load *load, const struct endpoint *server)
{
    struct sockaddr_storage name;
    socklen_t size = endpoint_to_sockaddr(server, &name);
    for (size_t i = 0; i < SOCKETS; i++) {
        int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        load->clients[i].fd = fd;
        if (fd < 0 || connect(fd, (struct sockaddr *)&name, size) != 0)
            return false;
    }
    return true;
}

/* A query into every free place. */
static void refill(struct load *load, struct client *client, uint64_t now_ns)
{
    struct mmsghdr out[WINDOW];
    struct iovec vectors[WINDOW];
    unsigned count = 0;
    for (unsigned place = 0; place < WINDOW; place++) {
        if (client->sent_ns[place] != 0)
            continue;
        struct query *query = &load->queries[load->next++ % QUERIES];
        wire_store16(query->octets, place);
        client->sent_ns[place] = now_ns;
        vectors[count] = (struct iovec){query->octets, query->size};
        out[count] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[count], .msg_iovlen = 1}};
        count++;
    }
    if (count > 0)
        sendmmsg(client->fd, out, count, 0);
}

static void receive(struct load *load, struct client *client, uint64_t now_ns)
{
    static uint8_t octets[WINDOW][ANSWER_ROOM];
    struct mmsghdr in[WINDOW];
    struct iovec vectors[WINDOW];
    for (unsigned i = 0; i < WINDOW; i++) {
        vectors[i] = (struct iovec){octets[i], ANSWER_ROOM};
        in[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[i], .msg_iovlen = 1}};
    }
    int count = recvmmsg(client->fd, in, WINDOW, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        unsigned place = wire_load16(octets[i]) % WINDOW;
        if (client->sent_ns[place] == 0)
            continue;
        uint64_t us = (now_ns - client->sent_ns[place]) / 1000;
        load->latency_us[us < LATENCY_US_MAX ? us : LATENCY_US_MAX - 1]++;
        client->sent_ns[place] = 0;
        load->answered++;
        client->active_ms = now_ns / 1000000;
    }
}

static void give_up_lost(struct load *load, struct client *client, uint64_t now_ms)
{
    if (now_ms - client->active_ms < LOST_MS)
        return;
    for (unsigned place = 0; place < WINDOW; place++) {
        load->lost += client->sent_ns[place] != 0;
        client->sent_ns[place] = 0;
    }
    client->active_ms = now_ms;
}

static void run(struct load *load, uint64_t end_ns)
{
    struct pollfd wait[SOCKETS];
    uint64_t now_ns = clock_monotonic_ns();
    for (size_t i = 0; i < SOCKETS; i++) {
        wait[i] = (struct pollfd){load->clients[i].fd, POLLIN, 0};
        load->clients[i].active_ms = now_ns / 1000000;
    }
    while (now_ns < end_ns) {
        for (size_t i = 0; i < SOCKETS; i++)
            refill(load, &load->clients[i], now_ns);
        poll(wait, SOCKETS, LOST_MS);
        now_ns = clock_monotonic_ns();
        for (size_t i = 0; i < SOCKETS; i++) {
            receive(load, &load->clients[i], now_ns);
            give_up_lost(load, &load->clients[i], now_ns / 1000000);
        }
    }
}

static unsigned percentile(const struct load *load, double share)
{
    uint64_t wanted = (uint64_t)((double)load->answered * share), seen = 0;
    for (unsigned us = 0; us < LATENCY_US_MAX; us++) {
        seen += load->latency_us[us];
        if (seen >= wanted)
            return us;
    }
    return LATENCY_US_MAX;
}

int main(int argc, char **argv)
{
    struct load *load = mem_alloc(sizeof *load);
    struct endpoint server;
    if (argc != 6 || !endpoint_parse(argv[1], 53, &server) || !open_clients(load, &server)) {
        fprintf(stderr, "usage: load ADDR@PORT SECONDS NAME TYPE ecs|plain\n");
        return 1;
    }
    double seconds = strtod(argv[2], NULL);
    load->latency_us = mem_alloc(LATENCY_US_MAX * sizeof *load->latency_us);
    make_queries(load, argv[3], (unsigned)strtoul(argv[4], NULL, 10), strcmp(argv[5], "ecs") == 0);
    run(load, clock_monotonic_ns() + (uint64_t)(seconds * 1e9));
    printf("%llu %llu %.0f %u %u %u\n", (unsigned long long)load->answered, (unsigned long long)load->lost,
           (double)load->answered / seconds, percentile(load, 0.5), percentile(load, 0.99),
           percentile(load, 0.999));
    free(load->latency_us);
    free(load->queries);
    free(load);
    return 0;
}
