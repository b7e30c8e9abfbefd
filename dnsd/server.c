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
#include "dnsd/watch.h"

enum { SIGNALS = 3 };

static const int signal_numbers[SIGNALS] = {SIGHUP, SIGTERM, SIGINT};

/* A configuration being built beside the one in service, and then the end of the one it replaced: both take time
 * that TCP clients must not wait for, so both happen on a thread of the pool, which touches nothing else. */
struct reload {
    uv_work_t work;
    const char *config_path;
    const struct snapshot *previous; /* in service meanwhile */
    struct snapshot *built;
    struct snapshot *replaced;
    struct watch_files *files; /* to be watched from now on */
    uint64_t begin_ms;         /* wall clock */
    struct err err;
};

struct server {
    uv_loop_t loop;
    uv_signal_t signals[SIGNALS];
    uv_timer_t health_timer;
    const char *config_path;
    const struct log *log;

    struct listen_sockets sockets;
    struct health_watch health;
    struct publication publication;
    struct udp *udp;
    struct tcp *tcp;

    /* What is published, as its owner sees it. */
    struct snapshot *snapshot;
    struct health_view *view;
    struct serving *serving;

    struct watch *watch; /* of zone files and databases */
    bool reloading, reload_again, stopping;
    struct reload reload;
};

/* --- what is served -------------------------------------------------------------------------------------- */

/* Publishes `snapshot` with `table`. When it returns, nobody uses what was published before any more; the snapshot
 * of that, if it was another one, is the caller's to free. */
static void publish(struct server *s, struct snapshot *snapshot, const struct health_table *table)
{
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
}

static void on_health_timer(uv_timer_t *timer)
{
    struct server *s = timer->data;
    struct health_table *found = health_watch_tick(&s->health, clock_monotonic_ns(), s->log);
    if (found == NULL)
        return;
    publish(s, s->snapshot, found);
    health_watch_adopt(&s->health, found);
}

/* --- reload ---------------------------------------------------------------------------------------------- */

static size_t thread_count(const struct config_server *config)
{
    cpu_set_t cpus;
    if (config->threads > 0)
        return config->threads;
    return sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? (size_t)CPU_COUNT(&cpus) : 1;
}

static void log_listen(const struct server *s)
{
    for (size_t i = 0; i < s->sockets.addresses; i++) {
        char text[ENDPOINT_TEXT_MAX];
        log_line(s->log, LOG_INFO, "listening on %s, UDP (%zu threads) and TCP",
                 endpoint_format(&s->sockets.listen[i], text), s->sockets.threads);
    }
}

/* Serves on the addresses and with the threads of another configuration. What stays is never without a thread
 * that serves it, and what goes is emptied first. False with a finding: then nothing has changed. */
static bool change_listen(struct server *s, const struct config_server *next, struct err *err)
{
    struct listen_sockets sockets;
    size_t threads = thread_count(next);
    if (listen_is(&s->sockets, next->listen, next->listen_count, threads))
        return true;
    if (!listen_open(&sockets, next->listen, next->listen_count, threads, &s->sockets, err))
        return false;
    struct udp *udp = udp_start(&sockets, &s->publication, err);
    if (udp == NULL || !tcp_listen(s->tcp, &sockets, err)) {
        if (udp != NULL)
            udp_stop(udp);
        listen_close(&sockets, &s->sockets);
        return false;
    }
    listen_retire(&s->sockets, &sockets);
    udp_stop(s->udp);
    listen_close(&s->sockets, &sockets);
    s->udp = udp;
    s->sockets = sockets;
    log_listen(s);
    return true;
}

static void warn_of_restart(const struct server *s, const struct config_server *next)
{
    if (strcmp(s->snapshot->config->server.run_dir, next->run_dir) != 0)
        log_line(s->log, LOG_WARNING, "a change of server.run_dir takes effect when dnsd is restarted");
}

static struct watch_files *files_to_watch(const struct snapshot *snapshot)
{
    return snapshot->config->server.watch ? watch_files_of(snapshot->config, snapshot->zones) : NULL;
}

static void build(uv_work_t *work)
{
    struct reload *reload = work->data;
    reload->built = snapshot_load(reload->config_path, reload->previous, &reload->err);
    const struct snapshot *next = reload->built != NULL ? reload->built : reload->previous;
    reload->files = files_to_watch(next);
}

static void discard(uv_work_t *work)
{
    struct reload *reload = work->data;
    snapshot_free(reload->replaced);
}

static void start_reload(struct server *s);

static void on_discarded(uv_work_t *work, int status)
{
    struct server *s = work->loop->data;
    (void)status; /* never cancelled */
    s->reloading = false;
    if (s->reload_again && !s->stopping)
        start_reload(s);
}

/* Puts what was built into service; false with findings if it does not fit this machine. */
static bool adopt(struct server *s, struct reload *reload)
{
    if (reload->built == NULL || !change_listen(s, &reload->built->config->server, &reload->err))
        return false;
    warn_of_restart(s, &reload->built->config->server);
    tcp_set_limits(s->tcp, &reload->built->config->server.tcp);
    reload->replaced = s->snapshot;
    publish(s, reload->built, s->health.table);
    return true;
}

static void on_built(uv_work_t *work, int status)
{
    struct server *s = work->loop->data;
    struct reload *reload = &s->reload;
    (void)status; /* never cancelled */
    bool adopted = !s->stopping && adopt(s, reload);
    if (s->stopping)
        watch_files_free(reload->files);
    else
        watch_set(s->watch, reload->files,
                  reload->begin_ms); /* also after a failure: folders may be others */
    size_t errors = reload->err.errors;
    log_findings(s->log, &reload->err);
    err_free(&reload->err);
    if (adopted) {
        if (errors > 0)
            log_line(s->log, LOG_ERROR,
                     "zones with errors were not loaded: their previous versions stay in service");
        log_line(s->log, LOG_INFO, "%s reloaded; zones: %zu, services: %zu", s->config_path,
                 zones_count(s->snapshot->zones), s->snapshot->config->service_count);
    } else {
        reload->replaced = reload->built;
        if (!s->stopping)
            log_line(s->log, LOG_ERROR, "%s was not loaded: the previous configuration stays in service",
                     s->config_path);
    }
    uv_queue_work(&s->loop, &reload->work, discard, on_discarded);
}

/* However often it is asked for: one at a time, and one more for all that came meanwhile. */
static void start_reload(struct server *s)
{
    s->reload_again = s->reloading;
    if (s->reloading)
        return;
    s->reloading = true;
    s->reload = (struct reload){
        .config_path = s->config_path,
        .previous = s->snapshot,
        .begin_ms = clock_wall_ms(),
        .err = ERR_INIT,
    };
    s->reload.work.data = &s->reload;
    uv_queue_work(&s->loop, &s->reload.work, build, on_built);
}

static void on_files_changed(void *context, const char *path, size_t count)
{
    struct server *s = context;
    if (count > 1)
        log_line(s->log, LOG_INFO, "%s and %zu more changed: reloading", path, count - 1);
    else
        log_line(s->log, LOG_INFO, "%s changed: reloading", path);
    start_reload(s);
}

/* --- start and stop -------------------------------------------------------------------------------------- */

static void stop(struct server *s)
{
    if (s->stopping)
        return;
    s->stopping = true;
    tcp_stop(s->tcp);
    udp_stop(s->udp);
    listen_close(&s->sockets, NULL); /* who asks now hears at once that nobody is here, and asks elsewhere */
    watch_stop(s->watch);
    for (size_t i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&s->signals[i], NULL);
    uv_close((uv_handle_t *)&s->health_timer, NULL);
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

/* A SIGHUP while the first load runs must not end us: it waits until it can be a reload. */
static void hold_reloads(int how)
{
    sigset_t hup;
    sigemptyset(&hup);
    sigaddset(&hup, SIGHUP);
    pthread_sigmask(how, &hup, NULL);
}

/* `begin_ms`: wall clock, before anything was read. */
static void start_events(struct server *s, uint64_t begin_ms)
{
    for (size_t i = 0; i < SIGNALS; i++) {
        uv_signal_init(&s->loop, &s->signals[i]);
        s->signals[i].data = s;
        uv_signal_start(&s->signals[i], on_signal, signal_numbers[i]);
    }
    hold_reloads(SIG_UNBLOCK);
    uv_timer_init(&s->loop, &s->health_timer);
    s->health_timer.data = s;
    uv_timer_start(&s->health_timer, on_health_timer, HEALTH_WATCH_MS, HEALTH_WATCH_MS);
    s->watch = watch_start(&s->loop, s->log, on_files_changed, s);
    watch_set(s->watch, files_to_watch(s->snapshot), begin_ms);
}

/* Everything that can fail, in the order in which a failure costs least. */
static bool start(struct server *s, struct err *err)
{
    s->snapshot = snapshot_load(s->config_path, NULL, err);
    if (s->snapshot == NULL)
        return false;
    const struct config *config = s->snapshot->config;
    if (!listen_open(&s->sockets, config->server.listen, config->server.listen_count,
                     thread_count(&config->server), NULL, err))
        return false;
    health_watch_init(&s->health, config->server.run_dir, s->log);
    publish(s, s->snapshot, s->health.table);
    s->tcp = tcp_start(&s->loop, &s->sockets, &config->server.tcp, &s->publication, s->log, err);
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
    log_listen(s);
    log_line(s->log, LOG_INFO, "dnsd %s is ready; zones: %zu, services: %zu, sites: %zu", MERIDIAN_VERSION,
             zones_count(s->snapshot->zones), config->service_count, config->site_count);
}

static void release(struct server *s)
{
    listen_close(&s->sockets, NULL);
    health_watch_free(&s->health);
    health_view_free(s->view);
    free(s->serving);
    snapshot_free(s->snapshot);
}

int server_run(const char *config_path, const struct log *log)
{
    struct server *s = mem_alloc(sizeof *s);
    struct err err = ERR_INIT;
    uint64_t begin_ms = clock_wall_ms();
    s->config_path = config_path;
    s->log = log;
    signal(SIGPIPE, SIG_IGN);
    hold_reloads(SIG_BLOCK);
    uv_loop_init(&s->loop);
    s->loop.data = s;
    bool started = start(s, &err);
    log_findings(log, &err);
    err_free(&err);
    if (started) {
        start_events(s, begin_ms);
        log_start(s);
    }
    uv_run(&s->loop, UV_RUN_DEFAULT); /* also to close what a failed start had opened */
    uv_loop_close(&s->loop);
    release(s);
    free(s);
    return started ? 0 : 1;
}
