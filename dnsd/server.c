// SPDX-License-Identifier: MIT
#include "dnsd/server.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/version.h"
#include "dnsd/health_watch.h"
#include "dnsd/listen.h"
#include "dnsd/publication.h"
#include "dnsd/tcp.h"
#include "dnsd/udp.h"

enum { SIGNALS = 3 };

static const int signal_numbers[SIGNALS] = {SIGHUP, SIGTERM, SIGINT};

/* A configuration being built beside the one in service. */
struct reload {
    uv_work_t work;
    const char *config_path;
    const struct snapshot *previous; /* stays in service until the build has ended */
    struct snapshot *built;
    struct err err;
};

struct server {
    uv_loop_t loop;
    uv_signal_t signals[SIGNALS];
    uv_timer_t health_timer;
    const char *config_path;
    const struct log *log;

    struct listen_sockets sockets;
    struct health_watch watch;
    struct publication publication;
    struct udp *udp;
    struct tcp *tcp;

    /* What is published, as its owner sees it. */
    struct snapshot *snapshot;
    struct health_view *view;
    struct serving *serving;

    bool reloading, reload_again;
    struct reload reload;
};

/* --- what is served -------------------------------------------------------------------------------------- */

/* Publishes `snapshot` with `table`; frees what was published before as soon as nobody uses it. */
static void publish(struct server *s, struct snapshot *snapshot, const struct health_table *table)
{
    struct snapshot *old_snapshot = s->snapshot;
    struct health_view *old_view = s->view;
    struct serving *old_serving = s->serving;
    s->snapshot = snapshot;
    s->view = health_view_create(snapshot->config, table);
    s->serving = mem_alloc(sizeof *s->serving);
    *s->serving = (struct serving){snapshot, s->view};
    publication_swap(&s->publication, s->serving);
    if (table != NULL && health_view_unbound(s->view) > 0)
        log_line(
            s->log, LOG_WARNING,
            "healthd does not know %zu of this configuration's service members: they count as up until it "
            "has loaded the same file",
            health_view_unbound(s->view));
    free(old_serving);
    health_view_free(old_view);
    if (old_snapshot != snapshot)
        snapshot_free(old_snapshot);
}

static void on_health_timer(uv_timer_t *timer)
{
    struct server *s = timer->data;
    struct health_table *found = health_watch_tick(&s->watch, clock_monotonic_ns(), s->log);
    if (found == NULL)
        return;
    publish(s, s->snapshot, found);
    health_watch_adopt(&s->watch, found);
}

/* --- reload ---------------------------------------------------------------------------------------------- */

static bool same_listen(const struct config_server *a, const struct config_server *b)
{
    if (a->listen_count != b->listen_count)
        return false;
    for (size_t i = 0; i < a->listen_count; i++)
        if (!addr_equal(&a->listen[i].addr, &b->listen[i].addr) || a->listen[i].port != b->listen[i].port)
            return false;
    return true;
}

static void warn_of_restart(const struct server *s, const struct config_server *next)
{
    const struct config_server *now = &s->snapshot->config->server;
    if (!same_listen(now, next) || now->threads != next->threads || strcmp(now->run_dir, next->run_dir) != 0)
        log_line(s->log, LOG_WARNING,
                 "a change of server.listen, threads or run_dir takes effect when dnsd is restarted");
}

/* On a thread of the pool: touches the reload only. */
static void build(uv_work_t *work)
{
    struct reload *reload = work->data;
    reload->built = snapshot_load(reload->config_path, reload->previous, &reload->err);
}

static void start_reload(struct server *s);

static void on_built(uv_work_t *work, int status)
{
    struct server *s = work->loop->data;
    struct reload *reload = &s->reload;
    s->reloading = false;
    log_findings(s->log, &reload->err);
    if (status < 0 || reload->built == NULL) {
        log_line(s->log, LOG_ERROR, "%s was not loaded: the previous configuration stays in service",
                 s->config_path);
    } else {
        warn_of_restart(s, &reload->built->config->server);
        publish(s, reload->built, s->watch.table);
        if (reload->err.errors > 0)
            log_line(s->log, LOG_ERROR,
                     "zones with errors were not loaded: their previous versions stay in service");
        log_line(s->log, LOG_INFO, "%s reloaded; zones: %zu, services: %zu", s->config_path,
                 zones_count(s->snapshot->zones), s->snapshot->config->service_count);
    }
    err_free(&reload->err);
    if (s->reload_again)
        start_reload(s);
}

static void start_reload(struct server *s)
{
    s->reload_again = s->reloading;
    if (s->reloading)
        return;
    s->reloading = true;
    s->reload = (struct reload){.config_path = s->config_path, .previous = s->snapshot, .err = ERR_INIT};
    s->reload.work.data = &s->reload;
    uv_queue_work(&s->loop, &s->reload.work, build, on_built);
}

/* --- start and stop -------------------------------------------------------------------------------------- */

static void stop(struct server *s)
{
    udp_stop(s->udp);
    tcp_stop(s->tcp);
    for (size_t i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&s->signals[i], NULL);
    uv_close((uv_handle_t *)&s->health_timer, NULL);
    s->reload_again = false;
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct server *s = handle->data;
    if (number == SIGHUP) {
        start_reload(s);
        return;
    }
    log_line(s->log, LOG_INFO, "%s: stopping", number == SIGTERM ? "SIGTERM" : "SIGINT");
    stop(s);
}

static size_t thread_count(const struct config *config)
{
    cpu_set_t cpus;
    if (config->server.threads > 0)
        return config->server.threads;
    return sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? (size_t)CPU_COUNT(&cpus) : 1;
}

static void start_events(struct server *s)
{
    for (size_t i = 0; i < SIGNALS; i++) {
        uv_signal_init(&s->loop, &s->signals[i]);
        s->signals[i].data = s;
        uv_signal_start(&s->signals[i], on_signal, signal_numbers[i]);
    }
    uv_timer_init(&s->loop, &s->health_timer);
    s->health_timer.data = s;
    uv_timer_start(&s->health_timer, on_health_timer, HEALTH_WATCH_MS, HEALTH_WATCH_MS);
}

/* Everything that can fail, in the order in which a failure costs least. */
static bool start(struct server *s, struct err *err)
{
    s->snapshot = snapshot_load(s->config_path, NULL, err);
    if (s->snapshot == NULL)
        return false;
    const struct config *config = s->snapshot->config;
    if (!listen_open(&s->sockets, config->server.listen, config->server.listen_count, thread_count(config),
                     err))
        return false;
    health_watch_init(&s->watch, config->server.run_dir, s->log);
    publish(s, s->snapshot, s->watch.table);
    s->tcp = tcp_start(&s->loop, &s->sockets, &s->publication, s->log, err);
    if (s->tcp == NULL)
        return false;
    s->udp = udp_start(&s->sockets, &s->publication, err);
    if (s->udp == NULL)
        tcp_stop(s->tcp);
    return s->udp != NULL;
}

static void log_start(const struct server *s)
{
    const struct config *config = s->snapshot->config;
    for (size_t i = 0; i < config->server.listen_count; i++) {
        char text[ENDPOINT_TEXT_MAX];
        log_line(s->log, LOG_INFO, "listening on %s, UDP (%zu threads) and TCP",
                 endpoint_format(&config->server.listen[i], text), s->sockets.threads);
    }
    log_line(s->log, LOG_INFO, "dnsd %s is ready; zones: %zu, services: %zu, sites: %zu", MERIDIAN_VERSION,
             zones_count(s->snapshot->zones), config->service_count, config->site_count);
}

static void release(struct server *s)
{
    listen_close(&s->sockets);
    health_watch_free(&s->watch);
    health_view_free(s->view);
    free(s->serving);
    snapshot_free(s->snapshot);
}

int server_run(const char *config_path, const struct log *log)
{
    struct server *s = mem_alloc(sizeof *s);
    struct err err = ERR_INIT;
    s->config_path = config_path;
    s->log = log;
    signal(SIGPIPE, SIG_IGN);
    uv_loop_init(&s->loop);
    s->loop.data = s;
    bool started = start(s, &err);
    log_findings(log, &err);
    err_free(&err);
    if (started) {
        start_events(s);
        log_start(s);
    }
    uv_run(&s->loop, UV_RUN_DEFAULT); /* also to close what a failed start had opened */
    uv_loop_close(&s->loop);
    release(s);
    free(s);
    return started ? 0 : 1;
}
