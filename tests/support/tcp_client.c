// SPDX-License-Identifier: MIT
/*
 * tcp_client - a DNS client over TCP that misbehaves to order.
 *
 *     tcp_client ADDRESS@PORT NAME ACTION...
 *
 *     ask N        N queries for TXT records of NAME in one piece
 *     drip MS      one query octet by octet, MS milliseconds apart
 *     octets HEX   these octets
 *     end          sends no more, still reads
 *     wait MS      does nothing
 *     read N       prints "answers M": how many of N answers came, in order and whole; stops at the first gap
 *     closed MS    prints "closed" if the server closes the connection within MS, else "open"
 *     crowd N      N further connections that stay and say nothing; prints "crowd M": how many are still open
 *
 * Actions on a connection that is gone do nothing. Exit status 0, 2 if there is no connection at all.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/addr.h"
#include "core/base/clock.h"
#include "core/base/wire.h"

enum { CROWD_MAX = 20000, READ_MS = 5000 };

struct client {
    struct endpoint server;
    int fd;
    uint8_t query[300]; /* behind its length */
    size_t size;
    uint16_t next_id, expected_id;
};

static int connect_to(const struct endpoint *server)
{
    struct sockaddr_storage name;
    socklen_t size = endpoint_to_sockaddr(server, &name);
    int fd = socket(name.ss_family, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&name, size) == 0)
        return fd;
    perror("connect");
    exit(2);
}

static void write_query(struct client *c, const char *name)
{
    static const uint8_t header[] = {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    struct wire_writer w = wire_writer_of(c->query, sizeof c->query);
    wire_put(&w, header, sizeof header);
    while (*name != '\0') {
        size_t length = strcspn(name, ".");
        wire_put8(&w, (unsigned)length);
        wire_put(&w, name, length);
        name += length + (name[length] == '.');
    }
    wire_put8(&w, 0);
    wire_put16(&w, 16);
    wire_put16(&w, 1);
    c->size = wire_written(&w);
    wire_store16(c->query, (unsigned)c->size - 2);
}

static void send_all(const struct client *c, const uint8_t *octets, size_t size)
{
    while (size > 0) {
        ssize_t count = send(c->fd, octets, size, MSG_NOSIGNAL);
        if (count < 0)
            return;
        octets += count;
        size -= (size_t)count;
    }
}

static void ask(struct client *c, unsigned count)
{
    uint8_t *queries = malloc(count * c->size + 1);
    for (unsigned i = 0; i < count; i++) {
        wire_store16(c->query + 2, c->next_id++);
        memcpy(queries + i * c->size, c->query, c->size);
    }
    send_all(c, queries, count * c->size);
    free(queries);
}

static void drip(struct client *c, unsigned ms)
{
    wire_store16(c->query + 2, c->next_id++);
    for (size_t i = 0; i < c->size; i++) {
        send_all(c, c->query + i, 1);
        usleep(ms * 1000);
    }
}

static void send_hex(const struct client *c, const char *hex)
{
    unsigned octet;
    for (; sscanf(hex, "%2x", &octet) == 1 && strlen(hex) >= 2; hex += 2)
        send_all(c, &(uint8_t){(uint8_t)octet}, 1);
}

static bool receive(const struct client *c, uint8_t *out, size_t size)
{
    struct pollfd wait = {c->fd, POLLIN, 0};
    while (size > 0) {
        ssize_t count = poll(&wait, 1, READ_MS) == 1 ? recv(c->fd, out, size, 0) : 0;
        if (count <= 0)
            return false;
        out += count;
        size -= (size_t)count;
    }
    return true;
}

static void read_answers(struct client *c, unsigned wanted)
{
    static uint8_t message[65535];
    uint8_t length[2];
    unsigned got = 0;
    while (got < wanted && receive(c, length, sizeof length) && receive(c, message, wire_load16(length)) &&
           wire_load16(message) == c->expected_id) {
        c->expected_id++;
        got++;
    }
    printf("answers %u\n", got);
}

/* Unread answers before the end do not count as open. */
static bool is_closed(int fd, unsigned ms)
{
    static uint8_t rest[65536];
    uint64_t end = clock_monotonic_ms() + ms;
    for (uint64_t now = clock_monotonic_ms(); now <= end; now = clock_monotonic_ms()) {
        struct pollfd wait = {fd, POLLIN, 0};
        if (poll(&wait, 1, (int)(end - now)) == 1 && recv(fd, rest, sizeof rest, MSG_DONTWAIT) <= 0)
            return true;
        if (now == end)
            break;
    }
    return false;
}

static void crowd(const struct client *c, unsigned count)
{
    unsigned open = 0;
    int *fds = calloc(count, sizeof *fds);
    for (unsigned i = 0; i < count; i++)
        fds[i] = connect_to(&c->server);
    usleep(200 * 1000);
    for (unsigned i = 0; i < count; i++)
        open += !is_closed(fds[i], 0);
    printf("crowd %u\n", open);
    free(fds);
}

static void act(struct client *c, const char *action, const char *argument)
{
    unsigned value = (unsigned)strtoul(argument, NULL, 10);
    if (strcmp(action, "ask") == 0)
        ask(c, value);
    else if (strcmp(action, "drip") == 0)
        drip(c, value);
    else if (strcmp(action, "octets") == 0)
        send_hex(c, argument);
    else if (strcmp(action, "wait") == 0)
        usleep(value * 1000);
    else if (strcmp(action, "read") == 0)
        read_answers(c, value);
    else if (strcmp(action, "closed") == 0)
        puts(is_closed(c->fd, value) ? "closed" : "open");
    else if (strcmp(action, "crowd") == 0)
        crowd(c, value < CROWD_MAX ? value : CROWD_MAX);
    else
        fprintf(stderr, "tcp_client: unknown action %s\n", action);
}

int main(int argc, char **argv)
{
    struct client client = {0};
    if (argc < 4 || !endpoint_parse(argv[1], 53, &client.server)) {
        fprintf(stderr, "usage: tcp_client ADDRESS@PORT NAME ACTION...\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    client.fd = connect_to(&client.server);
    write_query(&client, argv[2]);
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "end") == 0) {
            shutdown(client.fd, SHUT_WR);
        } else if (i + 1 < argc) {
            act(&client, argv[i], argv[i + 1]);
            i++;
        }
    }
    return 0;
}
