// SPDX-License-Identifier: MIT
#include "healthd/schedule.h"

#include <assert.h>
#include <stdlib.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/base/mem.h"
#include "healthd/identity.h"

#define SPREAD_LEAST_MS     250 /* over which even few first probes are spread */
#define FIRST_PROBES_PER_MS 1
#define JITTER_PER_MILLE    50

struct schedule {
    uv_loop_t *loop;
    schedule_result *result;
    void *context;
    struct probe_engine *engines[CONFIG_CHECK_TYPES];
};

struct runner {
    struct schedule *schedule;
    struct target *target;
    const struct probe_kind *kind;
    struct probe *probe;
    uv_timer_t timer;
    uint64_t identity;   /* of the target */
    uint64_t round;      /* counts starts */
    uint64_t started_ms; /* monotonic: the start of the last probe */
};

/* --- pure parts ------------------------------------------------------------------------------------------ */

uint32_t schedule_first_delay(uint64_t identity, size_t count, uint32_t interval_ms)
{
    uint64_t spread = SPREAD_LEAST_MS + count / FIRST_PROBES_PER_MS;
    if (spread > interval_ms)
        spread = interval_ms;
    return spread ? (uint32_t)(identity % spread) : 0;
}

uint32_t schedule_jitter(uint64_t identity, uint64_t round, uint32_t interval_ms)
{
    uint64_t most = (uint64_t)interval_ms * JITTER_PER_MILLE / 1000;
    return interval_ms - (uint32_t)(hash_mix(identity, round) % (most + 1));
}

/* --- one target ------------------------------------------------------------------------------------------ */

static void on_timer(uv_timer_t *timer);

/* A probe that this machine could not make has not come closer to a verdict: no use in hurrying. */
static void wait_for_next(struct runner *runner, enum probe_outcome outcome)
{
    struct verdict_settings settings = runner->target->settings;
    settings.interval_ms = schedule_jitter(runner->identity, runner->round, settings.interval_ms);
    if (outcome == PROBE_UNDONE)
        settings.confirm_ms = settings.interval_ms;
    uint64_t elapsed_ms = clock_monotonic_ms() - runner->started_ms;
    uint32_t delay_ms = verdict_next_delay(&runner->target->verdict, &settings, elapsed_ms);
    uv_timer_start(&runner->timer, on_timer, delay_ms, 0);
}

static void on_done(void *context, const struct probe_result *result)
{
    struct runner *runner = context;
    runner->schedule->result(runner->schedule->context, runner->target, result);
    wait_for_next(runner, result->outcome);
}

static void on_timer(uv_timer_t *timer)
{
    struct runner *runner = timer->data;
    static const struct probe_result unable = {PROBE_UNDONE, 0, "out of memory"};
    runner->started_ms = clock_monotonic_ms();
    runner->round++;
    if (!runner->kind->start(runner->probe))
        on_done(runner, &unable);
}

static struct runner *runner_create(struct schedule *schedule, struct target *target, size_t count)
{
    struct runner *runner = mem_alloc(sizeof *runner);
    runner->schedule = schedule;
    runner->target = target;
    runner->identity = identity_hash(target->check, &target->endpoint);
    runner->kind = probe_kind_of(target->check->type);
    runner->probe = runner->kind->create(schedule->engines[target->check->type], target->check,
                                         &target->endpoint, on_done, runner);
    uv_timer_init(schedule->loop, &runner->timer);
    runner->timer.data = runner;
    uv_timer_start(&runner->timer, on_timer,
                   schedule_first_delay(runner->identity, count, target->settings.interval_ms), 0);
    return runner;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void runner_free(struct runner *runner)
{
    runner->kind->free(runner->probe);
    uv_close((uv_handle_t *)&runner->timer, on_closed);
}

/* --- all of them ----------------------------------------------------------------------------------------- */

struct schedule *schedule_create(struct uv_loop_s *loop, schedule_result *result, void *context,
                                 struct err *err)
{
    struct schedule *schedule = mem_alloc(sizeof *schedule);
    *schedule = (struct schedule){.loop = loop, .result = result, .context = context};
    for (int type = 0; type < CONFIG_CHECK_TYPES; type++) {
        schedule->engines[type] = probe_kind_of((enum config_check_type)type)->engine_create(loop, err);
        if (!schedule->engines[type]) {
            schedule_free(schedule, NULL);
            return NULL;
        }
    }
    return schedule;
}

static void stop_all(struct targets *targets)
{
    for (size_t i = 0; targets && i < targets->count; i++) {
        if (targets->items[i].runner)
            runner_free(targets->items[i].runner);
        targets->items[i].runner = NULL;
    }
}

/* The runner of the same settings passes from `old` to `target`. */
static void take_over(struct target *target, const struct targets *old)
{
    struct target *was = targets_find(old, target->check, &target->endpoint);
    if (!was || !was->runner)
        return;
    target->runner = was->runner;
    target->runner->target = target;
    was->runner = NULL;
}

void schedule_targets(struct schedule *schedule, struct targets *targets, struct targets *old)
{
    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->items[i];
        if (old)
            take_over(target, old);
        if (!target->runner)
            target->runner = runner_create(schedule, target, targets->count);
    }
    stop_all(old);
}

void schedule_free(struct schedule *schedule, struct targets *targets)
{
    if (!schedule)
        return;
    stop_all(targets);
    for (int type = 0; type < CONFIG_CHECK_TYPES; type++)
        if (schedule->engines[type])
            probe_kind_of((enum config_check_type)type)->engine_free(schedule->engines[type]);
    free(schedule);
}
