// SPDX-License-Identifier: MIT
#include "dnsd/widen.h"

#include <stdio.h>
#include <unistd.h>
#include <uv.h>

#include "dnsd/steer.h"
#include "tests/support/check_main.h"

static const char config_text[] = "server: { run_dir: . }\n"
                                  "sites:\n"
                                  "  fra: { at: [50.03, 8.57] }\n"
                                  "  iad: { at: [38.95, -77.45] }\n"
                                  "  sin: { at: [1.36, 103.99] }\n"
                                  "services:\n"
                                  "  www: { members: { fra: { a: [192.0.2.1], aaaa: [\"2001:db8::1\"] },\n"
                                  "                    iad: { a: [192.0.2.2] }, sin: { a: [192.0.2.3] } } }\n"
                                  "  api: { members: { fra: { a: [192.0.2.4] }, iad: { a: [192.0.2.5] },\n"
                                  "                    sin: { a: [192.0.2.6] } } }\n"
                                  "  duo: { mode: active-passive, members: { fra: { a: [192.0.2.7] },\n"
                                  "                                          iad: { a: [192.0.2.8] } } }\n"
                                  "zones: { example.com: { file: com.zone, steer: { www: www, api: api, duo: "
                                  "duo } } }\n";

static const char zone_text[] = "@ 60 SOA ns host 1 2 3 4 60\n@ 60 NS ns\nns 60 A 192.0.2.53\n";

enum { WWW, API, DUO };

/* What server.c does, without sockets. */
struct fixture {
    char folder[64];
    uv_loop_t loop;
    struct snapshot *snapshot;
    struct health_table *table;
    struct health_view *health;
    struct widen *widen;
    struct widen_view *view;
    unsigned published;
};

static void publish(void *context)
{
    struct fixture *f = context;
    struct widen_view *old = f->view;
    f->view = widen_look(f->widen, f->snapshot, f->health);
    widen_view_free(old);
    f->published++;
}

static void write_file(const struct fixture *f, const char *name, const char *text)
{
    char path[128], here[512];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    if (text == config_text)
        fprintf(file, "geoip: { databases: [%s/build/geoip/dbip-country.mmdb] }\n", here);
    fputs(text, file);
    fclose(file);
}

static void create_table(struct fixture *f)
{
    const struct config *config = f->snapshot->config;
    struct health_slot_spec specs[16];
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

static void set_up(struct fixture *f)
{
    struct err err = ERR_INIT;
    char path[128];
    *f = (struct fixture){.folder = "/tmp/meridian-widen-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(f->folder));
    write_file(f, "meridian.yaml", config_text);
    write_file(f, "com.zone", zone_text);
    snprintf(path, sizeof path, "%s/meridian.yaml", f->folder);
    f->snapshot = snapshot_load(path, NULL, &err);
    err_print(&err, stderr);
    ck_assert_ptr_nonnull(f->snapshot);
    err_free(&err);
    create_table(f);
    f->health = health_view_create(f->snapshot->config, f->table);
    uv_loop_init(&f->loop);
    f->widen = widen_create(&f->loop, publish, f);
    f->view = widen_look(f->widen, f->snapshot, f->health);
}

static void tear_down(struct fixture *f)
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

/* What a query would find now. */
static const struct geo_scopes *find(const struct fixture *f, size_t service, enum addr_family family)
{
    struct steer_state state;
    steer_observe(&f->snapshot->services[service], family, f->health, &state);
    return widen_find(f->view, service, family, state.answerers);
}

/* One member up or down. */
static void set(struct fixture *f, size_t slot, bool up)
{
    health_table_store(f->table, slot, up ? HEALTH_WORD_UNKNOWN : HEALTH_WORD_UNKNOWN & ~HEALTH_ADDRESSES);
}

START_TEST(a_table_is_built_once_for_all_that_need_it)
{
    struct fixture f;
    set_up(&f);
    ck_assert_ptr_null(find(&f, WWW, ADDR_V4)); /* not yet: the narrower scope serves */
    uv_run(&f.loop, UV_RUN_DEFAULT);
    ck_assert_ptr_nonnull(find(&f, WWW, ADDR_V4));
    ck_assert_ptr_eq(find(&f, WWW, ADDR_V4), find(&f, API, ADDR_V4));
    ck_assert_uint_eq(f.published, 1);
    ck_assert(widen_is_current(f.widen, f.view, f.snapshot, f.health));
    /* One site, or the same for everyone: nothing to build. */
    ck_assert_ptr_null(find(&f, WWW, ADDR_V6));
    ck_assert_ptr_null(find(&f, DUO, ADDR_V4));
    tear_down(&f);
}
END_TEST

START_TEST(a_flip_is_never_met_by_a_stale_table)
{
    struct fixture f;
    set_up(&f);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    const struct geo_scopes *all = find(&f, WWW, ADDR_V4);
    set(&f, 1, false); /* iad of www */
    ck_assert_ptr_null(find(&f, WWW, ADDR_V4));
    ck_assert_ptr_eq(find(&f, API, ADDR_V4), all);
    ck_assert(!widen_is_current(f.widen, f.view, f.snapshot, f.health));
    publish(&f);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    const struct geo_scopes *two = find(&f, WWW, ADDR_V4);
    ck_assert_ptr_nonnull(two);
    ck_assert_ptr_ne(two, all);
    /* Back again: the old table is still there, and the next view has it. */
    set(&f, 1, true);
    ck_assert_ptr_null(find(&f, WWW, ADDR_V4));
    publish(&f);
    ck_assert_ptr_eq(find(&f, WWW, ADDR_V4), all);
    tear_down(&f);
}
END_TEST

START_TEST(all_down_serves_all_with_the_scopes_of_all)
{
    struct fixture f;
    set_up(&f);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    const struct geo_scopes *all = find(&f, WWW, ADDR_V4);
    for (size_t i = 0; i < 3; i++)
        set(&f, i, false);
    ck_assert_ptr_eq(find(&f, WWW, ADDR_V4), all);
    tear_down(&f);
}
END_TEST

START_TEST(tables_that_nobody_needs_are_few)
{
    struct fixture f;
    set_up(&f);
    for (unsigned round = 0; round < 100; round++) {
        for (size_t i = 0; i < 6; i++)
            set(&f, i, (round * 7 + i * 3) % 5 != 0);
        publish(&f);
        uv_run(&f.loop, UV_RUN_DEFAULT);
        ck_assert(widen_is_current(f.widen, f.view, f.snapshot, f.health));
    }
    widen_forget(f.widen, f.snapshot->geo);
    ck_assert(widen_is_current(f.widen, f.view, f.snapshot, f.health));
    tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/widen", a_table_is_built_once_for_all_that_need_it, a_flip_is_never_met_by_a_stale_table,
           all_down_serves_all_with_the_scopes_of_all, tables_that_nobody_needs_are_few)
