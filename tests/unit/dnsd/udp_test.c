// SPDX-License-Identifier: MIT
/* The UDP threads whole, on loopback sockets of their own. */
#include "dnsd/udp.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/wire.h"
#include "tests/support/lib_query.h"
#include "tests/unit/dnsd/one_zone.h"

enum { WAIT_MS = 3000, SILENCE_MS = 100 };

#define PORT_TRIES 50

struct fixture {
    struct one_zone zone;
    struct listen_sockets sockets;
    struct sockaddr_storage name; /* of the first listen address */
    socklen_t name_size;
    struct udp *udp;
};

/* A port nobody has, by asking for any. */
static uint16_t free_port(enum addr_family family)
{
    struct endpoint any = {.addr.family = family};
    struct sockaddr_storage name;
    socklen_t size = endpoint_to_sockaddr(&any, &name);
    int fd = socket(name.ss_family, SOCK_DGRAM, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&name, &size), 0);
    close(fd);
    ck_assert(endpoint_from_sockaddr((struct sockaddr *)&name, &any));
    return any.port;
}

static struct endpoint endpoint_of(const char *text, uint16_t port)
{
    struct endpoint endpoint = {.port = port};
    ck_assert(addr_parse(text, &endpoint.addr));
    return endpoint;
}

static void start(struct fixture *f)
{
    struct err err = ERR_INIT;
    f->udp = udp_start(&f->sockets, &f->zone.publication, &err);
    ck_assert_ptr_nonnull(f->udp);
}

/* Listens, and does not serve yet. */
static void set_up(struct fixture *f, const char *addr, size_t threads)
{
    struct endpoint listen;
    bool ok = false;
    memset(f, 0, sizeof *f);
    one_zone_set_up(&f->zone);
    for (unsigned i = 0; i < PORT_TRIES && !ok; i++) { /* free for UDP need not be free for TCP */
        struct err err = ERR_INIT;
        listen = endpoint_of(addr, free_port(strchr(addr, ':') ? ADDR_V6 : ADDR_V4));
        ok = listen_open(&f->sockets, &listen, 1, threads, NULL, &err);
        err_free(&err);
    }
    ck_assert(ok);
    f->name_size = endpoint_to_sockaddr(&listen, &f->name);
}

static void tear_down(struct fixture *f)
{
    udp_stop(f->udp);
    listen_close(&f->sockets, NULL);
    one_zone_tear_down(&f->zone);
}

/* A socket that takes datagrams from `server` only. */
static int connect_to(const struct fixture *f, const char *server)
{
    struct endpoint endpoint;
    struct sockaddr_storage name;
    ck_assert(endpoint_from_sockaddr((const struct sockaddr *)&f->name, &endpoint));
    endpoint = endpoint_of(server, endpoint.port);
    socklen_t size = endpoint_to_sockaddr(&endpoint, &name);
    int fd = socket(name.ss_family, SOCK_DGRAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&name, size), 0);
    return fd;
}

static void ask(int fd, unsigned id)
{
    uint8_t query[300];
    size_t size = query_write(&(struct query_spec){.name = "ns.example.com", .type = 1}, query, sizeof query);
    wire_store16(query, id);
    ck_assert_int_eq(send(fd, query, size, 0), (ssize_t)size);
}

/* The id of the next answer, -1 if none comes in time. */
static int next_answer(int fd, int wait_ms)
{
    uint8_t message[2000];
    struct pollfd wait = {fd, POLLIN, 0};
    if (poll(&wait, 1, wait_ms) != 1)
        return -1;
    ssize_t size = recv(fd, message, sizeof message, 0);
    ck_assert_int_ge(size, 12);
    return (int)wire_load16(message);
}

/* The reply leaves from the address that was asked, or the client would not take it. */
START_TEST(source_address)
{
    static const struct {
        const char *listen, *ask;
    } rows[] = {
        {"0.0.0.0", "127.0.0.1"},   {"0.0.0.0", "127.0.0.2"}, {"0.0.0.0", "127.99.0.1"}, {"::", "::1"},
        {"127.0.0.3", "127.0.0.3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        set_up(&f, rows[i].listen, 1);
        start(&f);
        int fd = connect_to(&f, rows[i].ask);
        ask(fd, (unsigned)i);
        ck_assert_msg(next_answer(fd, WAIT_MS) == (int)i, "%s asked at %s", rows[i].listen, rows[i].ask);
        close(fd);
        tear_down(&f);
    }
}
END_TEST

START_TEST(what_was_received_is_answered)
{
    enum { QUERIES = 200, SOCKETS = 8 };
    struct fixture f;
    int fds[SOCKETS];
    set_up(&f, "127.0.0.1", 3);
    for (size_t s = 0; s < SOCKETS; s++)
        fds[s] = connect_to(&f, "127.0.0.1");
    for (unsigned i = 0; i < QUERIES; i++)
        ask(fds[i % SOCKETS], i);
    start(&f);
    udp_stop(f.udp);
    for (unsigned i = 0; i < QUERIES; i++)
        ck_assert_int_eq(next_answer(fds[i % SOCKETS], 0), (int)i);
    start(&f);
    tear_down(&f);
    for (size_t s = 0; s < SOCKETS; s++)
        close(fds[s]);
}
END_TEST

/* Neither a datagram that is no query nor a client that has gone (ICMP port unreachable) stops a thread. */
START_TEST(nothing_stops_it)
{
    static const uint8_t rubbish[4000] = {0x12, 0x34, 1, 0, 0, 1};
    static const size_t sizes[] = {0, 1, 11, 12, 1500, 1536, 1537, 4000};
    struct fixture f;
    set_up(&f, "127.0.0.1", 1);
    start(&f);
    for (unsigned round = 0; round < 20; round++) {
        int gone = connect_to(&f, "127.0.0.1"), fd = connect_to(&f, "127.0.0.1");
        for (unsigned i = 0; i < 50; i++)
            ask(gone, i);
        close(gone); /* its answers find nobody */
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            send(fd, rubbish, sizes[i], 0);
        ask(fd, 4242);
        int id;
        while ((id = next_answer(fd, WAIT_MS)) != 4242)
            ck_assert_int_eq(id, 0x1234); /* rubbish with a header: FORMERR */
        ck_assert_int_eq(next_answer(fd, 0), -1);
        close(fd);
    }
    tear_down(&f);
}
END_TEST

/* Longer than any query: dropped, for what was cut off cannot be judged. */
START_TEST(too_long)
{
    static uint8_t option[4 + 1600];
    uint8_t query[2000];
    struct query_spec spec = {.name = "ns.example.com", .type = 1, .edns = true, .options = option};
    struct fixture f;
    set_up(&f, "127.0.0.1", 1);
    start(&f);
    int fd = connect_to(&f, "127.0.0.1");
    for (unsigned padding = 1400; padding <= 1600; padding += 200) {
        wire_store16(option, 12);
        wire_store16(option + 2, padding);
        spec.options_size = 4 + padding;
        size_t size = query_write(&spec, query, sizeof query);
        ck_assert_int_eq(send(fd, query, size, 0), (ssize_t)size);
        bool answered = next_answer(fd, padding == 1400 ? WAIT_MS : SILENCE_MS) >= 0;
        ck_assert_int_eq(answered, padding == 1400);
    }
    close(fd);
    tear_down(&f);
}
END_TEST

/* Signals meant for the process interrupt the main thread alone. */
START_TEST(signals)
{
    struct fixture f;
    sigset_t usr1, before;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    set_up(&f, "127.0.0.1", 2);
    start(&f);
    pthread_sigmask(SIG_BLOCK, &usr1, &before);
    ck_assert_int_eq(sigismember(&before, SIGUSR1), 0); /* the caller's mask is as it was */
    kill(getpid(), SIGUSR1);                            /* would end the process in a thread that takes it */
    usleep(SILENCE_MS * 1000);
    int number;
    ck_assert_int_eq(sigwait(&usr1, &number), 0);
    ck_assert_int_eq(number, SIGUSR1);
    tear_down(&f);
}
END_TEST

/* Two sets of threads on the same sockets: the second begins before the first ends. */
START_TEST(handing_over)
{
    struct fixture f;
    set_up(&f, "127.0.0.1", 2);
    start(&f);
    int fd = connect_to(&f, "127.0.0.1");
    for (unsigned i = 0; i < 50; i++) {
        struct udp *before = f.udp;
        ask(fd, i);
        start(&f);
        udp_stop(before);
        ck_assert_int_eq(next_answer(fd, WAIT_MS), (int)i);
    }
    close(fd);
    tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/udp", source_address, what_was_received_is_answered, nothing_stops_it, too_long, signals,
           handing_over)
