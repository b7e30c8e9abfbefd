// SPDX-License-Identifier: MIT
#include "healthd/daemon.h"

#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/version.h"
#include "core/model/config.h"
#include "core/model/health_table.h"
#include "healthd/publish.h"
#include "healthd/report.h"
#include "healthd/run_dir.h"
#include "healthd/schedule.h"
#include "healthd/target.h"

#define UNDONE_LOG_MS 60000 /* at most one line in so long about probes that could not be made */
#define SIGNALS       3

/* What belongs to one configuration. */
struct generation {
    struct config *config;
    struct targets *targets;
    struct publish *publish;
};

struct daemon {
    const struct log *log;
    const char *config_path;
    char *run_dir, *table_path;
    int lock;
    uv_loop_t loop;
    uv_timer_t beat;
    uv_signal_t signals[SIGNALS];
    struct schedule *schedule;
    struct generation now;

    uv_work_t load; /* runs while `loading` */
    struct config *loaded;
    struct err load_err;
    bool loading, load_again, stopping;
    uint64_t undone, undone_logged_ms;
};

/* --- results --------------------------------------------------------------------------------------------- */

static void note_undone(struct daemon *daemon, const struct target *target, const char *reason,
                        uint64_t now_ms)
{
    char name[REPORT_MAX];
    daemon->undone++;
    if (daemon->undone_logged_ms && now_ms - daemon->undone_logged_ms < UNDONE_LOG_MS)
        return;
    daemon->undone_logged_ms = now_ms;
    log_line(daemon->log, LOG_ERROR,
             "this machine cannot make its probes (%" PRIu64
             " so far), last of %s: %s; verdicts stay as they are "
             "meanwhile",
             daemon->undone, report_name(daemon->now.targets, target, name), reason);
}

/* The first failure of a row is worth a line to someone who is looking; the flip comes to everyone. */
static void log_result(const struct daemon *daemon, const struct target *target, const struct verdict *before,
                       enum verdict_transition transition, uint64_t now_ms)
{
    char line[REPORT_MAX];
    if (transition != VERDICT_SAME) {
        enum log_level level = report_flip(daemon->now.targets, target, before, now_ms, line);
        log_line(daemon->log, level, "%s", line);
    } else if (target->verdict.fails == 1 && verdict_is_up(&target->verdict)) {
        log_line(daemon->log, LOG_DEBUG, "%s failed a probe: %s",
                 report_name(daemon->now.targets, target, line), target->reason);
    }
}

static void on_result(void *context, struct target *target, const struct probe_result *result)
{
    struct daemon *daemon = context;
    uint64_t now_ms = clock_monotonic_ms();
    if (result->outcome == PROBE_UNDONE) {
        note_undone(daemon, target, result->reason, now_ms);
        return;
    }
    struct verdict before = target->verdict;
    bool pass = result->outcome == PROBE_PASS;
    if (pass)
        target->latency_ms = result->latency_ms;
    else
        memcpy(target->reason, result->reason, sizeof target->reason);
    enum verdict_transition transition =
        verdict_step(&target->verdict, &target->settings, pass ? VERDICT_PASS : VERDICT_FAIL, now_ms);
    for (size_t i = 0; i < target->slot_count; i++)
        publish_slot(daemon->now.publish, daemon->now.targets, target->slots[i]);
    log_result(daemon, target, &before, transition, now_ms);
}

static void on_beat(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    publish_beat(daemon->now.publish, clock_monotonic_ns());
}

/* --- generations ----------------------------------------------------------------------------------------- */

static void generation_free(struct generation *generation)
{
    publish_free(generation->publish);
    targets_free(generation->targets);
    config_free(generation->config);
    *generation = (struct generation){NULL, NULL, NULL};
}

static void log_and_free(const struct log *log, struct err *err)
{
    log_findings(log, err);
    err_free(err);
}

/* What an earlier healthd knew. Its table may be missing or damaged: then all is unknown. */
static void recall(struct daemon *daemon, struct targets *targets)
{
    struct err err = ERR_INIT;
    struct health_table *previous = NULL;
    if (access(daemon->table_path, F_OK))
        return; /* the first start */
    previous = health_table_open(daemon->table_path, &err);
    if (previous) {
        size_t down = publish_recall(targets, previous);
        log_line(
            daemon->log, LOG_INFO,
            "verdicts are taken over from the healthd that ran before: %zu of %zu targets are down until "
            "they pass",
            down, targets->count);
    } else {
        log_findings(daemon->log, &err);
        log_line(
            daemon->log, LOG_WARNING,
            "the verdicts of the healthd that ran before are lost; every address counts as up until probed");
    }
    health_table_close(previous);
    err_free(&err);
}

/* Puts `config` to work and owns it from here on. On failure what was at work before still is. */
static bool take_up(struct daemon *daemon, struct config *config)
{
    struct err err = ERR_INIT;
    struct generation before = daemon->now;
    struct generation next = {config, targets_build(config), NULL};
    if (before.targets)
        targets_inherit(next.targets, before.targets);
    else
        recall(daemon, next.targets);
    next.publish = publish_create(daemon->table_path, next.targets, &err);
    log_and_free(daemon->log, &err);
    if (!next.publish) {
        generation_free(&next);
        return false;
    }
    daemon->now = next;
    schedule_targets(daemon->schedule, next.targets, before.targets);
    generation_free(&before);
    size_t targets = next.targets->count, services = next.config->service_count;
    log_line(daemon->log, LOG_INFO, "probing %zu %s for %zu %s; verdicts are in %s", targets,
             targets == 1 ? "target" : "targets", services, services == 1 ? "service" : "services",
             daemon->table_path);
    return true;
}

/* --- reload ---------------------------------------------------------------------------------------------- */

static void start_loading(struct daemon *daemon);

/* On a worker thread: touches nothing but `loaded` and `load_err`. */
static void load_config(uv_work_t *work)
{
    struct daemon *daemon = work->data;
    daemon->loaded = config_load(daemon->config_path, &daemon->load_err);
}

static void apply_loaded(struct daemon *daemon)
{
    struct config *config = daemon->loaded;
    daemon->loaded = NULL;
    if (!config) {
        log_line(daemon->log, LOG_ERROR, "%s was not loaded, see above; the running configuration stays",
                 daemon->config_path);
        return;
    }
    if (strcmp(config->server.run_dir, daemon->run_dir) != 0)
        log_line(daemon->log, LOG_WARNING, "server.run_dir changes with a restart only; it is still %s",
                 daemon->run_dir);
    if (!take_up(daemon, config))
        log_line(daemon->log, LOG_ERROR, "%s was not put to work; the running configuration stays",
                 daemon->config_path);
}

static void on_loaded(uv_work_t *work, int status)
{
    struct daemon *daemon = work->data;
    (void)status; /* only a cancelled request has another than 0, and none is cancelled */
    daemon->loading = false;
    log_findings(daemon->log, &daemon->load_err);
    if (!daemon->stopping)
        apply_loaded(daemon);
    config_free(daemon->loaded);
    daemon->loaded = NULL;
    err_free(&daemon->load_err);
    if (daemon->load_again && !daemon->stopping)
        start_loading(daemon);
}

static void start_loading(struct daemon *daemon)
{
    daemon->load_again = daemon->loading; /* the file may have changed since the present load read it */
    if (daemon->loading)
        return;
    log_line(daemon->log, LOG_INFO, "loading %s again", daemon->config_path);
    daemon->loading = true;
    daemon->load_err = (struct err)ERR_INIT;
    daemon->load.data = daemon;
    uv_queue_work(&daemon->loop, &daemon->load, load_config, on_loaded);
}

/* --- start and stop -------------------------------------------------------------------------------------- */

/* Closes all that the loop waits for; uv_run() then comes to its end. */
static void stop(struct daemon *daemon)
{
    if (daemon->stopping)
        return;
    daemon->stopping = true;
    for (size_t i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&daemon->signals[i], NULL);
    uv_close((uv_handle_t *)&daemon->beat, NULL);
    schedule_free(daemon->schedule, daemon->now.targets);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct daemon *daemon = handle->data;
    if (number == SIGHUP) {
        start_loading(daemon);
        return;
    }
    log_line(daemon->log, LOG_INFO, "stopping: %s; the verdicts stay in %s",
             number == SIGTERM ? "SIGTERM" : "SIGINT", daemon->table_path);
    stop(daemon);
}

static void start_handles(struct daemon *daemon)
{
    static const int numbers[SIGNALS] = {SIGHUP, SIGTERM, SIGINT};
    uv_timer_init(&daemon->loop, &daemon->beat);
    daemon->beat.data = daemon;
    for (size_t i = 0; i < SIGNALS; i++) {
        uv_signal_init(&daemon->loop, &daemon->signals[i]);
        daemon->signals[i].data = daemon;
        uv_signal_start(&daemon->signals[i], on_signal, numbers[i]);
    }
}

/* The loop until everything is closed. */
static bool run_loop(struct daemon *daemon, struct config *config)
{
    struct err err = ERR_INIT;
    int failed = uv_loop_init(&daemon->loop);
    if (failed) {
        log_line(daemon->log, LOG_ERROR, "the event loop cannot be started: %s", uv_strerror(failed));
        config_free(config);
        return false;
    }
    start_handles(daemon);
    daemon->schedule = schedule_create(&daemon->loop, on_result, daemon, &err);
    log_and_free(daemon->log, &err);
    bool started = daemon->schedule && take_up(daemon, config);
    if (!daemon->schedule)
        config_free(config);
    if (started)
        uv_timer_start(&daemon->beat, on_beat, HEALTH_TABLE_BEAT_MS, HEALTH_TABLE_BEAT_MS);
    else
        stop(daemon);
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    int left = uv_loop_close(&daemon->loop);
    assert(left == 0);
    (void)left;
    generation_free(&daemon->now);
    return started;
}

static char *path_in(const char *folder, const char *name)
{
    size_t size = strlen(folder) + 1 + strlen(name) + 1;
    char *path = mem_alloc(size);
    (void)snprintf(path, size, "%s/%s", folder, name);
    return path;
}

bool daemon_run(const char *config_path, const struct log *log)
{
    bool ran = false;
    struct err err = ERR_INIT;
    struct daemon daemon = {.log = log, .config_path = config_path, .lock = -1};
    struct config *config = config_load(config_path, &err);
    if (config) {
        daemon.run_dir = mem_strdup(config->server.run_dir);
        daemon.table_path = path_in(daemon.run_dir, HEALTH_TABLE_FILE);
        daemon.lock = run_dir_lock(daemon.run_dir, &err);
    }
    log_and_free(log, &err);
    if (daemon.lock >= 0) {
        log_line(log, LOG_INFO, "healthd %s starts, process %ld", MERIDIAN_VERSION, (long)getpid());
        ran = run_loop(&daemon, config);
        (void)close(daemon.lock);
    } else {
        config_free(config);
    }
    free(daemon.table_path);
    free(daemon.run_dir);
    return ran;
}
