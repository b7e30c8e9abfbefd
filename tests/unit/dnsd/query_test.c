// SPDX-License-Identifier: MIT
#include "dnsd/query.h"

#include <string.h>

#include "dnsd/protocol.h"
#include "tests/support/check_main.h"
#include "tests/support/lib_query.h"

/* A message is given as octets, with these shorthands. */
#define ID        0x4d, 0x44
#define PLAIN     ID, 0x01, 0x00
#define COUNTS    0, 1, 0, 0, 0, 0, 0, 0
#define COUNTS_AR 0, 1, 0, 0, 0, 0, 0, 1
#define COUNTS_A2 0, 1, 0, 0, 0, 0, 0, 2
#define COUNTS_AN 0, 1, 0, 1, 0, 0, 0, 0
#define A_B       1, 'A', 1, 'b', 0
#define IN_A      0, 1, 0, 1
#define OPT(size) 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, size
#define C8        1, 2, 3, 4, 5, 6, 7, 8
#define ROW(message, outcome, ...)                                                                           \
    {                                                                                                        \
        message, outcome, (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[])                            \
        {                                                                                                    \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
    }

static const struct {
    const char *message;
    enum query_outcome expected;
    const uint8_t *octets;
    size_t size;
} messages[] = {
    ROW("a question", QUERY_ANSWER, PLAIN, COUNTS, A_B, IN_A),
    ROW("a question for the root", QUERY_ANSWER, PLAIN, COUNTS, 0, IN_A),
    ROW("eleven octets", QUERY_DROP, ID, 1, 0, 0, 1, 0, 0, 0, 0, 0),
    ROW("a response", QUERY_DROP, ID, 0x81, 0x00, COUNTS, A_B, IN_A),
    ROW("opcode STATUS", QUERY_NOTIMP, ID, 0x10, 0x00, COUNTS, A_B, IN_A),
    ROW("opcode IQUERY", QUERY_NOTIMP, ID, 0x08, 0x00, COUNTS, A_B, IN_A),
    ROW("opcode NOTIFY", QUERY_NOTIMP, ID, 0x20, 0x00, COUNTS, A_B, IN_A),
    ROW("opcode DSO, no question", QUERY_NOTIMP, ID, 0x30, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0),
    ROW("opcode 15, octets of its own", QUERY_NOTIMP, ID, 0x78, 0x00, COUNTS, 0xff, 0xff),
    ROW("bits RD, RA, Z, AD, CD and an rcode", QUERY_ANSWER, ID, 0x07, 0xff, COUNTS, A_B, IN_A),
    ROW("opcode UPDATE", QUERY_NOTIMP, ID, 0x28, 0x00, COUNTS, A_B, IN_A),
    ROW("no question, RFC 9619", QUERY_FORMERR, PLAIN, 0, 0, 0, 0, 0, 0, 0, 0),
    ROW("two questions, RFC 9619", QUERY_FORMERR, PLAIN, 0, 2, 0, 0, 0, 0, 0, 0, A_B, IN_A, A_B, IN_A),
    ROW("header only", QUERY_FORMERR, PLAIN, COUNTS),
    ROW("name cut off", QUERY_FORMERR, PLAIN, COUNTS, 3, 'a', 'b'),
    ROW("name without an end", QUERY_FORMERR, PLAIN, COUNTS, 1, 'a'),
    ROW("type cut off", QUERY_FORMERR, PLAIN, COUNTS, A_B, 0),
    ROW("class cut off", QUERY_FORMERR, PLAIN, COUNTS, A_B, 0, 1, 0),
    ROW("compressed question", QUERY_FORMERR, PLAIN, COUNTS, 0xc0, 12, IN_A),
    ROW("label type 01", QUERY_FORMERR, PLAIN, COUNTS, 0x41, 'a', 0, IN_A),
    ROW("trailing octets are ignored", QUERY_ANSWER, PLAIN, COUNTS, A_B, IN_A, 0, 7),
    ROW("class CH, TXT", QUERY_CHAOS, PLAIN, COUNTS, A_B, 0, 16, 0, 3),
    ROW("class CH, ANY", QUERY_CHAOS, PLAIN, COUNTS, A_B, 0, 255, 0, 3),
    ROW("class CH, A", QUERY_REFUSED, PLAIN, COUNTS, A_B, 0, 1, 0, 3),
    ROW("class HS", QUERY_REFUSED, PLAIN, COUNTS, A_B, 0, 1, 0, 4),
    ROW("class NONE", QUERY_REFUSED, PLAIN, COUNTS, A_B, 0, 1, 0, 254),
    ROW("class 0", QUERY_REFUSED, PLAIN, COUNTS, A_B, 0, 1, 0, 0),
    ROW("class ANY", QUERY_REFUSED, PLAIN, COUNTS, A_B, 0, 1, 0, 255),
    ROW("AXFR", QUERY_TRANSFER, PLAIN, COUNTS, A_B, 0, 252, 0, 1),
    ROW("IXFR", QUERY_TRANSFER, PLAIN, COUNTS, A_B, 0, 251, 0, 1),
    ROW("type 0", QUERY_ANSWER, PLAIN, COUNTS, A_B, 0, 0, 0, 1),
    ROW("type NXNAME, RFC 9824", QUERY_BAD_TYPE, PLAIN, COUNTS, A_B, 0, 128, 0, 1),
    ROW("an unassigned meta type", QUERY_BAD_TYPE, PLAIN, COUNTS, A_B, 0, 248, 0, 1),
    ROW("type TKEY", QUERY_BAD_TYPE, PLAIN, COUNTS, A_B, 0, 249, 0, 1),
    ROW("type TSIG", QUERY_BAD_TYPE, PLAIN, COUNTS, A_B, 0, 250, 0, 1),
    ROW("type 127", QUERY_ANSWER, PLAIN, COUNTS, A_B, 0, 127, 0, 1),
    ROW("type 256", QUERY_ANSWER, PLAIN, COUNTS, A_B, 1, 0, 0, 1),
    ROW("type 65535", QUERY_ANSWER, PLAIN, COUNTS, A_B, 255, 255, 0, 1),
    ROW("type OPT", QUERY_BAD_TYPE, PLAIN, COUNTS, A_B, 0, 41, 0, 1),
    ROW("type ANY", QUERY_ANSWER, PLAIN, COUNTS, A_B, 0, 255, 0, 1),
    ROW("type MAILA", QUERY_NOTIMP, PLAIN, COUNTS, A_B, 0, 254, 0, 1),
    ROW("type MAILB", QUERY_NOTIMP, PLAIN, COUNTS, A_B, 0, 253, 0, 1),
    ROW("EDNS", QUERY_ANSWER, PLAIN, COUNTS_AR, A_B, IN_A, OPT(0)),
    ROW("additional record announced, none there", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A),
    ROW("OPT twice, RFC 6891 6.1.1", QUERY_FORMERR, PLAIN, COUNTS_A2, A_B, IN_A, OPT(0), OPT(0)),
    ROW("OPT in the answer section", QUERY_FORMERR, PLAIN, COUNTS_AN, A_B, IN_A, OPT(0)),
    ROW("OPT not owned by the root", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A, 1, 'x', OPT(0)),
    ROW("EDNS version 1", QUERY_BADVERS, PLAIN, COUNTS_AR, A_B, IN_A, 0, 0, 41, 4, 208, 0, 1, 0, 0, 0, 0),
    ROW("unknown option", QUERY_ANSWER, PLAIN, COUNTS_AR, A_B, IN_A, OPT(6), 0xff, 0, 0, 2, 1, 2),
    ROW("option longer than OPT", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A, OPT(6), 0xff, 0, 0, 3, 1, 2),
    ROW("option header cut off", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A, OPT(3), 0xff, 0, 0),
    ROW("a client cookie", QUERY_ANSWER, PLAIN, COUNTS_AR, A_B, IN_A, OPT(12), 0, 10, 0, 8, C8),
    ROW("the shortest server cookie", QUERY_ANSWER, PLAIN, COUNTS_AR, A_B, IN_A, OPT(20), 0, 10, 0, 16, C8,
        C8),
    ROW("the longest", QUERY_ANSWER, PLAIN, COUNTS_AR, A_B, IN_A, OPT(44), 0, 10, 0, 40, C8, C8, C8, C8, C8),
    ROW("an empty cookie", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A, OPT(4), 0, 10, 0, 0),
    ROW("half a client cookie", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A, OPT(8), 0, 10, 0, 4, 1, 2, 3, 4),
    ROW("a server cookie of one octet", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A, OPT(13), 0, 10, 0, 9, C8,
        1),
    ROW("of 33 octets", QUERY_FORMERR, PLAIN, COUNTS_AR, A_B, IN_A, OPT(45), 0, 10, 0, 41, C8, C8, C8, C8, C8,
        1),
    ROW("two cookies: the first counts", QUERY_ANSWER, PLAIN, COUNTS_AR, A_B, IN_A, OPT(17), 0, 10, 0, 8, C8,
        0, 10, 0, 1, 1),
    ROW("no question, but a cookie, RFC 7873 5.4", QUERY_COOKIE, PLAIN, 0, 0, 0, 0, 0, 0, 0, 1, OPT(12), 0,
        10, 0, 8, C8),
    ROW("no question and no cookie, but EDNS", QUERY_FORMERR, PLAIN, 0, 0, 0, 0, 0, 0, 0, 1, OPT(0)),
    ROW("EDNS version 1 before the errors of its options", QUERY_BADVERS, PLAIN, COUNTS_AR, A_B, IN_A, 0, 0,
        41, 4, 208, 0, 1, 0, 0, 0, 4, 0, 10, 0, 0),
    ROW("another additional record is skipped", QUERY_ANSWER, PLAIN, COUNTS_A2, A_B, IN_A, 0xc0, 12, IN_A, 0,
        0, 0, 0, 0, 4, 192, 0, 2, 1, OPT(0)),
    ROW("an answer in the query is skipped", QUERY_ANSWER, PLAIN, COUNTS_AN, A_B, IN_A, 1, 'x', 0xc0, 12,
        IN_A, 0, 0, 0, 0, 0, 1, 7),
};

START_TEST(judges_messages)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct query q;
        enum query_outcome got = query_parse(messages[i].octets, messages[i].size, &q);
        ck_assert_msg(got == messages[i].expected, "%s: got %d", messages[i].message, got);
    }
}
END_TEST

/* Every truncation of every message: from a heap block of exactly that size, so that a read past the end is
 * an error under sanitizers. */
START_TEST(no_truncation_is_read_past_its_end)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        for (size_t size = 0; size < messages[i].size; size++) {
            uint8_t *copy = malloc(size ? size : 1);
            struct query q;
            memcpy(copy, messages[i].octets, size);
            enum query_outcome got = query_parse(copy, size, &q);
            ck_assert_msg(size >= 12 || got == QUERY_DROP, "%s, %zu octets", messages[i].message, size);
            if (messages[i].expected == QUERY_ANSWER && strstr(messages[i].message, "trailing") == NULL)
                ck_assert_msg(got != QUERY_ANSWER, "%s, %zu octets", messages[i].message, size);
            free(copy);
        }
}
END_TEST

static const struct {
    const char *message;
    unsigned family, source, scope;
    uint8_t address[17];
    size_t octets;
    bool ok;
} ecs_options[] = {
    {"IPv4 /24", 1, 24, 0, {81, 2, 69}, 3, true},
    {"IPv4 /32", 1, 32, 0, {81, 2, 69, 142}, 4, true},
    {"IPv4 /0", 1, 0, 0, {0}, 0, true},
    {"IPv4 /20", 1, 20, 0, {81, 2, 0x50}, 3, true},
    {"IPv6 /48", 2, 48, 0, {0x20, 1, 0xd, 0xb8, 0, 7}, 6, true},
    {"IPv6 /128", 2, 128, 0, {0x20, 1}, 16, true},
    {"family 0 as dig sends for +subnet=0", 0, 0, 0, {0}, 0, true},
    {"family 0 with a source", 0, 24, 0, {81, 2, 69}, 3, false},
    {"unknown family", 3, 24, 0, {81, 2, 69}, 3, false},
    {"scope in a query", 1, 24, 24, {81, 2, 69}, 3, false},
    {"bits past the source", 1, 20, 0, {81, 2, 0x51}, 3, false},
    {"address too long", 1, 24, 0, {81, 2, 69, 0}, 4, false},
    {"address too short", 1, 24, 0, {81, 2}, 2, false},
    {"IPv4 /33", 1, 33, 0, {81, 2, 69, 0, 0}, 5, false},
    {"IPv6 /129", 2, 129, 0, {0x20, 1}, 17, false},
};

START_TEST(judges_client_subnets)
{
    for (size_t i = 0; i < sizeof ecs_options / sizeof *ecs_options; i++) {
        uint8_t option[64], packet[512];
        size_t size = query_ecs_option(option, ecs_options[i].family, ecs_options[i].source,
                                       ecs_options[i].scope, ecs_options[i].address, ecs_options[i].octets);
        struct query_spec spec = {
            .name = "www.example.com", .type = 1, .edns = true, .options = option, .options_size = size};
        struct query q;
        enum query_outcome got = query_parse(packet, query_write(&spec, packet, sizeof packet), &q);
        ck_assert_msg(got == (ecs_options[i].ok ? QUERY_ANSWER : QUERY_FORMERR), "%s",
                      ecs_options[i].message);
        if (!ecs_options[i].ok)
            continue;
        ck_assert(q.ecs.present);
        ck_assert_uint_eq(q.ecs.source, ecs_options[i].source);
        ck_assert_mem_eq(q.ecs.addr.octets, ecs_options[i].address, ecs_options[i].octets);
    }
}
END_TEST

START_TEST(two_client_subnets_are_malformed)
{
    uint8_t options[64], packet[512];
    size_t size = query_ecs_of(options, "192.0.2.0/24");
    size += query_ecs_of(options + size, "198.51.100.0/24");
    struct query_spec spec = {.name = "a", .type = 1, .edns = true, .options = options, .options_size = size};
    struct query q;
    ck_assert_int_eq(query_parse(packet, query_write(&spec, packet, sizeof packet), &q), QUERY_FORMERR);
}
END_TEST

START_TEST(reads_all_there_is)
{
    static const uint8_t options[] = {0, 3, 0, 0, 0, 11, 0, 0, 0, 12, 0, 2, 0, 0, 0, 10, 0, 8, C8};
    uint8_t packet[512];
    struct query_spec spec = {.name = "WwW.ExAmple.com",
                              .type = 28,
                              .edns = true,
                              .udp_size = 4096,
                              .edns_flags = EDNS_FLAG_DO,
                              .options = options,
                              .options_size = sizeof options};
    struct query q;
    ck_assert_int_eq(query_parse(packet, query_write(&spec, packet, sizeof packet), &q), QUERY_ANSWER);
    ck_assert_uint_eq(q.id, 0x4d44);
    ck_assert_uint_eq(q.type, 28);
    ck_assert_uint_eq(q.name_length, 17);
    ck_assert_uint_eq(q.label_count, 3);
    ck_assert_mem_eq(q.name, "\3www\7example\3com", 17);
    ck_assert_uint_eq(q.udp_size, 4096);
    ck_assert(q.edns && q.dnssec_ok && q.nsid && q.keepalive && q.padding && !q.ecs.present);
    ck_assert_uint_eq(q.cookie_size, 8);
    ck_assert_mem_eq(q.cookie, options + sizeof options - 8, 8);
}
END_TEST

START_TEST(names_may_have_255_octets_and_no_more)
{
    for (unsigned last = 60; last <= 63; last++) {
        uint8_t packet[512];
        struct wire_writer w = wire_writer_of(packet, sizeof packet);
        wire_put(&w, (const uint8_t[]){PLAIN, COUNTS}, 12);
        for (unsigned i = 0; i < 4; i++) {
            wire_put8(&w, i < 3 ? 63 : last);
            memset(wire_reserve(&w, i < 3 ? 63 : last), 'x', i < 3 ? 63 : last);
        }
        wire_put(&w, (const uint8_t[]){0, IN_A}, 5);
        struct query q;
        enum query_outcome got = query_parse(packet, wire_written(&w), &q);
        ck_assert_msg(got == (last <= 61 ? QUERY_ANSWER : QUERY_FORMERR), "last label %u", last);
    }
}
END_TEST

CHECK_MAIN("dnsd/query", judges_messages, no_truncation_is_read_past_its_end, judges_client_subnets,
           two_client_subnets_are_malformed, reads_all_there_is, names_may_have_255_octets_and_no_more)
