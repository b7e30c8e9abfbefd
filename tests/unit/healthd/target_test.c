// SPDX-License-Identifier: MIT
#include "healthd/target.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/unit/healthd/sample.h"

static struct target *target_at(const struct targets *targets, const char *endpoint)
{
    char text[ENDPOINT_TEXT_MAX];
    for (size_t i = 0; i < targets->count; i++)
        if (!strcmp(endpoint_format(&targets->items[i].endpoint, text), endpoint))
            return &targets->items[i];
    return NULL;
}

#define TWO_CHECKS(second)                                                                                   \
    "checks: { web: { type: http, port: 8080, path: /healthz }, two: { type: http, port: 8080, " second      \
    " } }\n"

#define TWO_SERVICES(second)                                                                                 \
    "services: { www: { check: web, members: { fra: { a: [192.0.2.10] } } },"                                \
    " api: { " second " } }\n"

START_TEST(shared_or_not)
{
    static const struct {
        const char *message, *config;
        size_t targets;
    } rows[] = {
        {"the same check and address",
         SAMPLE_CHECK TWO_SERVICES("check: web, members: { fra: { a: [192.0.2.10] } }"), 1},
        {"another name of the same check",
         TWO_CHECKS("path: /healthz") TWO_SERVICES("check: two, members: { fra: { a: [192.0.2.10] } }"), 1},
        {"another path",
         TWO_CHECKS("path: /other") TWO_SERVICES("check: two, members: { fra: { a: [192.0.2.10] } }"), 2},
        {"another interval",
         TWO_CHECKS("path: /healthz, interval: 7s")
             TWO_SERVICES("check: two, members: { fra: { a: [192.0.2.10] } }"),
         2},
        {"another confirm",
         TWO_CHECKS("path: /healthz, confirm: 77ms")
             TWO_SERVICES("check: two, members: { fra: { a: [192.0.2.10] } }"),
         2},
        {"another host",
         TWO_CHECKS("path: /healthz, host: h.example")
             TWO_SERVICES("check: two, members: { fra: { a: [192.0.2.10] } }"),
         2},
        {"another body",
         TWO_CHECKS("path: /healthz, body: ok")
             TWO_SERVICES("check: two, members: { fra: { a: [192.0.2.10] } }"),
         2},
        {"another status",
         TWO_CHECKS("path: /healthz, status: [204]")
             TWO_SERVICES("check: two, members: { fra: { a: [192.0.2.10] } }"),
         2},
        {"another address", SAMPLE_CHECK TWO_SERVICES("check: web, members: { fra: { a: [192.0.2.11] } }"),
         2},
        {"the other family",
         SAMPLE_CHECK TWO_SERVICES("check: web, members: { fra: { aaaa: [\"2001:db8::1\"] } }"), 2},
        {"probed at the same address",
         SAMPLE_CHECK TWO_SERVICES("check: web, members: { fra: { a: [192.0.2.11], probe: 192.0.2.10 } }"),
         1},
        {"probed at another port",
         SAMPLE_CHECK TWO_SERVICES("check: web, members: { fra: { a: [192.0.2.10], probe: 192.0.2.10@81 } }"),
         2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config *config = sample_config(rows[i].config);
        struct targets *targets = targets_build(config);
        ck_assert_msg(targets->count == rows[i].targets, "%s: %zu targets", rows[i].message, targets->count);
        ck_assert_uint_eq(targets->slot_count, 2);
        targets_free(targets);
        config_free(config);
    }
}
END_TEST

START_TEST(slots_and_users)
{
    struct config *config = sample_config(
        SAMPLE_CHECK "services: { www: { members: { fra: { check: web, a: [192.0.2.10, 192.0.2.11],"
                     " aaaa: [\"2001:db8::10\"], probe: 10.0.0.1@81 }, iad: { a: [198.51.100.10] } } },"
                     " api: { check: web, members: { sin: { a: [203.0.113.10] }, fra: { a: [192.0.2.12],"
                     " probe: 10.0.0.1@81 } } } }\n");
    struct targets *targets = targets_build(config);
    ck_assert_uint_eq(targets->count, 2);
    ck_assert_uint_eq(targets->slot_count, 4);
    struct target *probed = target_at(targets, "10.0.0.1@81");
    ck_assert_ptr_nonnull(probed);
    for (size_t i = 0; i < 3; i++)
        ck_assert_ptr_eq(targets->slots[0].targets[i], probed);
    ck_assert_str_eq(targets->slots[1].site, "iad");
    ck_assert_ptr_null(targets->slots[1].targets); /* no check */
    ck_assert_str_eq(targets->slots[2].service->name, "api");
    ck_assert_ptr_eq(targets->slots[2].targets[0], target_at(targets, "203.0.113.10@8080"));
    ck_assert_uint_eq(probed->slot_count, 2); /* once per slot, not per address */
    ck_assert_uint_eq(probed->slots[0], 0);
    ck_assert_uint_eq(probed->slots[1], 3);
    targets_free(targets);
    config_free(config);
}
END_TEST

START_TEST(nothing_to_probe)
{
    struct config *config = sample_config("services: { www: { members: { fra: { a: [192.0.2.10] } } } }\n");
    struct targets *targets = targets_build(config);
    ck_assert_uint_eq(targets->count, 0);
    ck_assert_uint_eq(targets->slot_count, 1);
    targets_free(targets);
    config_free(config);
    targets_free(NULL);
}
END_TEST

/* A reload: what is the same target keeps its verdict. */
START_TEST(inheritance)
{
#define OF(check, rest)                                                                                      \
    "checks: { web: { type: http, " check " } }\n"                                                           \
    "services: { www: { check: web, members: { fra: { a: [192.0.2.10" rest "] } } } }\n"
    static const struct {
        const char *message, *config;
        bool kept;
    } rows[] = {
        {"nothing changed", OF("port: 80, path: /h", ""), true},
        {"an address was added", OF("port: 80, path: /h", ", 192.0.2.11"), true},
        {"another fall", OF("port: 80, path: /h, fall: 9", ""), true},
        {"another interval and timeout", OF("port: 80, path: /h, interval: 9s, timeout: 3s", ""), true},
        {"another body", OF("port: 80, path: /h, body: x", ""), true},
        {"another port", OF("port: 81, path: /h", ""), false},
        {"another path", OF("port: 80, path: /g", ""), false},
        {"another host", OF("port: 80, path: /h, host: h.example", ""), false},
    };
    struct config *old_config = sample_config(OF("port: 80, path: /h", ""));
    struct targets *old = targets_build(old_config);
    old->items[0].verdict = (struct verdict){VERDICT_DOWN, 0, 7, true, 1000, 500};
    (void)snprintf(old->items[0].reason, sizeof old->items[0].reason, "HTTP 503, want 200");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config *config = sample_config(rows[i].config);
        struct targets *new = targets_build(config);
        targets_inherit(new, old);
        const struct target *target = new->slots[0].targets[0];
        ck_assert_msg((target->verdict.state == VERDICT_DOWN) == rows[i].kept, "%s", rows[i].message);
        ck_assert_msg(target->verdict.fails == (rows[i].kept ? 7 : 0), "%s", rows[i].message);
        ck_assert_str_eq(target->reason, rows[i].kept ? "HTTP 503, want 200" : "");
        targets_free(new);
        config_free(config);
    }
    targets_free(old);
    config_free(old_config);
}
END_TEST

/* Two checks of one page that differ in their settings: each keeps its own verdict. */
START_TEST(inheritance_prefers_equal_settings)
{
    struct config *config = sample_config(TWO_CHECKS("path: /healthz, fall: 9") TWO_SERVICES(
        "check: two, members: { fra: { a: [192.0.2.10] } }"));
    struct targets *old = targets_build(config), *new = targets_build(config);
    ck_assert_uint_eq(old->count, 2);
    old->items[1].verdict.state = VERDICT_DOWN;
    targets_inherit(new, old);
    ck_assert_int_eq(new->items[0].verdict.state, VERDICT_UNKNOWN);
    ck_assert_int_eq(new->items[1].verdict.state, VERDICT_DOWN);
    targets_free(new);
    targets_free(old);
    config_free(config);
}
END_TEST

/* Two checks at one address, each with one setting that the other has not: two targets, two runners. */
START_TEST(every_setting_counts)
{
    static const struct {
        const char *base, *with; /* keys of the first and of the second check */
        bool same_subject;       /* what is known is handed on at a reload */
    } rows[] = {
        {"type: http", "type: https, port: 80", false},
        {"type: http", "type: http, method: HEAD", true},
        {"type: http", "type: http, headers: { A: b }", true},
        {"type: http", "type: http, status: [200, 300-399]", true},
        {"type: http", "type: http, body: ok", true},
        {"type: http", "type: http, body_regex: ok", true},
        {"type: http", "type: http, json: { pointer: /a, equals: 1 }", true},
        {"type: http, json: { pointer: /a, equals: 1 }", "type: http, json: { pointer: /a, less_than: 1 }",
         true},
        {"type: http, json: { pointer: /a, equals: 1 }", "type: http, json: { pointer: /a, equals: 2 }",
         true},
        {"type: http, json: { pointer: /a, equals: 1 }", "type: http, json: { pointer: /b, equals: 1 }",
         true},
        {"type: https", "type: https, sni: a.example", false},
        {"type: https", "type: https, ca_file: ca.pem", true},
        {"type: tls", "type: tls, verify: false", true},
        {"type: tls", "type: tls, min_days_left: 7", true},
        {"type: tcp, port: 1", "type: tcp, port: 1, send: a", true},
        {"type: tcp, port: 1, expect: a", "type: tcp, port: 1, expect: b", true},
        {"type: tcp, port: 1", "type: tcp, port: 2", false},
        {"type: dns, name: a", "type: dns, name: b", false},
        {"type: dns, name: a", "type: dns, name: a, record: TXT", false},
        {"type: dns, name: a", "type: dns, name: a, rcode: REFUSED", true},
        {"type: dns, name: a", "type: dns, name: a, expect: [192.0.2.1]", true},
        {"type: dns, name: a, expect: [192.0.2.2]", "type: dns, name: a, expect: [192.0.2.1]", true},
        {"type: exec, command: [/a]", "type: exec, command: [/b]", false},
        {"type: exec, command: [/a]", "type: exec, command: [/a, b]", false},
        {"type: icmp", "type: icmp, timeout: 77ms", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[3][600];
        struct config *configs[3];
        struct targets *targets[3];
        /* both checks; the first alone; the second alone */
        static const char *const uses[3][2] = {{"one", "two"}, {"one", "one"}, {"two", "two"}};
        for (size_t c = 0; c < 3; c++) {
            (void)snprintf(text[c], sizeof text[c],
                           "checks: { one: { %s }, two: { %s } }\n"
                           "services: { a: { check: %s, members: { fra: { a: [192.0.2.1] } } },"
                           " b: { check: %s, members: { fra: { a: [192.0.2.1] } } } }\n",
                           rows[i].base, rows[i].with, uses[c][0], uses[c][1]);
            configs[c] = sample_config(text[c]);
            targets[c] = targets_build(configs[c]);
        }
        ck_assert_msg(targets[0]->count == 2, "%s | %s: shared", rows[i].base, rows[i].with);
        ck_assert_uint_eq(targets[1]->count, 1);
        targets[1]->items[0].verdict.state = VERDICT_DOWN;
        targets_inherit(targets[2], targets[1]);
        ck_assert_msg((targets[2]->items[0].verdict.state == VERDICT_DOWN) == rows[i].same_subject, "%s | %s",
                      rows[i].base, rows[i].with);
        ck_assert_ptr_null(
            targets_find(targets[1], targets[2]->items[0].check, &targets[2]->items[0].endpoint));
        for (size_t c = 0; c < 3; c++) {
            targets_free(targets[c]);
            config_free(configs[c]);
        }
    }
}
END_TEST

CHECK_MAIN("healthd/target", shared_or_not, slots_and_users, nothing_to_probe, inheritance,
           inheritance_prefers_equal_settings, every_setting_counts)
