// SPDX-License-Identifier: MIT
/* The TCP side whole, with clients on loopback sockets that behave and that do not. */
#include "dnsd/tcp.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/descriptors.h"
#include "tests/unit/dnsd/tcp_fixture.h"

/* --- tests ----------------------------------------------------------------------------------------------- */

START_TEST(pipelining)
{
    struct fixture f;
    set_up(&f, generous);
    int fd = connect_client(&f);
    ck_assert(ask_many(&f, fd, 500, "ns.example.com"));
    expect_answers(&f, fd, 500);
    ck_assert(!is_closed(&f, fd));
    close(fd);
    tear_down(&f);
}
END_TEST

START_TEST(split_at_each_octet)
{
    struct fixture f;
    uint8_t queries[200];
    set_up(&f, generous);
    size_t size = frame(queries, sizeof queries, 0, "ns.example.com", 0);
    size += frame(queries + size, sizeof queries - size, 1, "example.com", 0);
    int fd = connect_client(&f);
    for (size_t at = 0; at <= size; at++) {
        send_octets(&f, fd, queries, at);
        turn(&f, 1);
        send_octets(&f, fd, queries + at, size - at);
        expect_answers(&f, fd, 2);
    }
    for (size_t at = 0; at < size; at++)
        send_octets(&f, fd, queries + at, 1);
    expect_answers(&f, fd, 2);
    close(fd);
    tear_down(&f);
}
END_TEST

START_TEST(half_closed)
{
    struct fixture f;
    set_up(&f, generous);
    int fd = connect_client(&f);
    ck_assert(ask_many(&f, fd, 40, "big.example.com")); /* more than the sockets take */
    shutdown(fd, SHUT_WR);
    expect_answers(&f, fd, 40);
    ck_assert_int_eq(next_answer(&f, fd, NULL), GONE);
    close(fd);
    tear_down(&f);
}
END_TEST

/* A client that does not read is asked for no more, costs the others nothing, and is closed once idle. */
START_TEST(never_reads)
{
    struct fixture f;
    struct config_tcp limits = generous;
    limits.idle_ms = 600;
    set_up(&f, limits);
    int rude = connect_client(&f), other = connect_client(&f);
    uint8_t query[300];
    size_t size = frame(query, sizeof query, 0, "big.example.com", 0), sent = 0;
    uint64_t begin = clock_monotonic_ms();
    bool closed = false;
    while (!closed && clock_monotonic_ms() - begin < PATIENCE_MS) {
        ssize_t count = send(rude, query, size, MSG_NOSIGNAL); /* may cut a query: it is never answered */
        closed = count < 0 && errno != EAGAIN;
        sent += count > 0 ? (size_t)count : 0;
        if (sent % (100 * size) == 0 && !closed) {
            ck_assert(ask(&f, other, 7, "ns.example.com"));
            ck_assert_int_eq(next_answer(&f, other, NULL), 7);
        }
        turn(&f, 0);
    }
    ck_assert(closed);
    ck_assert_uint_ge(clock_monotonic_ms() - begin, limits.idle_ms);
    close(rude);
    close(other);
    tear_down(&f);
}
END_TEST

START_TEST(reads_late)
{
    struct fixture f;
    set_up(&f, generous);
    int fd = connect_client(&f);
    ck_assert(ask_many(&f, fd, 300, "big.example.com")); /* 19 MB of answers */
    turn(&f, 200);
    expect_answers(&f, fd, 300);
    ck_assert(ask(&f, fd, 9, "ns.example.com"));
    ck_assert_int_eq(next_answer(&f, fd, NULL), 9);
    close(fd);
    tear_down(&f);
}
END_TEST

START_TEST(idlest_makes_room)
{
    struct fixture f;
    int fd[4];
    struct config_tcp limits = generous;
    limits.clients = 3;
    set_up(&f, limits);
    for (size_t i = 0; i < 3; i++)
        fd[i] = connect_client(&f);
    ck_assert(ask(&f, fd[0], 1, "ns.example.com"));
    ck_assert_int_eq(next_answer(&f, fd[0], NULL), 1);
    fd[3] = connect_client(&f);
    for (size_t i = 0; i < 4; i++)
        ck_assert_msg(is_closed(&f, fd[i]) == (i == 1), "client %zu", i);
    ck_assert(ask(&f, fd[3], 2, "ns.example.com"));
    ck_assert_int_eq(next_answer(&f, fd[3], NULL), 2);

    limits.clients = 1; /* as after a reload */
    tcp_set_limits(f.tcp, &limits);
    ck_assert(is_closed(&f, fd[0]) && is_closed(&f, fd[2]) && !is_closed(&f, fd[3]));
    for (size_t i = 0; i < 4; i++)
        close(fd[i]);
    tear_down(&f);
}
END_TEST

START_TEST(one_address)
{
    struct fixture f;
    struct config_tcp limits = generous;
    limits.clients_per_address = 2;
    set_up(&f, limits);
    int other = connect_from(&f, "127.0.0.9"); /* idle longer than all of the crowd */
    int first = connect_client(&f), crowd[20];
    for (size_t i = 0; i < 20; i++)
        crowd[i] = connect_client(&f);
    ck_assert(is_closed(&f, first));
    ck_assert(is_closed(&f, crowd[17]));
    ck_assert(!is_closed(&f, crowd[18]) && !is_closed(&f, crowd[19]));
    ck_assert(!is_closed(&f, other));
    for (size_t i = 0; i < 20; i++)
        close(crowd[i]);
    close(first);
    close(other);
    tear_down(&f);
}
END_TEST

START_TEST(idle)
{
    struct fixture f;
    struct config_tcp limits = generous;
    limits.idle_ms = 1500; /* a busy machine may hold us up for a while */
    set_up(&f, limits);
    int silent = connect_client(&f), slow = connect_client(&f), busy = connect_client(&f);
    uint8_t query[300];
    size_t size = frame(query, sizeof query, 0, "a-name-that-takes-longer-than-it-may.example.com", 0);
    uint64_t begin = clock_monotonic_ms();
    for (size_t at = 0; clock_monotonic_ms() - begin < 3600; at++) {
        send(slow, query + at % size, at < size - 1, MSG_NOSIGNAL); /* octet by octet is no sign of life */
        ck_assert(ask(&f, busy, 5, "ns.example.com"));
        ck_assert_int_eq(next_answer(&f, busy, NULL), 5);
        turn(&f, 30);
        if (clock_monotonic_ms() - begin < limits.idle_ms - 100)
            ck_assert(!is_closed(&f, silent) && !is_closed(&f, slow));
    }
    ck_assert(is_closed(&f, silent));
    ck_assert(is_closed(&f, slow));
    ck_assert(!is_closed(&f, busy));
    close(silent);
    close(slow);
    close(busy);
    tear_down(&f);
}
END_TEST

/* Behind garbage nothing is read, what came before it is answered. */
START_TEST(garbage)
{
    static const struct {
        const char *message;
        uint8_t octets[20];
        size_t size;
    } rows[] = {
        {"length 0", {0, 0}, 2},
        {"one octet", {0, 1, 'x'}, 3},
        {"shorter than a header", {0, 5, 'h', 'e', 'l', 'l', 'o'}, 7},
        {"a response", {0, 12, 1, 2, 0x80}, 14},
    };
    struct fixture f;
    set_up(&f, generous);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t octets[300];
        int fd = connect_client(&f);
        size_t size = frame(octets, sizeof octets, 0, "ns.example.com", 0);
        memcpy(octets + size, rows[i].octets, rows[i].size);
        ck_assert(send_octets(&f, fd, octets, size + rows[i].size));
        ck_assert_msg(next_answer(&f, fd, NULL) == 0, "%s", rows[i].message);
        ck_assert_msg(next_answer(&f, fd, NULL) == GONE, "%s", rows[i].message);
        close(fd);
    }
    tear_down(&f);
}
END_TEST

START_TEST(longest_messages)
{
    static uint8_t query[LENGTH + 65535];
    struct fixture f;
    size_t size = frame(query, sizeof query, 0, "big.example.com", 1);
    size = frame(query, sizeof query, 3, "big.example.com", (unsigned)(1 + sizeof query - size));
    ck_assert_uint_eq(size, sizeof query);
    set_up(&f, generous);
    int fd = connect_client(&f);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(send_octets(&f, fd, query, size));
        ck_assert_int_eq(next_answer(&f, fd, &size), 3);
        ck_assert_uint_ge(size, BIG_ANSWER_LEAST);
        size = sizeof query;
    }
    close(fd);
    tear_down(&f);
}
END_TEST

/* Who asks 10,000 times at once gets no more than a turn at a time. */
START_TEST(fairness)
{
    enum { QUERIES = 10000, TURN_ANSWERS = 4096 /* octets, to 1024 octets of queries */ };
    struct fixture f;
    set_up(&f, generous);
    int greedy = connect_client(&f), other = connect_client(&f);
    uint8_t *queries = malloc(QUERIES * 40), query[300], octet;
    size_t size = 0, turns = 0;
    for (unsigned i = 0; i < QUERIES; i++)
        size += frame(queries + size, 300, i, "ns.example.com", 0);
    ssize_t sent = send(greedy, queries, size, 0);
    ck_assert_int_gt(sent, 100000); /* waiting in the socket, no turn of the loop was taken since */
    send(other, query, frame(query, sizeof query, 8, "ns.example.com", 0), 0);
    while (recv(other, &octet, 1, MSG_PEEK) < 0 && turns++ < 100)
        uv_run(&f.loop, UV_RUN_NOWAIT);
    static uint8_t answers[1 << 20];
    ck_assert_uint_le(turns, 3);
    ck_assert_int_le(recv(greedy, answers, sizeof answers, MSG_PEEK), 4 * TURN_ANSWERS);
    ck_assert_int_eq(next_answer(&f, other, NULL), 8);
    ck_assert(send_octets(&f, greedy, queries + sent, size - (size_t)sent));
    expect_answers(&f, greedy, QUERIES);
    free(queries);
    close(greedy);
    close(other);
    tear_down(&f);
}
END_TEST

/* What was sent before the stop is answered, also on a connection nobody had accepted yet. */
START_TEST(stop)
{
    struct fixture f;
    set_up(&f, generous);
    int fd = connect_client(&f), silent = connect_client(&f);
    int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    uint8_t queries[30000];
    size_t size = 0;
    for (unsigned i = 0; i < 500; i++)
        size += frame(queries + size, sizeof queries - size, i, "ns.example.com", 0);
    ck_assert_int_eq(send(fd, queries, size, 0), (ssize_t)size);
    ck_assert_int_eq(connect(late, (struct sockaddr *)&f.name, sizeof f.name), 0);
    ck_assert_int_eq(send(late, queries, size, 0), (ssize_t)size);
    fcntl(late, F_SETFL, O_NONBLOCK);
    uint64_t begin = clock_monotonic_ms();
    tcp_stop(f.tcp);
    f.tcp = NULL;
    expect_answers(&f, fd, 500);
    expect_answers(&f, late, 500);
    ck_assert_int_eq(next_answer(&f, fd, NULL), GONE);
    ck_assert_int_eq(next_answer(&f, late, NULL), GONE);
    ck_assert(is_closed(&f, silent));
    ck_assert_uint_lt(clock_monotonic_ms() - begin, TCP_STOP_MS);
    close(fd);
    close(late);
    close(silent);
    tear_down(&f);
}
END_TEST

/* A client that never takes its answers cannot hold up the end. */
START_TEST(stop_with_a_deaf_client)
{
    struct fixture f;
    set_up(&f, generous);
    int fd = connect_client(&f);
    ck_assert(ask_many(&f, fd, 300, "big.example.com"));
    turn(&f, 50);
    uint64_t begin = clock_monotonic_ms();
    tcp_stop(f.tcp);
    f.tcp = NULL;
    uv_run(&f.loop, UV_RUN_DEFAULT);
    ck_assert_uint_lt(clock_monotonic_ms() - begin, TCP_STOP_MS * 2);
    close(fd);
    tear_down(&f);
}
END_TEST

START_TEST(no_descriptor_left)
{
    enum { SPARE = 5, CLIENTS = 12 };
    struct fixture f;
    set_up(&f, generous);
    int fd[CLIENTS], highest = dup(0);
    struct rlimit limit;
    f.log.least = LOG_ERROR + 1;
    for (size_t i = 0; i < CLIENTS; i++) /* ours come first, so that only accept() runs short */
        fd[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    close(highest);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = (rlim_t)fd[CLIENTS - 1] + SPARE;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    for (size_t i = 0; i < CLIENTS; i++) {
        ck_assert_int_eq(connect(fd[i], (struct sockaddr *)&f.name, sizeof f.name), 0);
        fcntl(fd[i], F_SETFL, O_NONBLOCK);
        turn(&f, 5);
        ck_assert(ask(&f, fd[i], (unsigned)i, "ns.example.com"));
        ck_assert_int_eq(next_answer(&f, fd[i], NULL), (int)i);
    }
    ck_assert(is_closed(&f, fd[0]));
    ck_assert(!is_closed(&f, fd[CLIENTS - 2]));
    for (size_t i = 0; i < CLIENTS; i++)
        close(fd[i]);
    tear_down(&f);
}
END_TEST

/* All buffers together have a limit: who has been idle longest with one pays. */
START_TEST(memory_in_all)
{
    enum { EACH = 65536, CLIENTS = TCP_MEMORY_MAX / EACH + 50 };
    static uint8_t part[EACH / 2 + 100] = {0xff, 0xff}; /* of a message that is announced as 65535 octets */
    struct fixture f;
    struct config_tcp limits = {.clients = 2 * CLIENTS, .clients_per_address = 2 * CLIENTS, .idle_ms = 60000};
    int fd[CLIENTS], closed = 0;
    struct rlimit limit;
    descriptors_raise_limit();
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < 2 * CLIENTS + 100)
        return; /* not on this machine */
    set_up(&f, limits);
    int harmless = connect_client(&f);
    for (size_t i = 0; i < CLIENTS; i++) {
        fd[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_eq(connect(fd[i], (struct sockaddr *)&f.name, sizeof f.name), 0);
        fcntl(fd[i], F_SETFL, O_NONBLOCK);
        ck_assert(send_octets(&f, fd[i], part, sizeof part));
        for (size_t n = 0; n < 30; n++)
            turn(&f, 0);
    }
    turn(&f, 50);
    for (size_t i = 0; i < CLIENTS; i++) {
        uint8_t octet;
        closed += recv(fd[i], &octet, 1, 0) == 0 || errno != EAGAIN;
        close(fd[i]);
    }
    ck_assert_int_ge(closed, 45);
    ck_assert_int_le(closed, 100);
    ck_assert(!is_closed(&f, harmless)); /* idle longer than all, but it holds no buffer */
    close(harmless);
    tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/tcp", pipelining, split_at_each_octet, half_closed, never_reads, reads_late,
           idlest_makes_room, one_address, idle, garbage, longest_messages, fairness, stop,
           stop_with_a_deaf_client, no_descriptor_left, memory_in_all)
