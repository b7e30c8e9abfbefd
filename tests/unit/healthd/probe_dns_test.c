// SPDX-License-Identifier: MIT
#include "healthd/probe.h"

#include "core/base/wire.h"
#include "tests/unit/healthd/probing.h"

/* --- a DNS server that follows a script, in a process of its own ------------------------------------------ */

#define HEADER_SIZE 12
#define QTYPE_A     1
#define QTYPE_AAAA  28
#define QTYPE_TXT   16

enum answer {
    GOOD,     /* the rcode and the addresses of the script */
    OTHER_ID, /* the same, but to another question */
    OTHER_NAME,
    GARBAGE,   /* octets of no meaning */
    SHORT,     /* the header's first half */
    BROKEN,    /* a record that ends early */
    TRUNCATED, /* TC, and nobody there for TCP */
    HUGE,      /* 60 KB of addresses */
    SILENT,
};

struct script {
    enum answer answer;
    unsigned rcode, type;
    const char *addresses[3];
};

static void put_address(struct wire_writer *w, unsigned type, const char *text)
{
    struct addr addr;
    if (!addr_parse(text, &addr))
        _exit(1);
    wire_put16(w, 0xc000 | HEADER_SIZE); /* the name of the question */
    wire_put16(w, type);
    wire_put16(w, 1);
    wire_put32(w, 60);
    wire_put16(w, addr_bits(&addr) / 8);
    wire_put(w, addr.octets, addr_bits(&addr) / 8);
}

/* The reply to the query of `size` octets that lies in `octets`; its size. */
static size_t reply(const struct script *script, uint8_t *octets, size_t size, size_t room)
{
    unsigned count = 0, copies = script->answer == HUGE ? 1000 : 1;
    struct wire_writer w = wire_writer_of(octets + size, room - size);
    for (unsigned c = 0; c < copies; c++)
        for (size_t i = 0; i < 3 && script->addresses[i]; i++, count++)
            put_address(&w, script->type, script->addresses[i]);
    octets[2] |= 0x80; /* QR */
    octets[3] = (uint8_t)script->rcode;
    wire_store16(octets + 6, count);
    octets[0] ^= script->answer == OTHER_ID;
    octets[HEADER_SIZE + 1] ^= script->answer == OTHER_NAME;
    if (script->answer == TRUNCATED)
        octets[2] |= 0x02;
    if (script->answer == GARBAGE)
        memset(octets, 0xff, size);
    if (script->answer == SHORT)
        return HEADER_SIZE / 2;
    return size + wire_written(&w) - (script->answer == BROKEN ? 2 : 0);
}

static void serve_dns(int fd, const struct script *script)
{
    static uint8_t octets[65536];
    struct sockaddr_storage from;
    for (;;) {
        socklen_t length = sizeof from;
        ssize_t size = recvfrom(fd, octets, 512, 0, (struct sockaddr *)&from, &length);
        if (size < HEADER_SIZE)
            _exit(1);
        if (script->answer == SILENT)
            continue;
        size_t length_out = reply(script, octets, (size_t)size, 60000);
        (void)sendto(fd, octets, length_out, 0, (struct sockaddr *)&from, length);
    }
}

static struct server dns_start(const char *address, const struct script *script)
{
    struct server server = {.fd = -1};
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    ck_assert(addr_parse(address, &server.endpoint.addr));
    socklen_t size = endpoint_to_sockaddr(&server.endpoint, &bound);
    server.fd = socket(bound.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(server.fd, (struct sockaddr *)&bound, size), 0);
    ck_assert_int_eq(getsockname(server.fd, (struct sockaddr *)&bound, &length), 0);
    ck_assert(endpoint_from_sockaddr((struct sockaddr *)&bound, &server.endpoint));
    server.pid = fork();
    if (server.pid == 0)
        serve_dns(server.fd, script);
    return server;
}

/* --- probes ---------------------------------------------------------------------------------------------- */

static struct config_check check_of(unsigned record, unsigned rcode)
{
    return (struct config_check){
        .type = CONFIG_CHECK_DNS,
        .timeout_ms = TIMEOUT_MS,
        .dns = {.name = "www.example.com", .record = (int)record, .rcode = (int)rcode}};
}

START_TEST(behaviours)
{
    static const struct {
        const char *message;
        struct script script;
        unsigned record, rcode;
        const char *expect[2], *reason;
    } rows[] = {
        {"an address", {GOOD, 0, QTYPE_A, {"192.0.2.1"}}, QTYPE_A, 0, {NULL}, NULL},
        {"the expected one", {GOOD, 0, QTYPE_A, {"192.0.2.1"}}, QTYPE_A, 0, {"192.0.2.1"}, NULL},
        {"one of the expected",
         {GOOD, 0, QTYPE_A, {"192.0.2.2"}},
         QTYPE_A,
         0,
         {"192.0.2.1", "192.0.2.2"},
         NULL},
        {"IPv6", {GOOD, 0, QTYPE_AAAA, {"2001:db8::1"}}, QTYPE_AAAA, 0, {"2001:db8::1"}, NULL},
        {"another address",
         {GOOD, 0, QTYPE_A, {"192.0.2.9"}},
         QTYPE_A,
         0,
         {"192.0.2.1"},
         "the answer has 192.0.2.9, which is not expected"},
        {"one too many",
         {GOOD, 0, QTYPE_A, {"192.0.2.1", "192.0.2.9"}},
         QTYPE_A,
         0,
         {"192.0.2.1"},
         "the answer has 192.0.2.9, which is not expected"},
        {"another type of record",
         {GOOD, 0, QTYPE_AAAA, {"2001:db8::1"}},
         QTYPE_A,
         0,
         {"192.0.2.1"},
         "the answer has no address"},
        {"a huge answer",
         {HUGE, 0, QTYPE_A, {"192.0.2.1", "192.0.2.2"}},
         QTYPE_A,
         0,
         {"192.0.2.1"},
         "truncated, then over TCP: connection refused"},
        {"empty", {GOOD, 0, 0, {NULL}}, QTYPE_TXT, 0, {NULL}, "the answer is empty"},
        {"SERVFAIL", {GOOD, 2, 0, {NULL}}, QTYPE_A, 0, {NULL}, "SERVFAIL, want NOERROR"},
        {"REFUSED", {GOOD, 5, 0, {NULL}}, QTYPE_A, 0, {NULL}, "REFUSED, want NOERROR"},
        {"NXDOMAIN", {GOOD, 3, 0, {NULL}}, QTYPE_A, 0, {NULL}, "NXDOMAIN, want NOERROR"},
        {"NXDOMAIN wanted", {GOOD, 3, 0, {NULL}}, QTYPE_A, 3, {NULL}, NULL},
        {"NXDOMAIN wanted, another",
         {GOOD, 0, QTYPE_A, {"192.0.2.1"}},
         QTYPE_A,
         3,
         {NULL},
         "NOERROR, want NXDOMAIN"},
        {"silent", {SILENT, 0, 0, {NULL}}, QTYPE_A, 0, {NULL}, "timeout after 300ms, no answer"},
        {"another id",
         {OTHER_ID, 0, QTYPE_A, {"192.0.2.1"}},
         QTYPE_A,
         0,
         {NULL},
         "timeout after 300ms, no answer"},
        {"another name",
         {OTHER_NAME, 0, QTYPE_A, {"192.0.2.1"}},
         QTYPE_A,
         0,
         {NULL},
         "timeout after 300ms, no answer"},
        {"garbage", {GARBAGE, 0, 0, {NULL}}, QTYPE_A, 0, {NULL}, "timeout after 300ms, no answer"},
        {"half a header", {SHORT, 0, 0, {NULL}}, QTYPE_A, 0, {NULL}, "timeout after 300ms, no answer"},
        {"a broken record",
         {BROKEN, 0, QTYPE_A, {"192.0.2.1"}},
         QTYPE_A,
         0,
         {"192.0.2.1"},
         "the answer is malformed"},
        {"truncated, no TCP",
         {TRUNCATED, 0, QTYPE_A, {"192.0.2.1"}},
         QTYPE_A,
         0,
         {NULL},
         "truncated, then over TCP: connection refused"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addr expect[2];
        struct server server = dns_start("127.0.0.1", &rows[i].script);
        struct config_check check = check_of(rows[i].record, rows[i].rcode);
        check.dns.expect = expect;
        for (size_t e = 0; e < 2 && rows[i].expect[e]; e++)
            ck_assert(addr_parse(rows[i].expect[e], &expect[check.dns.expect_count++]));
        struct probe_result result = probe_twice(rows[i].message, &check, &server.endpoint);
        check_result(rows[i].message, &result, rows[i].reason);
        server_stop(&server);
    }
}
END_TEST

/* Nothing of this machine's resolver may have a say. */
START_TEST(environment)
{
    static const struct script script = {GOOD, 0, QTYPE_A, {"192.0.2.1"}};
    struct server server = dns_start("::1", &script);
    struct config_check check = check_of(QTYPE_A, 0);
    ck_assert_int_eq(setenv("LOCALDOMAIN", "example.net", 1), 0);
    ck_assert_int_eq(setenv("RES_OPTIONS", "ndots:9 attempts:7 timeout:9", 1), 0);
    check.dns.name = "localhost";
    struct probe_result result = probe_twice("IPv6", &check, &server.endpoint);
    check_result("IPv6", &result, NULL);
    server_stop(&server);
    server.pid = 0;
    result = probe_twice("refused", &check, &server.endpoint);
    check_result("refused", &result, "connection refused");
}
END_TEST

START_TEST(cancelled_gives_no_result)
{
    static const struct script script = {.answer = SILENT};
    struct server server = dns_start("127.0.0.1", &script);
    struct config_check check = check_of(QTYPE_A, 0);
    check_cancel(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

START_TEST(own_fault_is_not_the_targets)
{
    static const struct script script = {.answer = GOOD};
    struct server server = dns_start("127.0.0.1", &script);
    struct config_check check = check_of(QTYPE_A, 0);
    check_own_fault(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

CHECK_MAIN("healthd/probe_dns", behaviours, environment, cancelled_gives_no_result,
           own_fault_is_not_the_targets)
