// SPDX-License-Identifier: MIT
/* Probes against servers that behave in every way: each start must give exactly one result, in time. */
#include "healthd/probe.h"

#include "tests/unit/healthd/probing.h"

static const struct config_status_range status_ok[] = {{200, 200}}, status_moved[] = {{200, 204}, {300, 399}};

static struct config_check check_of(const char *body)
{
    return (struct config_check){
        .type = CONFIG_CHECK_HTTP,
        .http = {.path = "/healthz", .status = status_ok, .status_count = 1, .body = body},
        .timeout_ms = TIMEOUT_MS};
}

#define HEAD "HTTP/1.1 200 OK\r\n"

START_TEST(behaviours)
{
    static const struct {
        const char *message;
        enum behaviour behaviour;
        const char *text, *body;
        const char *reason; /* NULL: passes */
    } rows[] = {
        {"200", ANSWER, HEAD "Content-Length: 3\r\n\r\nok\n", NULL, NULL},
        {"200 without length", ANSWER, HEAD "\r\nok\n", NULL, NULL},
        {"200 without body", ANSWER, HEAD "Content-Length: 0\r\n\r\n", NULL, NULL},
        {"HTTP/1.0", ANSWER, "HTTP/1.0 200 OK\r\n\r\nok\n", "ok", NULL},
        {"body wanted", ANSWER, HEAD "Content-Length: 3\r\n\r\nok\n", "ok", NULL},
        {"body in chunks", ANSWER, HEAD "Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
         "ok", NULL},
        {"100 first", ANSWER, "HTTP/1.1 100 Continue\r\n\r\n" HEAD "Content-Length: 2\r\n\r\nok", "ok", NULL},
        {"flood, not looked at", FLOOD, HEAD "\r\n", NULL, NULL},
        {"flood, wanted at its start", FLOOD, HEAD "\r\nok", "ok", NULL},
        {"flood, wanted never", FLOOD, HEAD "\r\n", "ok", "body does not contain \"ok\""},
        {"503", ANSWER, "HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\ndraining\n", NULL,
         "HTTP 503, want 200"},
        {"a redirect", ANSWER, "HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", NULL,
         "HTTP 301, want 200"},
        {"another body", ANSWER, HEAD "Content-Length: 3\r\n\r\nno\n", "ok", "body does not contain \"ok\""},
        {"an empty body", ANSWER, HEAD "Content-Length: 0\r\n\r\n", "ok", "body does not contain \"ok\""},
        {"refused", REFUSE, "", NULL, "connection refused"},
        {"closed at once", CLOSE, "", NULL, "connection closed without an answer"},
        {"reset", RESET, "", NULL, "connection reset"},
        {"closed early", ANSWER, HEAD "Content-Length: 300\r\n\r\nok\n", NULL,
         "connection closed in the middle of the body"},
        {"never accepts", MUTE, "", NULL, "timeout after 300ms, no answer"},
        {"never answers", HOLD, "", NULL, "timeout after 300ms, no answer"},
        {"hangs in its headers", HOLD, HEAD "X-", NULL, "timeout after 300ms, answer incomplete"},
        {"hangs in its body", HOLD, HEAD "Content-Length: 300\r\n\r\nok\n", "ok",
         "timeout after 300ms, answer incomplete"},
        {"a body that drips", DRIP, HEAD "\r\n", NULL, "timeout after 300ms, answer incomplete"},
        {"garbage", ANSWER, "220 mail.example.com ESMTP\r\n", NULL, "the answer is not HTTP"},
        {"garbage without end", FLOOD, "x", NULL, "the answer is not HTTP"},
        {"HTTP/0.9", ANSWER, "<html>ok</html>", "ok", "the answer is not HTTP"},
        {"headers without end", FLOOD_HEAD, HEAD, NULL, "headers longer than 65536 octets"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server server = server_start("127.0.0.1", rows[i].behaviour, rows[i].text);
        struct config_check check = check_of(rows[i].body);
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
    struct config_check check = check_of(NULL);
    struct probe_result result = probe_twice("off", &check, &server.endpoint);
    check_result("off", &result, "timeout after 300ms, no connection");
    blackhole_stop(&server, fillers);
}
END_TEST

/* The server answers with the request it got. */
START_TEST(what_is_sent)
{
    static const struct {
        const char *message, *address, *path, *host, *body;
    } rows[] = {
        {"the request line", "127.0.0.1", "/a/../b?c=d&e=%20#f", NULL,
         "GET /a/../b?c=d&e=%20#f HTTP/1.1\r\n"},
        {"the host of the check", "127.0.0.1", "/", "www.example.com", "\r\nHost: www.example.com\r\n"},
        {"the probed address as host", "127.0.0.1", "/", NULL, "\r\nHost: 127.0.0.1:"},
        {"IPv6", "::1", "/", NULL, "\r\nHost: [::1]:"},
        {"user agent", "127.0.0.1", "/", NULL, "\r\nUser-Agent: meridian-healthd/"},
        {"one request per connection", "127.0.0.1", "/", NULL, "\r\nConnection: close\r\n"},
    };
    ck_assert_int_eq(setenv("http_proxy", "http://127.0.0.1:1", 1), 0); /* must not be heeded */
    ck_assert_int_eq(setenv("ALL_PROXY", "http://127.0.0.1:1", 1), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server server = server_start(rows[i].address, REPEAT, HEAD "\r\n");
        struct config_check check = check_of(rows[i].body);
        check.http.path = rows[i].path;
        check.http.host = rows[i].host;
        struct probe_result result = probe_twice(rows[i].message, &check, &server.endpoint);
        ck_assert_msg(result.outcome == PROBE_PASS, "%s: %s", rows[i].message, result.reason);
        server_stop(&server);
    }
}
END_TEST

START_TEST(method_and_headers)
{
    static const char *const headers[] = {"X-Token: secret", "X-Empty;"};
    static const struct {
        const char *message, *text;
        bool head;
        const char *body;
    } rows[] = {
        {"a header field", HEAD "\r\n", false, "\r\nX-Token: secret\r\n"},
        {"an empty one", HEAD "\r\n", false, "\r\nX-Empty:\r\n"},
        {"HEAD: there is no body to wait for", HEAD "Content-Length: 5\r\n\r\n", true, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server server = server_start("127.0.0.1", rows[i].head ? HOLD : REPEAT, rows[i].text);
        struct config_check check = check_of(rows[i].body);
        check.http.head = rows[i].head;
        check.http.headers = headers;
        check.http.header_count = 2;
        struct probe_result result = probe_twice(rows[i].message, &check, &server.endpoint);
        check_result(rows[i].message, &result, NULL);
        server_stop(&server);
    }
}
END_TEST

START_TEST(any_of_several_statuses)
{
    struct server server =
        server_start("127.0.0.1", ANSWER, "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n");
    struct config_check check = check_of(NULL);
    check.http.status = status_moved;
    check.http.status_count = 2;
    struct probe_result result = probe_twice("301", &check, &server.endpoint);
    ck_assert_int_eq(result.outcome, PROBE_PASS);
    server_stop(&server);
}
END_TEST

START_TEST(cancelled_gives_no_result)
{
    struct server server = server_start("127.0.0.1", HOLD, "");
    struct config_check check = check_of(NULL);
    check_cancel(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

START_TEST(own_fault_is_not_the_targets)
{
    struct server server = server_start("127.0.0.1", ANSWER, HEAD "\r\n");
    struct config_check check = check_of(NULL);
    check_own_fault(&check, &server.endpoint);
    server_stop(&server);
}
END_TEST

CHECK_MAIN("healthd/probe_http", behaviours, a_machine_that_is_off, what_is_sent, method_and_headers,
           any_of_several_statuses, cancelled_gives_no_result, own_fault_is_not_the_targets)
