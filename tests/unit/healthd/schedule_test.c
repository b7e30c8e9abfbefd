// SPDX-License-Identifier: MIT
#include "healthd/schedule.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "tests/support/check_main.h"
#include "tests/unit/healthd/sample.h"

START_TEST(first_delays)
{
    static const struct {
        const char *message;
        size_t count;
        uint32_t interval_ms, least_max_ms, below_ms; /* the longest of them lies in [least_max, below) */
    } rows[] = {
        {"few targets do not wait long", 3, 10000, 200, 260},
        {"an interval shorter than that", 3, 100, 90, 100},
        {"many are spread by their number", 5000, 10000, 5000, 5250},
        {"never over more than the interval", 100000, 10000, 9900, 10000},
        {"no interval", 3, 0, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t longest = 0;
        for (uint64_t t = 0; t < 5000; t++) {
            uint32_t delay =
                schedule_first_delay(hash_octets(&t, sizeof t, 0), rows[i].count, rows[i].interval_ms);
            longest = delay > longest ? delay : longest;
        }
        ck_assert_msg(longest >= rows[i].least_max_ms && longest < rows[i].below_ms, "%s: %u",
                      rows[i].message, longest);
    }
}
END_TEST

START_TEST(jitter_is_downwards_only)
{
    uint32_t least = UINT32_MAX, most = 0;
    for (uint64_t round = 0; round < 10000; round++) {
        uint32_t delay = schedule_jitter(77, round, 2000);
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    ck_assert_uint_eq(most, 2000);
    ck_assert_uint_eq(least, 1900);
    ck_assert_uint_eq(schedule_jitter(77, 1, 1), 1);
}
END_TEST

/* --- with a loop ----------------------------------------------------------------------------------------- */

struct seen {
    unsigned results, passes;
    struct target *last;
    uint64_t down_ms;
};

static void on_result(void *context, struct target *target, const struct probe_result *result)
{
    struct seen *seen = context;
    bool pass = result->outcome == PROBE_PASS;
    seen->results++;
    seen->passes += pass;
    seen->last = target;
    if (verdict_step(&target->verdict, &target->settings, pass ? VERDICT_PASS : VERDICT_FAIL, 1) ==
        VERDICT_WENT_DOWN)
        seen->down_ms = clock_monotonic_ms();
}

static void on_undone(void *context, struct target *target, const struct probe_result *result)
{
    struct seen *seen = context;
    (void)target;
    ck_assert_int_eq(result->outcome, PROBE_UNDONE);
    seen->results++;
}

static void on_timer(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static void run_for(uv_loop_t *loop, uint64_t ms)
{
    uv_timer_t timer;
    uv_timer_init(loop, &timer);
    uv_update_time(loop);
    uv_timer_start(&timer, on_timer, ms, 0);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
}

/* A socket that accepts into its backlog and says nothing; its port goes into `port`. */
static int silent_server(unsigned *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    ck_assert_int_eq(listen(fd, 128), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &length), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static struct config *config_for(unsigned port, const char *interval, const char *timeout)
{
    char text[512];
    (void)snprintf(
        text, sizeof text,
        "checks: { web: { type: http, port: %u, path: /, interval: %s, timeout: %s, confirm: 100ms,"
        " fall: 3, rise: 2 } }\n"
        "services: { www: { check: web, members: { fra: { a: [127.0.0.1] } } } }\n",
        port, interval, timeout);
    return sample_config(text);
}

/* The promise to the operator: a target that was up and falls silent is down within
 * interval + (fall - 1) x (confirm + timeout) + timeout. */
START_TEST(detection_time)
{
    unsigned port;
    int fd = silent_server(&port);
    struct seen seen = {.results = 0};
    struct err err = ERR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct config *config = config_for(port, "1s", "200ms");
    struct targets *targets = targets_build(config);
    targets->items[0].verdict.state = VERDICT_UP;
    struct schedule *schedule = schedule_create(&loop, on_result, &seen, &err);
    uint64_t start_ms = clock_monotonic_ms();
    schedule_targets(schedule, targets, NULL);
    run_for(&loop, 2000);
    ck_assert_uint_gt(seen.down_ms, 0);
    ck_assert_uint_ge(seen.down_ms - start_ms, 3 * 200 + 2 * 100);
    ck_assert_uint_le(seen.down_ms - start_ms, 1000 + 2 * (100 + 200) + 200 + 50);
    schedule_free(schedule, targets);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    targets_free(targets);
    config_free(config);
    (void)close(fd);
}
END_TEST

/* Reloads that come faster than a probe takes must not keep it from ever ending. */
START_TEST(reloads_do_not_disturb)
{
    unsigned port;
    int fd = silent_server(&port);
    struct seen seen = {.results = 0};
    struct err err = ERR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct config *config = config_for(port, "1s", "400ms");
    struct targets *targets = targets_build(config);
    struct schedule *schedule = schedule_create(&loop, on_result, &seen, &err);
    schedule_targets(schedule, targets, NULL);
    for (unsigned i = 0; i < 10; i++) {
        run_for(&loop, 100);
        struct config *next_config = config_for(port, "1s", "400ms");
        struct targets *next = targets_build(next_config);
        targets_inherit(next, targets);
        schedule_targets(schedule, next, targets);
        targets_free(targets);
        config_free(config);
        targets = next;
        config = next_config;
    }
    ck_assert_uint_ge(seen.results, 1);
    ck_assert_ptr_nonnull(seen.last);
    ck_assert_uint_eq(targets->items[0].verdict.fails, seen.results);
    /* Other settings: another runner; the old one is gone. */
    struct config *changed_config = config_for(port, "1s", "150ms");
    struct targets *changed = targets_build(changed_config);
    schedule_targets(schedule, changed, targets);
    ck_assert_ptr_null(targets->items[0].runner);
    targets_free(targets);
    config_free(config);
    seen.results = 0;
    run_for(&loop, 600);
    ck_assert_uint_ge(seen.results, 1);
    ck_assert_ptr_eq(seen.last, &changed->items[0]);
    schedule_free(schedule, changed);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    targets_free(changed);
    config_free(changed_config);
    (void)close(fd);
}
END_TEST

/* A program that is not there: `confirm` would be a hurry without end, as no verdict ever comes of it. */
START_TEST(undone_probes_take_their_time)
{
    struct seen seen = {.results = 0};
    struct err err = ERR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct config *config =
        sample_config("checks: { own: { type: exec, command: [/nowhere/check], interval: 1s, timeout: 1s, "
                      "confirm: 50ms } }\n"
                      "services: { www: { check: own, members: { fra: { a: [127.0.0.1] } } } }\n");
    struct targets *targets = targets_build(config);
    struct schedule *schedule = schedule_create(&loop, on_undone, &seen, &err);
    schedule_targets(schedule, targets, NULL);
    run_for(&loop, 1500);
    ck_assert_uint_ge(seen.results, 1);
    ck_assert_uint_le(seen.results, 3);
    schedule_free(schedule, targets);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    targets_free(targets);
    config_free(config);
}
END_TEST

CHECK_MAIN("healthd/schedule", first_delays, jitter_is_downwards_only, detection_time, reloads_do_not_disturb,
           undone_probes_take_their_time)
