// SPDX-License-Identifier: MIT
#include "dnsd/health_watch.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

#define REOPEN_MS 1000

static char *table_path(const char *run_dir)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", run_dir, HEALTH_TABLE_FILE) < 0 ? mem_strdup(HEALTH_TABLE_FILE) : path;
}

void health_watch_init(struct health_watch *watch, const char *run_dir, const struct log *log)
{
    struct err err = ERR_INIT;
    *watch = (struct health_watch){.path = table_path(run_dir)};
    watch->table = health_table_open(watch->path, &err);
    for (size_t i = 0; i < err.count; i++) /* no reason not to answer */
        log_line(log, LOG_WARNING, "%s: %s; until then every site counts as up", watch->path,
                 err.findings[i].text);
    err_free(&err);
}

static void report_age(struct health_watch *watch, uint64_t age_ms, const struct log *log)
{
    char text[CLOCK_TEXT_MAX];
    bool stale = age_ms > HEALTH_TABLE_STALE_MS;
    if (stale == watch->stale)
        return;
    watch->stale = stale;
    if (stale && age_ms == UINT64_MAX)
        log_line(
            log, LOG_WARNING,
            "healthd has not been heard of since this machine booted: answers keep the last known state of "
            "every site, failures are not noticed; start healthd");
    else if (stale)
        log_line(log, LOG_WARNING,
                 "healthd has not been heard of for %s: answers keep the last known state of every site, new "
                 "failures are not noticed; is healthd (pid %llu) running?",
                 clock_format_span(age_ms, text), (unsigned long long)health_table_writer_pid(watch->table));
    else
        log_line(log, LOG_INFO, "healthd is back: answers follow its verdicts again");
}

/* A newer table, or NULL. Without one, or with one whose writer is gone, it is looked for once a second:
 * the file may have been removed, so that no successor could mark ours as superseded. */
static struct health_table *look_for_table(struct health_watch *watch, uint64_t now_ns)
{
    uint64_t now_ms = now_ns / 1000000;
    bool superseded = watch->table != NULL && health_table_superseded(watch->table);
    bool lost = watch->table == NULL || watch->stale;
    if (!superseded && (!lost || now_ms < watch->next_open_ms))
        return NULL;
    watch->next_open_ms = now_ms + REOPEN_MS;
    struct err err = ERR_INIT;
    struct health_table *found = health_table_open(watch->path, &err);
    err_free(&err); /* said once, at the start */
    if (found != NULL && !superseded && watch->table != NULL &&
        health_table_age_ms(found, now_ns) > HEALTH_TABLE_STALE_MS) {
        health_table_close(found);
        return NULL;
    }
    return found;
}

struct health_table *health_watch_tick(struct health_watch *watch, uint64_t monotonic_ns,
                                       const struct log *log)
{
    struct health_table *found = look_for_table(watch, monotonic_ns);
    const struct health_table *table = found ? found : watch->table;
    if (table != NULL) {
        if (found != NULL && watch->table == NULL)
            log_line(log, LOG_INFO, "health table found: %s", watch->path);
        report_age(watch, health_table_age_ms(table, monotonic_ns), log);
    }
    return found;
}

void health_watch_adopt(struct health_watch *watch, struct health_table *table)
{
    health_table_close(watch->table);
    watch->table = table;
}

void health_watch_free(struct health_watch *watch)
{
    health_table_close(watch->table);
    free(watch->path);
}
