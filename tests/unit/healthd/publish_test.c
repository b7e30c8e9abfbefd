// SPDX-License-Identifier: MIT
#include "healthd/publish.h"

#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/unit/healthd/sample.h"

#define FULL ((uint64_t)HEALTH_FACTOR_FULL << HEALTH_FACTOR_SHIFT)

static const char two_sites[] =
    SAMPLE_CHECK "services: { www: { check: web, members: { fra: { a: [192.0.2.10, 192.0.2.11] },"
                 " iad: { a: [198.51.100.10] } } }, free: { members: { sin: { a: [203.0.113.10] } } } }\n";

struct fixture {
    char folder[32], path[48];
    struct config *config;
    struct targets *targets;
};

static struct fixture fixture_make(void)
{
    struct fixture fixture = {.folder = "/tmp/publish_test.XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(fixture.folder));
    (void)snprintf(fixture.path, sizeof fixture.path, "%s/health", fixture.folder);
    fixture.config = sample_config(two_sites);
    fixture.targets = targets_build(fixture.config);
    return fixture;
}

static void fixture_end(struct fixture *fixture)
{
    targets_free(fixture->targets);
    config_free(fixture->config);
    (void)unlink(fixture->path);
    ck_assert_int_eq(rmdir(fixture->folder), 0);
}

static uint64_t word_of(const struct health_table *table, const char *service, const char *site)
{
    const struct health_slot *slot = health_table_find(table, service, site);
    ck_assert_ptr_nonnull(slot);
    return atomic_load(&slot->word);
}

START_TEST(words_at_start_and_changes)
{
    struct err err = ERR_INIT;
    struct fixture it = fixture_make();
    struct publish *publish = publish_create(it.path, it.targets, &err);
    ck_assert_ptr_nonnull(publish);
    struct health_table *table = health_table_open(it.path, &err);
    ck_assert_uint_eq(word_of(table, "www", "fra"), HEALTH_WORD_UNKNOWN & ~(HEALTH_ADDRESSES ^ 3));
    ck_assert_uint_eq(word_of(table, "free", "sin"), FULL | 1); /* no check: always up */
    ck_assert(!publish_slot(publish, it.targets, 0));
    it.targets->slots[0].targets[1]->verdict = (struct verdict){.state = VERDICT_DOWN, .ruffled = true};
    ck_assert(publish_slot(publish, it.targets, 0));
    ck_assert(!publish_slot(publish, it.targets, 0));
    ck_assert_uint_eq(word_of(table, "www", "fra"), FULL | HEALTH_UNSTABLE | 1);
    ck_assert_uint_eq(word_of(table, "www", "iad"), FULL | HEALTH_UNKNOWN | 1);
    health_table_close(table);
    publish_free(publish);
    fixture_end(&it);
}
END_TEST

/* A restart: what the earlier healthd left is what the next one begins with. */
START_TEST(recall)
{
    static const struct verdict_settings settings = {3, 2, 2000, 250};
    struct err err = ERR_INIT;
    struct fixture it = fixture_make();
    it.targets->slots[0].targets[0]->verdict.state = VERDICT_UP;
    it.targets->slots[0].targets[1]->verdict.state = VERDICT_DOWN;
    publish_free(publish_create(it.path, it.targets, &err));

    struct config *config = sample_config(two_sites);
    struct targets *targets = targets_build(config);
    struct health_table *previous = health_table_open(it.path, &err);
    ck_assert_uint_eq(publish_recall(targets, previous), 1);
    health_table_close(previous);
    struct verdict *up = &targets->slots[0].targets[0]->verdict;
    struct verdict *down = &targets->slots[0].targets[1]->verdict;
    ck_assert_int_eq(up->state, VERDICT_UP);
    ck_assert_int_eq(down->state, VERDICT_DOWN);
    ck_assert_int_eq(targets->slots[1].targets[0]->verdict.state, VERDICT_UNKNOWN);
    /* Neither is turned by a single probe. */
    ck_assert_int_eq(verdict_step(down, &settings, VERDICT_PASS, 1), VERDICT_SAME);
    ck_assert_int_eq(verdict_step(down, &settings, VERDICT_PASS, 2), VERDICT_WENT_UP);
    ck_assert_int_eq(verdict_step(up, &settings, VERDICT_FAIL, 1), VERDICT_SAME);

    struct publish *publish = publish_create(it.path, targets, &err);
    previous = health_table_open(it.path, &err);
    ck_assert_uint_eq(word_of(previous, "www", "fra") & HEALTH_ADDRESSES, 3);
    health_table_close(previous);
    publish_free(publish);
    targets_free(targets);
    config_free(config);
    fixture_end(&it);
}
END_TEST

/* The table may be of another configuration: what it does not speak of is unknown. */
START_TEST(recall_of_another_configuration)
{
    struct err err = ERR_INIT;
    struct fixture it = fixture_make();
    for (size_t i = 0; i < it.targets->count; i++)
        it.targets->items[i].verdict.state = VERDICT_DOWN;
    publish_free(publish_create(it.path, it.targets, &err));
    struct config *config = sample_config(
        SAMPLE_CHECK "services: { www: { check: web, members: { fra: { a: [192.0.2.99, 192.0.2.11] } } },"
                     " new: { check: web, members: { fra: { a: [198.51.100.10] } } } }\n");
    struct targets *targets = targets_build(config);
    struct health_table *previous = health_table_open(it.path, &err);
    ck_assert_uint_eq(publish_recall(targets, previous), 1);
    ck_assert_int_eq(targets->slots[0].targets[0]->verdict.state, VERDICT_UNKNOWN);
    ck_assert_int_eq(targets->slots[0].targets[1]->verdict.state, VERDICT_DOWN);
    ck_assert_int_eq(targets->slots[1].targets[0]->verdict.state, VERDICT_UNKNOWN);
    health_table_close(previous);
    targets_free(targets);
    config_free(config);
    fixture_end(&it);
}
END_TEST

CHECK_MAIN("healthd/publish", words_at_start_and_changes, recall, recall_of_another_configuration)
