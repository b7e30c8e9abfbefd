// SPDX-License-Identifier: MIT
/* Messages out of a stream, however it was cut, and what that costs in memory. */
#include "dnsd/tcp_stream.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/wire.h"
#include "tests/support/check_main.h"

struct fixture {
    int ours;
    struct tcp_stream stream;
};

static void set_up(struct fixture *f)
{
    int ends[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    f->ours = ends[0];
    tcp_stream_init(&f->stream, ends[1]);
}

static void tear_down(struct fixture *f)
{
    close(f->stream.fd);
    close(f->ours);
    tcp_stream_free(&f->stream);
}

static void put(const struct fixture *f, const uint8_t *octets, size_t size)
{
    ck_assert_int_eq(write(f->ours, octets, size), (ssize_t)size);
}

/* Receives until the socket is empty; the messages' sizes, in order, into `sizes`. */
static size_t take_all(struct fixture *f, size_t *sizes)
{
    const uint8_t *message;
    size_t count = 0;
    while (tcp_stream_receive(&f->stream) == TCP_STREAM_MORE) {
        while (tcp_stream_next(&f->stream, &message, &sizes[count]))
            count++;
        tcp_stream_settle(&f->stream);
    }
    return count;
}

START_TEST(split_at_each_octet)
{
    static const uint8_t octets[] = {0, 3, 'a', 'b', 'c', 0, 0, 0, 1, 'x', 0, 2, 'y', 'z'};
    for (size_t at = 0; at <= sizeof octets; at++) {
        struct fixture f;
        size_t sizes[8] = {0}, count;
        set_up(&f);
        put(&f, octets, at);
        count = take_all(&f, sizes);
        put(&f, octets + at, sizeof octets - at);
        count += take_all(&f, sizes + count);
        ck_assert_uint_eq(count, 4);
        ck_assert_uint_eq(sizes[0], 3);
        ck_assert_uint_eq(sizes[1], 0);
        ck_assert_uint_eq(sizes[2], 1);
        ck_assert_uint_eq(sizes[3], 2);
        ck_assert_uint_eq(tcp_stream_memory(&f.stream), 0);
        tear_down(&f);
    }
}
END_TEST

START_TEST(longest_message)
{
    static uint8_t octets[2 + 65535 + 3];
    struct fixture f;
    size_t sizes[4], count = 0;
    wire_store16(octets, 65535);
    octets[2 + 65535 + 1] = 1;
    set_up(&f);
    for (size_t at = 0; at < sizeof octets; at += 1000) {
        size_t left = sizeof octets - at;
        put(&f, octets + at, left < 1000 ? left : 1000);
        count += take_all(&f, sizes + count);
    }
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(sizes[0], 65535);
    ck_assert_uint_eq(sizes[1], 1);
    ck_assert_uint_eq(tcp_stream_memory(&f.stream), 0);
    tear_down(&f);
}
END_TEST

/* A buffer is as large as what came, not as what was announced, and shrinks again. */
START_TEST(memory)
{
    static const struct {
        size_t received, memory;
    } rows[] = {{1, 1024}, {1023, 1024}, {1024, 2048}, {5000, 8192}, {40000, 65536}, {65536, 65537}};
    static uint8_t octets[2 + 65535];
    memset(octets, 0xff, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        size_t sizes[4];
        set_up(&f);
        put(&f, octets, rows[i].received);
        ck_assert_uint_eq(take_all(&f, sizes), 0);
        ck_assert_uint_le(tcp_stream_memory(&f.stream), rows[i].memory);
        ck_assert_uint_ge(tcp_stream_memory(&f.stream), rows[i].received);
        put(&f, octets + rows[i].received, sizeof octets - rows[i].received);
        put(&f, octets, 1);
        ck_assert_uint_eq(take_all(&f, sizes), 1);
        ck_assert_uint_eq(tcp_stream_memory(&f.stream), 1024);
        tear_down(&f);
    }
}
END_TEST

START_TEST(one_turn_is_bounded)
{
    static uint8_t octets[40000]; /* 20000 empty messages */
    struct fixture f;
    set_up(&f);
    put(&f, octets, sizeof octets);
    while (tcp_stream_receive(&f.stream) == TCP_STREAM_MORE) {
        const uint8_t *message;
        size_t size, count = 0;
        ck_assert_uint_le(f.stream.held, TCP_STREAM_RECEIVE_MAX);
        while (tcp_stream_next(&f.stream, &message, &size))
            count++;
        ck_assert_uint_le(count, TCP_STREAM_RECEIVE_MAX / TCP_STREAM_LENGTH);
        tcp_stream_settle(&f.stream);
    }
    tear_down(&f);
}
END_TEST

START_TEST(what_the_socket_does_not_take)
{
    static uint8_t octets[4 << 20], got[sizeof octets];
    struct fixture f;
    size_t size = 0;
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(i * 7 + i / 999);
    set_up(&f);
    ck_assert_int_eq(tcp_stream_send(&f.stream, octets, sizeof octets), TCP_STREAM_WAIT);
    ck_assert(tcp_stream_is_blocked(&f.stream));
    ck_assert_uint_gt(tcp_stream_memory(&f.stream), 0);
    while (size < sizeof got) {
        ssize_t count = read(f.ours, got + size, 50000);
        ck_assert_int_gt(count, 0);
        size += (size_t)count;
        if (tcp_stream_is_blocked(&f.stream))
            ck_assert_int_ne(tcp_stream_flush(&f.stream), TCP_STREAM_BROKEN);
    }
    ck_assert_mem_eq(octets, got, sizeof got);
    ck_assert(!tcp_stream_is_blocked(&f.stream));
    ck_assert_uint_eq(tcp_stream_memory(&f.stream), 0);
    tear_down(&f);
}
END_TEST

START_TEST(ends)
{
    struct fixture f;
    set_up(&f);
    ck_assert_int_eq(tcp_stream_receive(&f.stream), TCP_STREAM_WAIT);
    shutdown(f.ours, SHUT_WR);
    ck_assert_int_eq(tcp_stream_receive(&f.stream), TCP_STREAM_END);
    ck_assert_int_eq(tcp_stream_send(&f.stream, (const uint8_t *)"x", 1), TCP_STREAM_MORE);
    close(f.ours);
    ck_assert_int_eq(tcp_stream_send(&f.stream, (const uint8_t *)"x", 1), TCP_STREAM_BROKEN);
    f.ours = -1;
    tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/tcp_stream", split_at_each_octet, longest_message, memory, one_turn_is_bounded,
           what_the_socket_does_not_take, ends)
