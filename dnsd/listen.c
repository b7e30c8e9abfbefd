// SPDX-License-Identifier: MIT
#include "dnsd/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
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

static const char *advice_on(int reason, const struct endpoint *endpoint)
{
    static const struct addr v6_loopback = {.family = ADDR_V6, .octets = {[15] = 1}};
    const uint8_t *octets = endpoint->addr.octets;
    bool is_v6 = endpoint->addr.family == ADDR_V6;
    if (reason == EADDRINUSE)
        return ": another program listens there; `ss -lnptu` shows which, or choose another `server.listen`";
    if (reason == EACCES)
        return ": ports below 1024 need root or CAP_NET_BIND_SERVICE";
    if (is_v6 && octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80) /* fe80::/10, RFC 4291 section 2.5.6 */
        return ": a link-local address means nothing without its interface: listen on `::` instead";
    bool no_v6 = reason == EAFNOSUPPORT || addr_equal(&endpoint->addr, &v6_loopback);
    if (is_v6 && no_v6)
        return ": this machine has no IPv6: remove the address from `server.listen`";
    if (reason == EADDRNOTAVAIL)
        return ": this machine does not have that address: `ip address` shows which it has";
    return "";
}

static void report(const struct endpoint *endpoint, const char *protocol, struct err *err)
{
    char text[ENDPOINT_TEXT_MAX];
    int reason = errno;
    err_add(err, ERR_ERROR, (struct err_place){0}, "cannot listen on %s (%s): %s%s",
            endpoint_format(endpoint, text), protocol, strerror(reason), advice_on(reason, endpoint));
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

/* --- one address ----------------------------------------------------------------------------------------- */

static bool same(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && addr_equal(&a->addr, &b->addr);
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

#define NOT_THERE SIZE_MAX

static size_t find(const struct listen_sockets *sockets, const struct endpoint *endpoint)
{
    size_t count = sockets == NULL ? 0 : sockets->addresses;
    for (size_t a = 0; a < count; a++)
        if (same(&sockets->listen[a], endpoint))
            return a;
    return NOT_THERE;
}

static void open_tcp(struct listen_sockets *sockets, size_t a, const struct listen_sockets *kept,
                     struct err *err)
{
    size_t k = find(kept, &sockets->listen[a]);
    sockets->tcp[a] = k != NOT_THERE ? kept->tcp[k] : open_socket(&sockets->listen[a], SOCK_STREAM);
    if (sockets->tcp[a] < 0)
        report(&sockets->listen[a], "TCP", err);
}

static void open_udp(struct listen_sockets *sockets, size_t a, const struct listen_sockets *kept,
                     struct err *err)
{
    size_t k = find(kept, &sockets->listen[a]);
    bool ok = k != NOT_THERE || is_free(&sockets->listen[a]);
    for (size_t t = 0; ok && t < sockets->threads; t++) {
        int *fd = &sockets->udp[t * sockets->addresses + a];
        bool is_kept = k != NOT_THERE && t < kept->threads;
        *fd = is_kept ? kept->udp[t * kept->addresses + k] : open_socket(&sockets->listen[a], SOCK_DGRAM);
        ok = *fd >= 0;
    }
    if (!ok)
        report(&sockets->listen[a], "UDP", err);
}

/* --- all ------------------------------------------------------------------------------------------------- */

bool listen_open(struct listen_sockets *sockets, const struct endpoint *listen, size_t count, size_t threads,
                 const struct listen_sockets *kept, struct err *err)
{
    size_t before = err->errors;
    struct listen_sockets next = {.addresses = count, .threads = threads};
    next.listen = mem_resize(NULL, count, sizeof *next.listen);
    next.udp = mem_resize(NULL, count * threads, sizeof *next.udp);
    next.tcp = mem_resize(NULL, count, sizeof *next.tcp);
    memcpy(next.listen, listen, count * sizeof *listen);
    memset(next.udp, -1, count * threads * sizeof *next.udp);
    memset(next.tcp, -1, count * sizeof *next.tcp);
    for (size_t a = 0; a < count; a++) {
        open_tcp(&next, a, kept, err);
        open_udp(&next, a, kept, err);
    }
    if (err->errors != before) {
        listen_close(&next, kept);
        return false;
    }
    *sockets = next;
    return true;
}

static bool holds(const int *fds, size_t count, int fd)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] == fd)
            return true;
    return false;
}

/* Connected to a peer that never sends, here itself, a socket gets nothing more, and its share of the queries goes to
 * the others of its address (udp(7), SO_REUSEPORT; Linux 5.3). */
static void divert(int fd)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &size) == 0)
        (void)connect(fd, (struct sockaddr *)&name,
                      size); /* failing that, it may lose a few until it closes */
}

void listen_retire(const struct listen_sockets *sockets, const struct listen_sockets *kept)
{
    size_t kept_count = kept->addresses * kept->threads;
    for (size_t i = 0; i < sockets->addresses * sockets->threads; i++)
        if (!holds(kept->udp, kept_count, sockets->udp[i]))
            divert(sockets->udp[i]);
}

static void close_all(int *fds, size_t count, const int *kept, size_t kept_count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i] >= 0 && !holds(kept, kept_count, fds[i]))
            close(fds[i]);
    free(fds);
}

void listen_close(struct listen_sockets *sockets, const struct listen_sockets *kept)
{
    static const struct listen_sockets none;
    const struct listen_sockets *k = kept == NULL ? &none : kept;
    close_all(sockets->udp, sockets->addresses * sockets->threads, k->udp, k->addresses * k->threads);
    close_all(sockets->tcp, sockets->addresses, k->tcp, k->addresses);
    free(sockets->listen);
    *sockets = none;
}

bool listen_is(const struct listen_sockets *sockets, const struct endpoint *listen, size_t count,
               size_t threads)
{
    bool all = sockets->addresses == count && sockets->threads == threads;
    for (size_t i = 0; i < count && all; i++)
        all = find(sockets, &listen[i]) != NOT_THERE;
    return all;
}
