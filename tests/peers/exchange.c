// SPDX-License-Identifier: MIT
#include "tests/peers/exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Silence is an answer to an odd packet only; a busy machine must not turn into a difference. */
enum { PATIENCE_MS = 5000, PATIENCE_ODD_MS = 300 };

static int patience_ms(const struct question *q)
{
    return q->oddity ? PATIENCE_ODD_MS : PATIENCE_MS;
}

static int connect_to(unsigned port, int kind)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool exchange_open(struct exchange_server *server, unsigned port)
{
    *server = (struct exchange_server){port, connect_to(port, SOCK_DGRAM)};
    return server->udp >= 0;
}

void exchange_close(struct exchange_server *server)
{
    close(server->udp);
}

void exchange_send(const struct exchange_server *server, const struct question *q)
{
    if (!q->way->tcp && send(server->udp, q->packet, q->size, 0) < 0)
        return; /* nobody there: seen as silence */
}

static bool readable(int fd, int milliseconds)
{
    struct pollfd ready = {fd, POLLIN, 0};
    return poll(&ready, 1, milliseconds) == 1;
}

static size_t receive_udp(const struct exchange_server *server, const struct question *q, uint8_t *out)
{
    while (readable(server->udp, patience_ms(q))) {
        ssize_t size = recv(server->udp, out, EXCHANGE_ROOM, 0);
        if (size < 0)
            return 0;
        if (size >= 2 && memcmp(out, q->packet, 2) == 0)
            return (size_t)size;
    }
    return 0;
}

static bool receive_exactly(int fd, uint8_t *out, size_t size, int milliseconds)
{
    for (size_t got = 0; got < size;) {
        ssize_t more = readable(fd, milliseconds) ? recv(fd, out + got, size - got, 0) : 0;
        if (more <= 0)
            return false;
        got += (size_t)more;
    }
    return true;
}

static size_t exchange_tcp(int fd, const struct question *q, uint8_t *out)
{
    uint8_t framed[2 + QUESTION_PACKET_MAX] = {(uint8_t)(q->size >> 8), (uint8_t)q->size};
    memcpy(framed + 2, q->packet, q->size);
    uint8_t size[2];
    if (send(fd, framed, 2 + q->size, MSG_NOSIGNAL) != (ssize_t)(2 + q->size) ||
        !receive_exactly(fd, size, 2, patience_ms(q)))
        return 0;
    size_t length = (size_t)size[0] << 8 | size[1];
    return receive_exactly(fd, out, length, patience_ms(q)) ? length : 0;
}

size_t exchange_receive(const struct exchange_server *server, const struct question *q,
                        uint8_t out[EXCHANGE_ROOM])
{
    if (!q->way->tcp)
        return receive_udp(server, q, out);
    int fd = connect_to(server->port, SOCK_STREAM);
    if (fd < 0)
        return 0;
    size_t size = exchange_tcp(fd, q, out);
    close(fd);
    return size;
}
