// SPDX-License-Identifier: MIT
/* The small parts of the base: arena, clock texts, hash, log, wire. */
#include <string.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/wire.h"
#include "tests/support/check_main.h"

START_TEST(arena_memory_is_zeroed_aligned_and_apart)
{
    struct arena *arena = arena_create();
    unsigned char *blocks[300];
    for (size_t i = 0; i < 300; i++) {
        size_t size = i * i % 5000 + 1;
        arena_copy(arena, "odd", 3); /* disturbs the alignment */
        blocks[i] = arena_alloc(arena, size);
        ck_assert_uint_eq((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < size; k++)
            ck_assert_uint_eq(blocks[i][k], 0);
        memset(blocks[i], (int)(i % 251 + 1), size);
    }
    for (size_t i = 0; i < 300; i++)
        ck_assert_uint_eq(blocks[i][i * i % 5000], i % 251 + 1);
    ck_assert_ptr_nonnull(arena_array(arena, 3, 1 << 20));       /* larger than any block */
    for (size_t size = 1; size < 1 << 22; size = size * 3 + 1) { /* each the first of its arena */
        struct arena *fresh = arena_create(), *sized = arena_create_sized(size);
        memset(arena_alloc(fresh, size), 1, size);
        memset(arena_alloc(sized, size), 1, size);
        memset(arena_alloc(sized, 2 * size), 1, 2 * size); /* more than was foreseen */
        arena_free(sized);
        arena_free(fresh);
    }
    ck_assert_str_eq(arena_printf(arena, "%s:%d", "a", 7), "a:7");
    arena_free(arena);
    arena_free(NULL);
}
END_TEST

START_TEST(spans_read_well)
{
    static const struct {
        uint64_t ms;
        const char *expected;
    } rows[] = {{0, "0ms"},        {850, "850ms"},      {12000, "12s"},      {59999, "59s"},
                {330000, "5m30s"}, {10920000, "3h02m"}, {371000000, "4d07h"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[CLOCK_TEXT_MAX];
        ck_assert_str_eq(clock_format_span(rows[i].ms, text), rows[i].expected);
    }
    char text[CLOCK_TEXT_MAX];
    ck_assert_str_eq(clock_format(1795386781123, text), "2026-11-22T22:33:01.123Z");
}
END_TEST

START_TEST(every_octet_and_the_length_change_a_hash)
{
    unsigned char octets[40] = {0};
    for (size_t size = 0; size < sizeof octets; size++) {
        uint64_t plain = hash_octets(octets, size, 1);
        ck_assert_uint_ne(plain, hash_octets(octets, size + 1, 1));
        ck_assert_uint_ne(plain, hash_octets(octets, size, 2));
        for (size_t i = 0; i < size; i++) {
            octets[i] ^= 0x10;
            ck_assert_uint_ne(plain, hash_octets(octets, size, 1));
            octets[i] ^= 0x10;
        }
    }
}
END_TEST

START_TEST(a_hash_spreads_similar_keys)
{
    enum { KEYS = 100000, BUCKETS = 64 };
    unsigned buckets[BUCKETS] = {0};
    for (uint32_t key = 0; key < KEYS; key++)
        buckets[hash_octets(&key, sizeof key, 0) % BUCKETS]++;
    for (size_t i = 0; i < BUCKETS; i++) /* mean 1562, standard deviation 39: six of them */
        ck_assert_msg(buckets[i] > 1325 && buckets[i] < 1800, "bucket %zu has %u", i, buckets[i]);
}
END_TEST

/* What a log writes, through a pipe. */
static void logged(char *out, size_t size, bool json, enum log_level least, const char *text)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    struct log log = {least, json, ends[1]};
    log_line(&log, LOG_INFO, "%s", text);
    close(ends[1]);
    ssize_t got = read(ends[0], out, size - 1);
    close(ends[0]);
    out[got > 0 ? got : 0] = '\0';
}

START_TEST(a_log_line_cannot_be_forged)
{
    char line[300];
    logged(line, sizeof line, false, LOG_DEBUG, "one\nfake \x1b[1m");
    ck_assert_str_eq(line + CLOCK_TEXT_MAX - 8, " info    one?fake ?[1m\n");
    logged(line, sizeof line, true, LOG_DEBUG, "a \"b\"\n\\");
    ck_assert_ptr_nonnull(strstr(line, "\"level\":\"info\",\"message\":\"a \\\"b\\\"\\u000a\\\\\"}\n"));
    logged(line, sizeof line, false, LOG_WARNING, "too quiet");
    ck_assert_str_eq(line, "");
}
END_TEST

START_TEST(a_cursor_stays_where_it_failed)
{
    static const uint8_t octets[] = {1, 2, 3, 4, 5};
    struct wire_reader r = wire_reader_of(octets, sizeof octets);
    ck_assert_uint_eq(wire_u16(&r), 0x0102);
    ck_assert_uint_eq(wire_u32(&r), 0); /* one octet short */
    ck_assert(!r.ok);
    ck_assert_uint_eq(wire_u8(&r), 0); /* there is one, but the error sticks */

    uint8_t room[5];
    struct wire_writer w = wire_writer_of(room, sizeof room);
    wire_put32(&w, 0x01020304);
    wire_put16(&w, 0x0506);
    wire_put8(&w, 7);
    ck_assert(!w.ok);
    ck_assert_uint_eq(wire_written(&w), 4);
    ck_assert_mem_eq(room, octets, 4);
}
END_TEST

CHECK_MAIN("core/base", arena_memory_is_zeroed_aligned_and_apart, spans_read_well,
           every_octet_and_the_length_change_a_hash, a_hash_spreads_similar_keys, a_log_line_cannot_be_forged,
           a_cursor_stays_where_it_failed)
