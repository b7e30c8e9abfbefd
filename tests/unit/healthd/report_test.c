// SPDX-License-Identifier: MIT
#include "healthd/report.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/unit/healthd/sample.h"

/* www: fra and iad; api: fra first, then sin, zone if all are down. Targets: fra 0, iad 1, sin 2. */
static const char sample[] = SAMPLE_CHECK
    "services: { www: { check: web, members: { fra: { a: [192.0.2.10] }, iad: { a: [198.51.100.10] } } },"
    " api: { mode: active-passive, all_down: zone, check: web, members: { fra: { a: [192.0.2.10] },"
    " sin: { a: [203.0.113.10] } } } }\n";

#define DOWN_MS  61500
#define BEGAN_MS 60000

START_TEST(lines)
{
    static const struct {
        const char *message, *states; /* of the targets, after the flip of the first */
        enum verdict_state before;
        uint64_t since_ms; /* of the state before */
        enum log_level level;
        const char *line;
    } rows[] = {
        {"down", "duu", VERDICT_UP, 0, LOG_WARNING,
         "fra is down for www, api: 192.0.2.10@8080 failed 3 probes in 1s, last: connection refused; clients "
         "of "
         "www go to the next nearest site; clients of api go to the next site in the order"},
        {"the last of both", "ddd", VERDICT_UP, 0, LOG_ERROR,
         "fra is down for www, api: 192.0.2.10@8080 failed 3 probes in 1s, last: connection refused; NO SITE "
         "IS "
         "LEFT of www: all are answered as if they were up (all_down: serve-all); NO SITE IS LEFT of api: "
         "the "
         "addresses in the zone file are answered (all_down: zone)"},
        {"back", "uuu", VERDICT_DOWN, 1500, LOG_INFO,
         "fra is up again for www, api: 192.0.2.10@8080 passed 2 probes in 1s, the last took 12ms, after "
         "being "
         "down for 1m00s; clients of www, api come back to it"},
        {"back after a restart", "uuu", VERDICT_DOWN, 0, LOG_INFO,
         "fra is up again for www, api: 192.0.2.10@8080 passed 2 probes in 1s, the last took 12ms, after "
         "being "
         "down since before healthd was started; clients of www, api come back to it"},
        {"first verdict", "uuu", VERDICT_UNKNOWN, 0, LOG_INFO,
         "fra is up for www, api: 192.0.2.10@8080 passed 2 probes in 1s, the last took 12ms"},
    };
    struct config *config = sample_config(sample);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct targets *targets = targets_build(config);
        struct target *fra = &targets->items[0];
        char line[REPORT_MAX];
        for (size_t t = 0; t < targets->count; t++)
            targets->items[t].verdict.state = rows[i].states[t] == 'u' ? VERDICT_UP : VERDICT_DOWN;
        fra->verdict.streak_ms = BEGAN_MS;
        fra->verdict.fails = 3;
        fra->verdict.passes = 2;
        fra->latency_ms = 12;
        (void)snprintf(fra->reason, sizeof fra->reason, "connection refused");
        const struct verdict before = {.state = rows[i].before, .since_ms = rows[i].since_ms};
        enum log_level level = report_flip(targets, fra, &before, DOWN_MS, line);
        ck_assert_msg(!strcmp(line, rows[i].line), "%s:\n%s\n%s", rows[i].message, line, rows[i].line);
        ck_assert_msg(level == rows[i].level, "%s: level", rows[i].message);
        targets_free(targets);
    }
    config_free(config);
}
END_TEST

/* A target of very many services: the line names some and counts the others, and does not overflow. */
START_TEST(many_services)
{
    static char text[65536];
    size_t length = (size_t)snprintf(text, sizeof text, "%sservices: {", SAMPLE_CHECK);
    for (unsigned i = 0; i < 300; i++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length,
                             " s%u-%050u: { check: web, members: { fra: { a: [192.0.2.10] } } },", i, i);
    (void)snprintf(text + length, sizeof text - length, " }\n");
    struct config *config = sample_config(text);
    struct targets *targets = targets_build(config);
    ck_assert_uint_eq(targets->count, 1);
    targets->items[0].verdict.state = VERDICT_DOWN;
    char line[REPORT_MAX];
    const struct verdict before = {.state = VERDICT_UP};
    (void)report_flip(targets, &targets->items[0], &before, DOWN_MS, line);
    ck_assert_ptr_nonnull(strstr(line, " and 295 more: 192.0.2.10@8080"));
    ck_assert_ptr_nonnull(strstr(line, " and 295 more: all are answered"));
    targets_free(targets);
    config_free(config);
}
END_TEST

CHECK_MAIN("healthd/report", lines, many_services)
