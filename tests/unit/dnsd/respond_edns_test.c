// SPDX-License-Identifier: MIT
/* What a packet can ask besides names, and what goes along with an answer: opcodes, classes, meta types, EDNS
 * options, extended errors, sizes, rate limits. Every response is decoded by ldns. */
#include <string.h>

#include "tests/unit/dnsd/edns_fixture.h"

struct row {
    const char *message;
    struct query_spec spec;
    const char *options; /* in hex; "" with .spec.edns: none */
    bool tcp;
    const char *expected;
};

static void check_rows(const struct fixture *f, const struct row *rows, size_t count)
{
    static uint8_t out[RESPOND_TCP_MAX];
    for (size_t i = 0; i < count; i++) {
        char text[1024];
        size_t size = ask(f, &rows[i].spec, rows[i].options ? rows[i].options : "", rows[i].tcp, out);
        const char *got = decode(out, size, text);
        ck_assert_msg(strcmp(got, rows[i].expected) == 0, "%s:\nexpected %s\ngot      %s", rows[i].message,
                      rows[i].expected, got);
    }
}
#define CHECK_ROWS(f, rows) check_rows(f, rows, sizeof(rows) / sizeof *(rows))

#define EDNS(question, kind) .spec = {.name = question, .type = kind, .edns = true}

START_TEST(errors_are_explained_to_who_speaks_edns)
{
    static const struct row rows[] = {
        {"not our zone", EDNS("www.example.net", 1), .expected = "5 1/0/0/1 15=0014"},
        {"the same without EDNS", .spec = {.name = "www.example.net", .type = 1}, .expected = "5 1/0/0/0"},
        {"AXFR of our zone", EDNS("example.com", 252), .tcp = true,
         .expected = "5 1/0/0/1 15=00127a6f6e65207472616e73666572"},
        {"IXFR over UDP", EDNS("example.com", 251),
         .expected = "5 1/0/0/1 15=00127a6f6e65207472616e73666572"},
        {"AXFR of another zone", EDNS("example.net", 252), .tcp = true, .expected = "9 1/0/0/1 15=0014"},
        {"AXFR of a name within our zone", EDNS("both.example.com", 252), .tcp = true,
         .expected = "9 1/0/0/1 15=0014"},
        {"AXFR of a delegated zone", EDNS("in.example.com", 252), .tcp = true,
         .expected = "9 1/0/0/1 15=0014"},
        {"MAILB", EDNS("both.example.com", 253), .expected = "4 1/0/0/1 15=0015"},
        {"a meta type", EDNS("both.example.com", 128), .expected = "1 1/0/0/1 15=001e"},
        {"type 0", EDNS("both.example.com", 0), .expected = "0 aa 1/0/1/1"},
        {"class ANY", .spec = {.name = "both.example.com", .type = 1, .class = 255, .edns = true},
         .expected = "5 1/0/0/1 15=0014"},
        {"NOTIFY", .spec = {.name = "example.com", .type = 6, .flags = 0x2000, .edns = true},
         .expected = "4 1/0/0/1 15=0015"},
        {"opcode 15", .spec = {.name = "example.com", .type = 6, .flags = 0x7800}, .expected = "4 1/0/0/0"},
        {"EDNS version 1", .spec = {.name = "both.example.com", .type = 1, .edns = true, .version = 1},
         .expected = "16 1/0/0/1"},
        {"version 255, with options",
         .spec = {.name = "both.example.com", .type = 1, .edns = true, .version = 255},
         .options = "00030000000a0001ff", .expected = "16 1/0/0/1"},
        {"NXDOMAIN needs no words", EDNS("no.example.com", 1), .expected = "3 aa 1/0/1/1"},
        {"all flags set in the query", .spec = {.name = "both.example.com", .type = 1, .flags = 0x07f7},
         .expected = "0 aa 1/1/0/0"},
        {"DO is copied", .spec = {.name = "both.example.com", .type = 1, .edns = true, .edns_flags = 0x8000},
         .expected = "0 aa do 1/1/0/1"},
        {"and the other flags are not",
         .spec = {.name = "both.example.com", .type = 1, .edns = true, .edns_flags = 0x7fff},
         .expected = "0 aa 1/1/0/1"},
    };
    struct fixture f;
    set_up(&f, SERVER);
    CHECK_ROWS(&f, rows);
    tear_down(&f);
}
END_TEST

START_TEST(options_are_answered_where_they_make_sense)
{
    static const struct row rows[] = {
        {"NSID", EDNS("both.example.com", 1), .options = "00030000", .expected = "0 aa 1/1/0/1 3=6e732d31"},
        {"NSID, not empty", EDNS("both.example.com", 1), .options = "00030001ff",
         .expected = "0 aa 1/1/0/1 3=6e732d31"},
        {"keepalive over UDP, RFC 7828 3.3.2", EDNS("both.example.com", 1), .options = "000b0000",
         .expected = "0 aa 1/1/0/1"},
        {"keepalive over TCP", EDNS("both.example.com", 1), .options = "000b0000", .tcp = true,
         .expected = "0 aa 1/1/0/1 11=0064"},
        {"padding over UDP", EDNS("both.example.com", 1), .options = "000c00020000",
         .expected = "0 aa 1/1/0/1"},
        {"padding over TCP", EDNS("both.example.com", 1), .options = "000c00020000", .tcp = true,
         .expected = "0 aa 1/1/0/1 12="},
        {"unknown options", EDNS("both.example.com", 1), .options = "fde900020102ffff0000",
         .expected = "0 aa 1/1/0/1"},
        {"a client cookie, RFC 9018 A.1", EDNS("both.example.com", 1), .options = "000a00082464c4abcf10c957",
         .expected = "0 aa 1/1/0/1 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
        {"a good server cookie", EDNS("both.example.com", 1),
         .options = "000a00182464c4abcf10c957010000005cf79f111f8130c3eee29480",
         .expected = "0 aa 1/1/0/1 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
        {"a bad one: an answer, and a fresh one", EDNS("both.example.com", 1),
         .options = "000a00182464c4abcf10c957010000005cf79f110000000000000000",
         .expected = "0 aa 1/1/0/1 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
        {"a cookie with an error", EDNS("www.example.net", 1), .options = "000a00082464c4abcf10c957",
         .expected = "5 1/0/0/1 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480 15=0014"},
        {"a malformed cookie, RFC 7873 5.2.2", EDNS("both.example.com", 1), .options = "000a000401020304",
         .expected = "1 1/0/0/1"},
        {"a malformed ECS, RFC 7871 7.1.2", EDNS("both.example.com", 1),
         .options = "000800080001180001020304", .expected = "1 1/0/0/1"},
        {"ECS with an error", EDNS("www.example.net", 1), .options = "00080007000118000a0102",
         .expected = "5 1/0/0/1 8=000118000a0102 15=0014"},
        {"all at once", EDNS("both.example.com", 1), .tcp = true,
         .options = "000c0000000b00000003000000080007000118000a0102000a00082464c4abcf10c957",
         .expected = "0 aa 1/1/0/1 3=6e732d31 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480 11=0064 "
                     "8=000118000a0102 12="},
    };
    struct fixture f;
    set_up(&f, SERVER);
    CHECK_ROWS(&f, rows);
    tear_down(&f);
}
END_TEST

START_TEST(cookies_can_be_off)
{
    static const struct row rows[] = {
        {"a cookie is ignored", EDNS("both.example.com", 1), .options = "000a00082464c4abcf10c957",
         .expected = "0 aa 1/1/0/1"},
        {"no NSID either", EDNS("both.example.com", 1), .options = "00030000", .expected = "0 aa 1/1/0/1"},
    };
    struct fixture f;
    set_up(&f, "server: { cookies: { enabled: false } }\n");
    CHECK_ROWS(&f, rows);
    tear_down(&f);
}
END_TEST

/* RFC 7873 section 5.4: no question, but a cookie. */
START_TEST(a_cookie_can_be_asked_for)
{
#define NO_QUESTION "4d440000000000000000000100002904d000000000"
    static const struct {
        const char *message, *packet, *expected;
    } rows[] = {
        {"a client cookie", NO_QUESTION "000c000a00082464c4abcf10c957",
         "0 0/0/0/1 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
        {"a good one", NO_QUESTION "001c000a00182464c4abcf10c957010000005cf79f111f8130c3eee29480",
         "0 0/0/0/1 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
        {"a bad one", NO_QUESTION "001c000a00182464c4abcf10c957010000005cf79f110000000000000000",
         "23 0/0/0/1 10=2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
        {"no cookie", NO_QUESTION "0000", "1 0/0/0/1"},
    };
    struct fixture f;
    set_up(&f, SERVER);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t packet[100], out[RESPOND_UDP_MAX];
        char text[1024];
        struct respond_client client = client_of(false);
        size_t size = octets_of(rows[i].packet, packet);
        const char *got = decode(out, respond(&f.serving, &client, packet, size, out), text);
        ck_assert_msg(strcmp(got, rows[i].expected) == 0, "%s: %s", rows[i].message, got);
    }
    tear_down(&f);
}
END_TEST

START_TEST(padded_answers_come_in_blocks)
{
    static uint8_t out[RESPOND_TCP_MAX];
    static const char *const names[] = {"www.example.com", "in.example.com", "x.no.example.com",
                                        "example.net"};
    struct fixture f;
    set_up(&f, SERVER);
    for (size_t i = 0; i < 4; i++) {
        struct query_spec spec = {.name = names[i], .type = 1, .edns = true};
        size_t plain = ask(&f, &spec, "", true, out), padded = ask(&f, &spec, "000c0000", true, out);
        ck_assert_uint_eq(padded % 468, 0);
        ck_assert(padded >= plain + 4 && padded < plain + 4 + 468);
    }
    tear_down(&f);
}
END_TEST

/* RFC 4892 */
START_TEST(the_server_tells_what_it_may)
{
#define CHAOS(question, kind) .spec = {.name = question, .type = kind, .class = 3 }
    static const struct row rows[] = {
        {"version.bind", CHAOS("VERSION.Bind", 16), .expected = "0 aa 1/1/0/0"},
        {"version.server", CHAOS("version.server", 16), .expected = "0 aa 1/1/0/0"},
        {"id.server", CHAOS("id.server", 16), .expected = "0 aa 1/1/0/0"},
        {"hostname.bind, ANY", CHAOS("hostname.bind", 255), .expected = "0 aa 1/1/0/0"},
        {"another type", CHAOS("version.bind", 1), .expected = "5 1/0/0/0"},
        {"another name", CHAOS("authors.bind", 16), .expected = "5 1/0/0/0"},
        {"in class IN", .spec = {.name = "version.bind", .type = 16}, .expected = "5 1/0/0/0"},
        {"a zone of ours", CHAOS("example.com", 16), .expected = "5 1/0/0/0"},
    };
    static const struct row nothing[] = {
        {"version.bind", CHAOS("version.bind", 16), .expected = "5 1/0/0/0"},
        {"id.server", CHAOS("id.server", 16), .expected = "5 1/0/0/0"},
    };
    static const uint8_t text[] = {0xc0, 12, 0, 16, 0, 3, 0, 0, 0, 0, 0, 4, 3, 'v', ' ', '1'};
    struct fixture f;
    uint8_t out[RESPOND_UDP_MAX];
    set_up(&f, SERVER);
    CHECK_ROWS(&f, rows);
    size_t size = ask(&f, &rows[0].spec, "", false, out);
    ck_assert_mem_eq(out + size - sizeof text, text, sizeof text);
    tear_down(&f);
    set_up(&f, "");
    CHECK_ROWS(&f, nothing);
    tear_down(&f);
}
END_TEST

/* RFC 8482 */
START_TEST(any_is_one_or_over_tcp_all)
{
    static const struct row one[] = {
        {"one RRset", EDNS("both.example.com", 255), .expected = "0 aa 1/1/0/1"},
        {"over TCP, too", EDNS("both.example.com", 255), .tcp = true, .expected = "0 aa 1/1/0/1"},
    };
    static const struct row full[] = {
        {"over UDP one RRset", EDNS("both.example.com", 255), .expected = "0 aa 1/1/0/1"},
        {"over TCP three", EDNS("both.example.com", 255), .tcp = true, .expected = "0 aa 1/3/0/1"},
        {"a wildcard", EDNS("x.star.example.com", 255), .tcp = true, .expected = "0 aa 1/1/0/1"},
        {"a steered name", EDNS("www.example.com", 255), .tcp = true, .expected = "0 aa 1/2/0/1"},
        {"a steered name without its fallback", EDNS("mix.example.com", 255), .tcp = true,
         .expected = "0 aa 1/3/0/1"},
        {"NODATA", EDNS("star.example.com", 255), .tcp = true, .expected = "0 aa 1/0/1/1"},
    };
    struct fixture f;
    set_up(&f, SERVER);
    CHECK_ROWS(&f, one);
    tear_down(&f);
    set_up(&f, "server: { any: full }\n");
    CHECK_ROWS(&f, full);
    tear_down(&f);
}
END_TEST

#define LONG_LABEL "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" /* leaves less room for the rest */

START_TEST(loops_and_sizes)
{
    static const struct row rows[] = {
        {"a loop: each link once, as NSD", EDNS("one.example.com", 1), .expected = "0 aa 1/2/0/1"},
        {"a wildcard that leads into itself", EDNS("y.spin.example.com", 1), .expected = "0 aa 1/2/0/1"},
        {"the same, entered at its target", EDNS("X.spin.example.com", 1), .expected = "0 aa 1/1/0/1"},
        {"DNAMEs in a circle", EDNS("a.d1.example.com", 1), .expected = "0 aa 1/4/0/1"},
        {"sixteen CNAMEs are followed to their end", EDNS("n0.example.com", 1), .expected = "0 aa 1/17/0/1"},
        {"of a longer chain there are sixteen", EDNS("m.example.com", 1), .expected = "0 aa 1/16/0/1"},
        {"glue below the cut fits", EDNS("x.in.example.com", 1), .expected = "0 1/0/7/15"},
        {"it does not: TC, RFC 9471", .spec = {.name = LONG_LABEL ".in.example.com", .type = 1},
         .expected = "0 tc 1/0/0/0"},
        {"a sibling's fits", EDNS("x.sib.example.com", 1), .expected = "0 1/0/8/16"},
        {"it does not: what there is room for", .spec = {.name = LONG_LABEL ".sib.example.com", .type = 1},
         .expected = "0 1/0/8/11"},
        {"over TCP", .spec = {.name = "x.in.example.com", .type = 1}, .tcp = true, .expected = "0 1/0/7/14"},
    };
    struct fixture f;
    set_up(&f, SERVER);
    CHECK_ROWS(&f, rows);
    tear_down(&f);
}
END_TEST

/* Names behind the first 16 KiB of a message cannot be pointed to (RFC 1035 section 4.1.4). */
START_TEST(a_referral_of_many_kilobytes_is_sound)
{
    enum { SERVERS = 800, LINE_ROOM = 100 };
    static char zone[SERVERS * LINE_ROOM];
    static uint8_t out[RESPOND_TCP_MAX];
    struct fixture f;
    size_t at = 0;
    for (unsigned i = 0; i < SERVERS; i++)
        at += (size_t)snprintf(zone + at, sizeof zone - at,
                               "huge NS ns%u.huge\nns%u.huge A 10.0.%u.%u\nns%u.huge A 10.1.%u.%u\n", i, i,
                               i / 250, i % 250, i, i / 250, i % 250);
    set_up_zone(&f, SERVER, zone);
    struct query_spec spec = {.name = "x.huge.example.com", .type = 1};
    size_t size = ask(&f, &spec, "", true, out);
    ldns_pkt *packet = NULL;
    ck_assert_int_eq(ldns_wire2pkt(&packet, out, size), LDNS_STATUS_OK);
    ck_assert_uint_eq(ldns_pkt_nscount(packet), SERVERS);
    ck_assert_uint_eq(ldns_pkt_arcount(packet), 2 * SERVERS);
    for (unsigned i = 0; i < 2 * SERVERS; i += 2) {
        char *first = ldns_rdf2str(ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_additional(packet), i)));
        char *second = ldns_rdf2str(ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_additional(packet), i + 1)));
        ck_assert_str_eq(first, second);
        ck_assert_ptr_nonnull(strstr(first, ".huge.example.com."));
        free(first);
        free(second);
    }
    ldns_pkt_free(packet);
    tear_down(&f);
}
END_TEST

/* --- rate limits: answers of a row are asked for in turn ------------------------------------------------------- */

START_TEST(rates_are_limited)
{
#define GOOD  "000a00182464c4abcf10c957010000005cf79f111f8130c3eee29480"
#define FRESH "10=2464c4abcf10c957010000005cf79f111f8130c3eee29480"
    static const struct row rows[] = {
        {"1", EDNS("x1.star.example.com", 1), .expected = "0 aa 1/1/0/1"},
        {"2: a wildcard is one subject", EDNS("x2.star.example.com", 1), .expected = "0 aa 1/1/0/1"},
        {"3: dropped", EDNS("x3.star.example.com", 1), .expected = "silence"},
        {"4: slips", EDNS("x4.star.example.com", 1), .expected = "0 tc 1/0/0/1"},
        {"5: dropped", EDNS("x5.star.example.com", 1), .expected = "silence"},
        {"6: slips, to a client with half a cookie", EDNS("x6.star.example.com", 1),
         .options = "000a00082464c4abcf10c957", .expected = "23 1/0/0/1 " FRESH},
        {"a good cookie", EDNS("x7.star.example.com", 1), .options = GOOD, .expected = "0 aa 1/1/0/1 " FRESH},
        {"TCP", EDNS("x7.star.example.com", 1), .tcp = true, .expected = "0 aa 1/1/0/1"},
        {"another name 1", EDNS("both.example.com", 1), .expected = "0 aa 1/1/0/1"},
        {"another name 2", EDNS("BOTH.example.com", 28), .expected = "0 aa 1/1/0/1"},
        {"another name 3", EDNS("both.EXAMPLE.com", 16), .expected = "silence"},
        {"NXDOMAIN 1", EDNS("no1.example.com", 1), .expected = "3 aa 1/0/1/1"},
        {"NXDOMAIN 2", EDNS("no2.example.com", 1), .expected = "3 aa 1/0/1/1"},
        {"NXDOMAIN 3", EDNS("no3.example.com", 1), .expected = "silence"},
        {"NXDOMAIN 4: nobody shall believe the code of a slip", EDNS("no4.example.com", 1),
         .expected = "0 tc 1/0/0/1"},
        {"a referral 1", EDNS("a.in.example.com", 1), .expected = "0 1/0/7/15"},
        {"a referral 2", EDNS("b.in.example.com", 1), .expected = "0 1/0/7/15"},
        {"a referral 3", EDNS("c.in.example.com", 1), .expected = "silence"},
        {"an error 1", EDNS("example.net", 1), .expected = "5 1/0/0/1 15=0014"},
        {"an error 2", EDNS("both.example.com", 253), .expected = "4 1/0/0/1 15=0015"},
        {"an error 3", EDNS("example.org", 1), .expected = "silence"},
        {"an error 4: no slip, it would be no shorter", EDNS("example.org", 1), .expected = "silence"},
        {"a steered wildcard 1", EDNS("u1.users.example.com", 1), .expected = "0 aa 1/1/0/1"},
        {"a steered wildcard 2", EDNS("u2.users.example.com", 28), .expected = "0 aa 1/1/0/1"},
        {"a steered wildcard 3", EDNS("u3.users.example.com", 1), .expected = "silence"},
    };
    struct fixture f;
    set_up(&f, "server: { " COOKIES " }\nrrl: { rate: 2 }\n");
    CHECK_ROWS(&f, rows);
    tear_down(&f);
}
END_TEST

/* --- reload ------------------------------------------------------------------------------------------------------ */

/* What a dnsd with `previous` in service gets from the fixture's file. */
static struct snapshot *reload(const struct fixture *f, const struct snapshot *previous)
{
    struct err err = ERR_INIT;
    char path[128];
    snprintf(path, sizeof path, "%s/meridian.yaml", f->folder);
    struct snapshot *snapshot = snapshot_load(path, previous, &err);
    ck_assert_ptr_nonnull(snapshot);
    err_free(&err);
    return snapshot;
}

START_TEST(a_made_up_secret_outlives_a_reload)
{
    struct fixture before, other, shared;
    set_up(&before, "");
    set_up(&other, "");
    set_up(&shared, SERVER);
    ck_assert_mem_ne(before.snapshot->cookies.keys[0], other.snapshot->cookies.keys[0], SIPHASH_KEY_SIZE);
    struct snapshot *after = reload(&other, before.snapshot);
    ck_assert_mem_eq(before.snapshot->cookies.keys[0], after->cookies.keys[0], SIPHASH_KEY_SIZE);
    snapshot_free(after);
    after = reload(&shared, before.snapshot);
    ck_assert_uint_eq(after->cookies.keys[0][0], 0xe5);
    snapshot_free(after);
    after = reload(&before, shared.snapshot);
    ck_assert(after->cookies.random);
    snapshot_free(after);
    tear_down(&before);
    tear_down(&other);
    tear_down(&shared);
}
END_TEST

CHECK_MAIN("dnsd/respond, EDNS", errors_are_explained_to_who_speaks_edns,
           options_are_answered_where_they_make_sense, cookies_can_be_off, a_cookie_can_be_asked_for,
           padded_answers_come_in_blocks, the_server_tells_what_it_may, any_is_one_or_over_tcp_all,
           loops_and_sizes, a_referral_of_many_kilobytes_is_sound, rates_are_limited,
           a_made_up_secret_outlives_a_reload)
