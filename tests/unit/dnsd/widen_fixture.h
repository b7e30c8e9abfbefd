// SPDX-License-Identifier: MIT
/* A snapshot, a health table to write to, and the scopes that follow it: what server.c does, without sockets. */
#pragma once

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "dnsd/widen.h"
#include "tests/support/check_main.h"

static const char widen_fixture_zone[] = "@ 60 SOA ns host 1 2 3 4 60\n@ 60 NS ns\nns 60 A 192.0.2.53\n"
                                         "own 60 A 192.0.2.99\n";

struct widen_fixture {
    char folder[64];
    uv_loop_t loop;
    struct snapshot *snapshot;
    struct health_table *table;
    struct health_view *health;
    struct widen *widen;
    struct widen_view *view;
    unsigned published;
};

static inline void widen_fixture_publish(void *context)
{
    struct widen_fixture *f = context;
    struct widen_view *old = f->view;
    f->view = widen_look(f->widen, f->snapshot, f->health);
    widen_view_free(old);
    f->published++;
}

/* `database`: with the country data, too. */
static inline void widen_fixture_write(const struct widen_fixture *f, const char *name, const char *text,
                                       bool database)
{
    char path[128], here[512];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    if (database)
        fprintf(file, "geoip: { databases: [%s/build/geoip/dbip-country.mmdb] }\n", here);
    fputs(text, file);
    fclose(file);
}

static inline void widen_fixture_create_table(struct widen_fixture *f)
{
    const struct config *config = f->snapshot->config;
    struct health_slot_spec specs[32];
    struct err err = ERR_INIT;
    size_t count = 0;
    char path[128];
    for (size_t s = 0; s < config->service_count; s++) {
        for (size_t m = 0; m < config->services[s].member_count; m++) {
            const struct config_member *member = &config->services[s].members[m];
            specs[count++] = (struct health_slot_spec){
                config->services[s].name, config->sites[member->site].name, member->addresses,
                (size_t)member->a_count + member->aaaa_count, HEALTH_WORD_UNKNOWN};
        }
    }
    snprintf(path, sizeof path, "%s/health", f->folder);
    f->table = health_table_create(path, specs, count, &err);
    ck_assert_ptr_nonnull(f->table);
}

static inline void widen_fixture_set_up(struct widen_fixture *f, const char *config_text, bool database)
{
    struct err err = ERR_INIT;
    char path[128];
    *f = (struct widen_fixture){.folder = "/tmp/meridian-widen-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(f->folder));
    widen_fixture_write(f, "meridian.yaml", config_text, database);
    widen_fixture_write(f, "com.zone", widen_fixture_zone, false);
    snprintf(path, sizeof path, "%s/meridian.yaml", f->folder);
    f->snapshot = snapshot_load(path, NULL, &err);
    if (!f->snapshot)
        err_print(&err, stderr);
    ck_assert_ptr_nonnull(f->snapshot);
    err_free(&err);
    widen_fixture_create_table(f);
    f->health = health_view_create(f->snapshot->config, f->table);
    uv_loop_init(&f->loop);
    f->widen = widen_create(&f->loop, widen_fixture_publish, f);
    f->view = widen_look(f->widen, f->snapshot, f->health);
}

/* Every member up, but those of the sites named in `down`. */
static inline void widen_fixture_down(struct widen_fixture *f, const char *down)
{
    for (size_t i = 0; i < health_table_count(f->table); i++) {
        bool is_down = strstr(down, health_table_slot(f->table, i)->site) != NULL;
        health_table_store(f->table, i,
                           is_down ? HEALTH_WORD_UNKNOWN & ~HEALTH_ADDRESSES : HEALTH_WORD_UNKNOWN);
    }
}

/* Until every table that is wanted is there. */
static inline void widen_fixture_settle(struct widen_fixture *f)
{
    if (!widen_is_current(f->widen, f->view, f->snapshot, f->health))
        widen_fixture_publish(f);
    uv_run(&f->loop, UV_RUN_DEFAULT);
}

static inline void widen_fixture_tear_down(struct widen_fixture *f)
{
    static const char *const names[] = {"meridian.yaml", "com.zone", "health"};
    uv_run(&f->loop, UV_RUN_DEFAULT);
    uv_loop_close(&f->loop);
    widen_view_free(f->view);
    widen_free(f->widen);
    health_view_free(f->health);
    health_table_close(f->table);
    snapshot_free(f->snapshot);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
        unlink(path);
    }
    rmdir(f->folder);
}
