// SPDX-License-Identifier: MIT
#include "healthd/http_answer.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct config_status_range one[] = {{200, 200}}, some[] = {{200, 200}, {204, 204}, {300, 399}};

static void check_row(const char *message, const struct config_check_http *check, long status,
                      const char *body, bool cut, const char *reason)
{
    struct probe_result result = {.outcome = PROBE_UNDONE};
    struct http_wanted *wanted = http_wanted_create(check);
    http_answer_judge(wanted, status, body, strlen(body), cut, &result);
    ck_assert_msg(result.outcome == (reason ? PROBE_FAIL : PROBE_PASS), "%s: outcome %d", message,
                  (int)result.outcome);
    ck_assert_msg(!strcmp(result.reason, reason ? reason : ""), "%s: %s", message, result.reason);
    ck_assert_msg(http_wanted_body(wanted) == (check->body || check->body_regex || check->json.pointer), "%s",
                  message);
    http_wanted_free(wanted);
}

START_TEST(status_and_text)
{
    static const struct {
        const char *message;
        struct config_check_http check;
        long status;
        const char *body, *reason;
    } rows[] = {
        {"200", {.status = one, .status_count = 1}, 200, "", NULL},
        {"another", {.status = one, .status_count = 1}, 204, "", "HTTP 204, want 200"},
        {"first of several", {.status = some, .status_count = 3}, 200, "", NULL},
        {"start of a range", {.status = some, .status_count = 3}, 300, "", NULL},
        {"end of a range", {.status = some, .status_count = 3}, 399, "", NULL},
        {"behind it", {.status = some, .status_count = 3}, 400, "", "HTTP 400, want 200, 204 or 300-399"},
        {"text", {.status = one, .status_count = 1, .body = "ok"}, 200, "it is ok", NULL},
        {"no text",
         {.status = one, .status_count = 1, .body = "ok"},
         200,
         "no",
         "body does not contain \"ok\""},
        {"pattern", {.status = one, .status_count = 1, .body_regex = "^o+k$"}, 200, "ooook", NULL},
        {"no pattern",
         {.status = one, .status_count = 1, .body_regex = "^o+k$"},
         200,
         "ooooks",
         "body does not match \"^o+k$\""},
        {"text and pattern",
         {.status = one, .status_count = 1, .body = "o", .body_regex = "x"},
         200,
         "ok",
         "body does not match \"x\""},
        {"the status comes first",
         {.status = one, .status_count = 1, .body = "ok"},
         503,
         "no",
         "HTTP 503, want 200"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(rows[i].message, &rows[i].check, rows[i].status, rows[i].body, false, rows[i].reason);
}
END_TEST

#define BODY                                                                                                 \
    "{\"db\": {\"lag\": 7, \"load\": 0.5, \"ok\": true, \"name\": \"fra\", \"none\": null, \"list\": [1, "   \
    "{\"a\": 2}], \"\": 3, \"a/b\": 4, \"c~d\": 5, \"bad\": \"x\\u001b[2J\"}}"

START_TEST(json)
{
    static const struct {
        const char *message;
        struct config_json json;
        const char *body, *reason;
    } rows[] = {
        {"less", {"/db/lag", CONFIG_JSON_LESS_THAN, "8"}, BODY, NULL},
        {"not less", {"/db/lag", CONFIG_JSON_LESS_THAN, "7"}, BODY, "/db/lag is 7, want less than 7"},
        {"more", {"/db/lag", CONFIG_JSON_GREATER_THAN, "6.5"}, BODY, NULL},
        {"not more",
         {"/db/load", CONFIG_JSON_GREATER_THAN, "1e3"},
         BODY,
         "/db/load is 0.5, want more than 1e3"},
        {"equal numbers", {"/db/load", CONFIG_JSON_EQUALS, "0.50"}, BODY, NULL},
        {"other numbers", {"/db/lag", CONFIG_JSON_EQUALS, "8"}, BODY, "/db/lag is 7, want 8"},
        {"equal text", {"/db/name", CONFIG_JSON_EQUALS, "fra"}, BODY, NULL},
        {"other text", {"/db/name", CONFIG_JSON_EQUALS, "iad"}, BODY, "/db/name is \"fra\", want iad"},
        {"not equal", {"/db/name", CONFIG_JSON_NOT_EQUALS, "iad"}, BODY, NULL},
        {"equal, unwanted",
         {"/db/name", CONFIG_JSON_NOT_EQUALS, "fra"},
         BODY,
         "/db/name is \"fra\", want anything else than fra"},
        {"true", {"/db/ok", CONFIG_JSON_EQUALS, "true"}, BODY, NULL},
        {"not false", {"/db/ok", CONFIG_JSON_EQUALS, "false"}, BODY, "/db/ok is true, want false"},
        {"null", {"/db/none", CONFIG_JSON_EQUALS, "null"}, BODY, NULL},
        {"text is less than no number",
         {"/db/name", CONFIG_JSON_LESS_THAN, "5"},
         BODY,
         "/db/name is \"fra\", want less than 5"},
        {"an element", {"/db/list/0", CONFIG_JSON_EQUALS, "1"}, BODY, NULL},
        {"inside of an element", {"/db/list/1/a", CONFIG_JSON_EQUALS, "2"}, BODY, NULL},
        {"no such element",
         {"/db/list/2", CONFIG_JSON_EQUALS, "2"},
         BODY,
         "there is no /db/list/2 in the JSON"},
        {"leading zero",
         {"/db/list/00", CONFIG_JSON_EQUALS, "1"},
         BODY,
         "there is no /db/list/00 in the JSON"},
        {"empty name", {"/db/", CONFIG_JSON_EQUALS, "3"}, BODY, NULL},
        {"slash in a name", {"/db/a~1b", CONFIG_JSON_EQUALS, "4"}, BODY, NULL},
        {"tilde in a name", {"/db/c~0d", CONFIG_JSON_EQUALS, "5"}, BODY, NULL},
        {"an object", {"/db", CONFIG_JSON_EQUALS, "5"}, BODY, "/db is an object, want 5"},
        {"the whole", {"", CONFIG_JSON_EQUALS, "5"}, " 5\n", NULL},
        {"through a number",
         {"/db/lag/x", CONFIG_JSON_EQUALS, "5"},
         BODY,
         "there is no /db/lag/x in the JSON"},
        {"control characters", {"/db/bad", CONFIG_JSON_EQUALS, "5"}, BODY, "/db/bad is \"x?[2J\", want 5"},
        {"no JSON", {"/db", CONFIG_JSON_EQUALS, "5"}, "<html>", "the body is not JSON"},
        {"cut JSON", {"/db", CONFIG_JSON_EQUALS, "5"}, "{\"db\": 5", "the body is not JSON"},
        {"nothing", {"/db", CONFIG_JSON_EQUALS, "5"}, "", "the body is not JSON"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config_check_http check = {.status = one, .status_count = 1, .json = rows[i].json};
        check_row(rows[i].message, &check, 200, rows[i].body, false, rows[i].reason);
    }
    struct config_check_http check = {
        .status = one, .status_count = 1, .json = {"/db", CONFIG_JSON_EQUALS, "5"}};
    check_row("cut by us", &check, 200, "{\"db\": 5", true, "the JSON is longer than the 8 octets looked at");
}
END_TEST

/* Deeper than any parser should follow. */
START_TEST(nested_json)
{
    static char body[65536];
    struct config_check_http check = {
        .status = one, .status_count = 1, .json = {"/a", CONFIG_JSON_EQUALS, "5"}};
    memset(body, '[', sizeof body - 1);
    check_row("nested", &check, 200, body, false, "the body is not JSON");
}
END_TEST

CHECK_MAIN("healthd/http_answer", status_and_text, json, nested_json)
