// SPDX-License-Identifier: MIT
#include "dnsd/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"

/* Room for a burst of queries while a thread is scheduled away: about 10,000 small datagrams. The kernel
 * caps it at net.core.rmem_max. */
#define UDP_RECEIVE_BUFFER (4 << 20)

static bool is_unspecified(const struct addr *addr)
{
    static const uint8_t zero[16];
    return memcmp(addr->octets, zero, sizeof zero) == 0;
}

static bool set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* Nothing may depend on fragments, and nobody may talk us into a small path MTU (RFC 9715 section 3.1). */
static bool set_udp_options(int fd, const struct addr *addr)
{
    set(fd, SOL_SOCKET, SO_RCVBUF, UDP_RECEIVE_BUFFER); /* as much as the kernel grants */
    bool ok = set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    if (addr->family == ADDR_V4) {
        ok = ok && set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
        /* On the wildcard address the reply must leave from the address the query came to. */
        return ok && (!is_unspecified(addr) || set(fd, IPPROTO_IP, IP_PKTINFO, 1));
    }
    ok = ok && set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
    return ok && (!is_unspecified(addr) || set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
}

static int open_socket(const struct endpoint *endpoint, int type)
{
    struct sockaddr_storage name;
    socklen_t size = endpoint_to_sockaddr(endpoint, &name);
    int fd = socket(name.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    bool ok = endpoint->addr.family != ADDR_V6 || set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (type == SOCK_DGRAM)
        ok = ok && set_udp_options(fd, &endpoint->addr);
    else
        ok = ok && set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (ok && bind(fd, (struct sockaddr *)&name, size) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static void report(const struct endpoint *endpoint, const char *protocol, struct err *err)
{
    char text[ENDPOINT_TEXT_MAX];
    const char *next = "";
    if (errno == EADDRINUSE)
        next = ": another program listens there; `ss -lnptu` shows which, or choose another `server.listen`";
    else if (errno == EACCES)
        next = ": ports below 1024 need root or CAP_NET_BIND_SERVICE";
    else if (errno == EADDRNOTAVAIL)
        next = ": this machine does not have that address";
    err_add(err, ERR_ERROR, (struct err_place){0}, "cannot listen on %s (%s): %s%s",
            endpoint_format(endpoint, text), protocol, strerror(errno), next);
}

/* SO_REUSEPORT would let a second dnsd share our UDP port and steal half of the queries. The port is ours
 * only if a socket without that option can be bound to it. */
static bool is_free(const struct endpoint *endpoint)
{
    struct sockaddr_storage name;
    socklen_t size = endpoint_to_sockaddr(endpoint, &name);
    int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return true; /* the real socket will say why */
    if (endpoint->addr.family == ADDR_V6)
        set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    bool in_use = bind(fd, (struct sockaddr *)&name, size) != 0 && errno == EADDRINUSE;
    close(fd);
    if (in_use)
        errno = EADDRINUSE;
    return !in_use;
}

bool listen_open(struct listen_sockets *sockets, const struct endpoint *listen, size_t count, size_t threads,
                 struct err *err)
{
    size_t before = err->errors;
    *sockets = (struct listen_sockets){count, threads, NULL, NULL};
    sockets->udp = mem_resize(NULL, count * threads, sizeof *sockets->udp);
    sockets->tcp = mem_resize(NULL, count, sizeof *sockets->tcp);
    memset(sockets->udp, -1, count * threads * sizeof *sockets->udp);
    memset(sockets->tcp, -1, count * sizeof *sockets->tcp);
    for (size_t a = 0; a < count; a++) {
        sockets->tcp[a] = open_socket(&listen[a], SOCK_STREAM);
        if (sockets->tcp[a] < 0)
            report(&listen[a], "TCP", err);
        bool ok = is_free(&listen[a]);
        for (size_t t = 0; ok && t < threads; t++) {
            sockets->udp[t * count + a] = open_socket(&listen[a], SOCK_DGRAM);
            ok = sockets->udp[t * count + a] >= 0;
        }
        if (!ok)
            report(&listen[a], "UDP", err);
    }
    if (err->errors != before)
        listen_close(sockets);
    return err->errors == before;
}

bool listen_is_own(const struct endpoint *listen, size_t count, const struct endpoint *source,
                   const struct addr *sent_to)
{
    for (size_t i = 0; i < count; i++)
        if (listen[i].port == source->port &&
            (addr_equal(&listen[i].addr, &source->addr) || addr_equal(sent_to, &source->addr)))
            return true;
    return false;
}

static void close_all(int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(fds);
}

void listen_close(struct listen_sockets *sockets)
{
    close_all(sockets->udp, sockets->addresses * sockets->threads);
    close_all(sockets->tcp, sockets->addresses);
    sockets->udp = sockets->tcp = NULL;
    sockets->addresses = sockets->threads = 0;
}
