// SPDX-License-Identifier: MIT
/* TLS and HTTPS against servers that do not get as far as a certificate; those that do: tests/system/probes.sh. */
#include "healthd/probe.h"

#include "tests/unit/healthd/probing.h"

static const struct config_status_range status_ok[] = {{200, 200}};

/* Without verification: reading the system's store takes a sanitizer's build longer than the timeout. */
static struct config_check check_of(enum config_check_type type)
{
    return (struct config_check){.type = type,
                                 .timeout_ms = TIMEOUT_MS,
                                 .http = {.path = "/", .status = status_ok, .status_count = 1},
                                 .tls = {.name = "www.example.com", .verify = false}};
}

START_TEST(behaviours)
{
    static const struct {
        const char *message;
        unsigned behaviour;
        const char *text, *reason;
    } rows[] = {
        {"refused", REFUSE, "", "connection refused"},
        {"never accepts", MUTE, "", "timeout after 300ms, no TLS handshake"},
        {"never answers", HOLD, "", "timeout after 300ms, no TLS handshake"},
        {"closed at once", CLOSE | SPEAK_FIRST, "", "TLS handshake failed: connection closed"},
        {"HTTP without TLS", HOLD | SPEAK_FIRST, "HTTP/1.1 400 Bad Request\r\n\r\n",
         "TLS handshake failed: the server does not speak TLS"},
        {"garbage", FLOOD | SPEAK_FIRST, "", "TLS handshake failed: the server does not speak TLS"},
        {"a record that drips", DRIP | SPEAK_FIRST, "\x16\x03\x03\x40",
         "timeout after 300ms, no TLS handshake"},
    };
    static const enum config_check_type types[] = {CONFIG_CHECK_TLS, CONFIG_CHECK_HTTPS};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        size_t row = i / 2;
        struct server server = server_start("127.0.0.1", rows[row].behaviour, rows[row].text);
        struct config_check check = check_of(types[i % 2]);
        struct probe_result result = probe_twice(rows[row].message, &check, &server.endpoint);
        check_result(rows[row].message, &result, rows[row].reason);
        server_stop(&server);
    }
}
END_TEST

START_TEST(a_machine_that_is_off)
{
    int fillers[FILLERS];
    struct server server = server_blackhole(fillers);
    struct config_check check = check_of(CONFIG_CHECK_TLS);
    struct probe_result result = probe_twice("off", &check, &server.endpoint);
    check_result("off", &result, "timeout after 300ms, no connection");
    blackhole_stop(&server, fillers);
}
END_TEST

START_TEST(no_authorities)
{
    struct server server = server_start("127.0.0.1", HOLD, "");
    struct config_check check = check_of(CONFIG_CHECK_HTTPS);
    check.tls.verify = true;
    check.tls.ca_file = "/nowhere/ca.pem";
    struct probe_result result = probe_twice("no ca_file", &check, &server.endpoint);
    ck_assert_int_eq(result.outcome, PROBE_UNDONE);
    ck_assert_str_eq(result.reason, "certificates of authorities cannot be read from /nowhere/ca.pem");
    server_stop(&server);
}
END_TEST

START_TEST(cancelled_gives_no_result)
{
    struct server server = server_start("127.0.0.1", HOLD, "");
    struct config_check check = check_of(CONFIG_CHECK_TLS);
    check_cancel(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

START_TEST(own_fault_is_not_the_targets)
{
    struct server server = server_start("127.0.0.1", HOLD, "");
    struct config_check check = check_of(CONFIG_CHECK_TLS);
    check_own_fault(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

CHECK_MAIN("healthd/probe_tls", behaviours, a_machine_that_is_off, no_authorities, cancelled_gives_no_result,
           own_fault_is_not_the_targets)
