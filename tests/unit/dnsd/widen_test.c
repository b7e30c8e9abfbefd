// SPDX-License-Identifier: MIT
#include "dnsd/widen.h"

#include "dnsd/steer.h"
#include "tests/unit/dnsd/widen_fixture.h"

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

enum { WWW, API, DUO };

/* What a query would find now. */
static const struct geo_scopes *find(const struct widen_fixture *f, size_t service, enum addr_family family)
{
    struct steer_state state;
    steer_observe(&f->snapshot->services[service], family, f->health, &state);
    return widen_find(f->view, service, family, state.answerers);
}

/* One member up or down. */
static void set(struct widen_fixture *f, size_t slot, bool up)
{
    health_table_store(f->table, slot, up ? HEALTH_WORD_UNKNOWN : HEALTH_WORD_UNKNOWN & ~HEALTH_ADDRESSES);
}

START_TEST(a_table_is_built_once_for_all_that_need_it)
{
    struct widen_fixture f;
    widen_fixture_set_up(&f, config_text, true);
    ck_assert_ptr_null(find(&f, WWW, ADDR_V4)); /* not yet: the narrower scope serves */
    uv_run(&f.loop, UV_RUN_DEFAULT);
    ck_assert_ptr_nonnull(find(&f, WWW, ADDR_V4));
    ck_assert_ptr_eq(find(&f, WWW, ADDR_V4), find(&f, API, ADDR_V4));
    ck_assert_uint_eq(f.published, 1);
    ck_assert(widen_is_current(f.widen, f.view, f.snapshot, f.health));
    /* One site, or the same for everyone: nothing to build. */
    ck_assert_ptr_null(find(&f, WWW, ADDR_V6));
    ck_assert_ptr_null(find(&f, DUO, ADDR_V4));
    widen_fixture_tear_down(&f);
}
END_TEST

START_TEST(a_flip_is_never_met_by_a_stale_table)
{
    struct widen_fixture f;
    widen_fixture_set_up(&f, config_text, true);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    const struct geo_scopes *all = find(&f, WWW, ADDR_V4);
    set(&f, 1, false); /* iad of www */
    ck_assert_ptr_null(find(&f, WWW, ADDR_V4));
    ck_assert_ptr_eq(find(&f, API, ADDR_V4), all);
    ck_assert(!widen_is_current(f.widen, f.view, f.snapshot, f.health));
    widen_fixture_publish(&f);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    const struct geo_scopes *two = find(&f, WWW, ADDR_V4);
    ck_assert_ptr_nonnull(two);
    ck_assert_ptr_ne(two, all);
    /* Back again: the old table is still there, and the next view has it. */
    set(&f, 1, true);
    ck_assert_ptr_null(find(&f, WWW, ADDR_V4));
    widen_fixture_publish(&f);
    ck_assert_ptr_eq(find(&f, WWW, ADDR_V4), all);
    widen_fixture_tear_down(&f);
}
END_TEST

START_TEST(all_down_serves_all_with_the_scopes_of_all)
{
    struct widen_fixture f;
    widen_fixture_set_up(&f, config_text, true);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    const struct geo_scopes *all = find(&f, WWW, ADDR_V4);
    for (size_t i = 0; i < 3; i++)
        set(&f, i, false);
    ck_assert_ptr_eq(find(&f, WWW, ADDR_V4), all);
    widen_fixture_tear_down(&f);
}
END_TEST

START_TEST(tables_that_nobody_needs_are_few)
{
    struct widen_fixture f;
    widen_fixture_set_up(&f, config_text, true);
    for (unsigned round = 0; round < 100; round++) {
        for (size_t i = 0; i < 6; i++)
            set(&f, i, (round * 7 + i * 3) % 5 != 0);
        widen_fixture_publish(&f);
        uv_run(&f.loop, UV_RUN_DEFAULT);
        ck_assert(widen_is_current(f.widen, f.view, f.snapshot, f.health));
    }
    widen_forget(f.widen, f.snapshot->geo);
    ck_assert(widen_is_current(f.widen, f.view, f.snapshot, f.health));
    widen_fixture_tear_down(&f);
}
END_TEST

/* Also while a table for the old one is being built. */
START_TEST(a_reload_leaves_nothing_of_the_old_geo)
{
    struct widen_fixture f;
    struct err err = ERR_INIT;
    char path[128];
    widen_fixture_set_up(&f, config_text, true);
    snprintf(path, sizeof path, "%s/meridian.yaml", f.folder);
    for (unsigned round = 0; round < 3; round++) {
        struct snapshot *old = f.snapshot;
        f.snapshot = snapshot_load(path, NULL, &err);
        ck_assert_ptr_nonnull(f.snapshot);
        widen_fixture_publish(&f);
        ck_assert_ptr_null(find(&f, WWW, ADDR_V4));
        widen_forget(f.widen, f.snapshot->geo);
        snapshot_free(old);
        if (round == 1)
            continue; /* the next one comes at once */
        uv_run(&f.loop, UV_RUN_DEFAULT);
        widen_fixture_settle(&f);
        ck_assert_ptr_nonnull(find(&f, WWW, ADDR_V4));
    }
    err_free(&err);
    widen_fixture_tear_down(&f);
}
END_TEST

START_TEST(a_reload_that_changes_no_map_keeps_the_tables)
{
    struct widen_fixture f;
    struct err err = ERR_INIT;
    char path[128];
    widen_fixture_set_up(&f, config_text, true);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    const struct geo_scopes *before = find(&f, WWW, ADDR_V4);
    snprintf(path, sizeof path, "%s/meridian.yaml", f.folder);
    struct snapshot *old = f.snapshot;
    f.snapshot = snapshot_load(path, old, &err);
    ck_assert_ptr_nonnull(f.snapshot);
    widen_fixture_publish(&f);
    widen_forget(f.widen, f.snapshot->geo);
    snapshot_free(old);
    ck_assert_ptr_eq(find(&f, WWW, ADDR_V4), before);
    err_free(&err);
    widen_fixture_tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/widen", a_reload_leaves_nothing_of_the_old_geo,
           a_reload_that_changes_no_map_keeps_the_tables, a_table_is_built_once_for_all_that_need_it,
           a_flip_is_never_met_by_a_stale_table, all_down_serves_all_with_the_scopes_of_all,
           tables_that_nobody_needs_are_few)
