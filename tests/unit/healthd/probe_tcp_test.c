// SPDX-License-Identifier: MIT
#include "healthd/probe.h"

#include "tests/unit/healthd/probing.h"

static struct config_octets octets_of(const char *text)
{
    return (struct config_octets){text, text ? strlen(text) : 0};
}

static struct config_check check_of(const char *send, const char *expect)
{
    return (struct config_check){
        .type = CONFIG_CHECK_TCP, .timeout_ms = TIMEOUT_MS, .tcp = {octets_of(send), octets_of(expect)}};
}

START_TEST(behaviours)
{
    static const struct {
        const char *message;
        unsigned behaviour;
        const char *text, *send, *expect;
        const char *reason; /* NULL: passes */
    } rows[] = {
        {"accepts", HOLD, "", NULL, NULL, NULL},
        {"closes at once, nothing asked", CLOSE | SPEAK_FIRST, "", NULL, NULL, NULL},
        {"never accepts, nothing asked", MUTE, "", NULL, NULL, NULL},
        {"something is sent", HOLD, "", "QUIT\r\n", NULL, NULL},
        {"a banner", HOLD | SPEAK_FIRST, "220 mail ESMTP\r\n", NULL, "220 ", NULL},
        {"a banner, then closed", ANSWER | SPEAK_FIRST, "220 mail ESMTP\r\n", NULL, "ESMTP", NULL},
        {"question and answer", REPEAT, "", "PING\r\n\r\n", "PING\r\n", NULL},
        {"comes in drops", DRIP | SPEAK_FIRST, "+", NULL, "+xxx", NULL},
        {"at the start of a flood", FLOOD | SPEAK_FIRST, "ok", NULL, "ok", NULL},
        {"refused", REFUSE, "", NULL, "x", "connection refused"},
        {"refused, nothing asked", REFUSE, "", NULL, NULL, "connection refused"},
        {"closed at once", CLOSE | SPEAK_FIRST, "", NULL, "220", "connection closed without an answer"},
        {"closed after another text", ANSWER | SPEAK_FIRST, "554 no\r\n", NULL, "220",
         "connection closed, the answer does not contain \"220\""},
        {"reset", RESET, "", "\r\n\r\n", "220", "connection reset"},
        {"never accepts", MUTE, "", NULL, "220", "timeout after 300ms, no answer"},
        {"never answers", HOLD, "", NULL, "220", "timeout after 300ms, no answer"},
        {"another text", HOLD | SPEAK_FIRST, "554 no\r\n", NULL, "220\r\n",
         "timeout after 300ms, the answer does not contain \"220??\""},
        {"drips for ever", DRIP | SPEAK_FIRST, "", NULL, "220",
         "timeout after 300ms, the answer does not contain \"220\""},
        {"floods", FLOOD | SPEAK_FIRST, "", NULL, "220", "the first 65536 octets do not contain \"220\""},
        {"garbage", FLOOD | SPEAK_FIRST, "\x01\x80\xff", NULL, "\x1b[2J",
         "the first 65536 octets do not contain \"?[2J\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server server = server_start("127.0.0.1", rows[i].behaviour, rows[i].text);
        struct config_check check = check_of(rows[i].send, rows[i].expect);
        struct probe_result result = probe_twice(rows[i].message, &check, &server.endpoint);
        check_result(rows[i].message, &result, rows[i].reason);
        server_stop(&server);
    }
}
END_TEST

START_TEST(a_machine_that_is_off)
{
    int fillers[FILLERS];
    struct server server = server_blackhole(fillers);
    struct config_check check = check_of(NULL, NULL);
    struct probe_result result = probe_twice("off", &check, &server.endpoint);
    check_result("off", &result, "timeout after 300ms, no connection");
    blackhole_stop(&server, fillers);
}
END_TEST

START_TEST(ipv6)
{
    struct server server = server_start("::1", REPEAT, "");
    struct config_check check = check_of("a\r\n\r\n", "a");
    struct probe_result result = probe_twice("IPv6", &check, &server.endpoint);
    check_result("IPv6", &result, NULL);
    server_stop(&server);
}
END_TEST

START_TEST(cancelled_gives_no_result)
{
    struct server server = server_start("127.0.0.1", HOLD, "");
    struct config_check check = check_of("x", "y");
    check_cancel(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

START_TEST(own_fault_is_not_the_targets)
{
    struct server server = server_start("127.0.0.1", HOLD, "");
    struct config_check check = check_of(NULL, NULL);
    check_own_fault(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

CHECK_MAIN("healthd/probe_tcp", behaviours, a_machine_that_is_off, ipv6, cancelled_gives_no_result,
           own_fault_is_not_the_targets)
