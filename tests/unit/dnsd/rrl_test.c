// SPDX-License-Identifier: MIT
#include "dnsd/rrl.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"

#define NOW_MS 1795303365123u /* 2026 */

static const uint8_t seed[SIPHASH_KEY_SIZE] = {7};
static const struct config_rrl limits = {.enabled = true,
                                         .rate = 5,
                                         .nxdomain_rate = 2,
                                         .errors_rate = 1,
                                         .window_ms = 3000,
                                         .slip = 2,
                                         .ipv4_prefix = 24,
                                         .ipv6_prefix = 56,
                                         .table_size = 1024};

static struct rrl_subject subject_of(enum rrl_class class, const char *name)
{
    return (struct rrl_subject){class, (const uint8_t *)name, (uint8_t)strlen(name)};
}

static enum rrl_verdict judge(struct rrl *rrl, enum rrl_class class, const char *name, const char *client,
                              uint64_t now_ms)
{
    struct rrl_subject subject = subject_of(class, name);
    struct addr addr;
    ck_assert(addr_parse(client, &addr));
    return rrl_judge(rrl, &subject, &addr, now_ms);
}

/* What happens in turn: '.' pass, 's' slip, 'x' drop. A row begins with an empty table. */
struct step {
    unsigned at_ms, queries;
    enum rrl_class class;
    const char *name, *client, *expected;
};

static const struct {
    const char *message;
    struct step steps[5];
} rows[] = {
    {"a second's worth at once, then every other one slips",
     {{0, 11, RRL_POSITIVE, "a", "192.0.2.1", ".....xsxsxs"}}},
    {"a steady client at the rate is never limited",
     {{0, 5, RRL_POSITIVE, "a", "192.0.2.1", "....."},
      {1000, 5, RRL_POSITIVE, "a", "192.0.2.1", "....."},
      {2000, 5, RRL_POSITIVE, "a", "192.0.2.1", "....."}}},
    {"what was asked for in excess is held against it for the window",
     {{0, 101, RRL_POSITIVE, "a", "192.0.2.1", "....."},
      {1000, 1, RRL_POSITIVE, "a", "192.0.2.1", "x"},
      {2900, 1, RRL_POSITIVE, "a", "192.0.2.1", "s"},
      {3900, 3, RRL_POSITIVE, "a", "192.0.2.1", "..x"}}},
    {"and not longer",
     {{0, 1000, RRL_POSITIVE, "a", "192.0.2.1", "....."},
      {4000, 5, RRL_POSITIVE, "a", "192.0.2.1", "....."}}},
    {"the network is what counts, not the address",
     {{0, 5, RRL_POSITIVE, "a", "192.0.2.1", "....."},
      {0, 1, RRL_POSITIVE, "a", "192.0.2.254", "x"},
      {0, 1, RRL_POSITIVE, "a", "192.0.3.1", "."}}},
    {"IPv6 networks",
     {{0, 5, RRL_POSITIVE, "a", "2001:db8::1", "....."},
      {0, 1, RRL_POSITIVE, "a", "2001:db8:0:ff:ffff::1", "x"},
      {0, 1, RRL_POSITIVE, "a", "2001:db8:0:100::1", "."}}},
    {"another name, another bucket",
     {{0, 6, RRL_POSITIVE, "a", "192.0.2.1", ".....x"}, {0, 1, RRL_POSITIVE, "b", "192.0.2.1", "."}}},
    {"another class, another bucket and rate",
     {{0, 6, RRL_POSITIVE, "a", "192.0.2.1", ".....x"},
      {0, 4, RRL_NXDOMAIN, "a", "192.0.2.1", "..xs"},
      {0, 6, RRL_REFERRAL, "a", "192.0.2.1", ".....x"},
      {0, 3, RRL_ERROR, "", "192.0.2.1", ".xs"}}},
    {"loopback",
     {{0, 9, RRL_POSITIVE, "a", "127.0.0.1", "........."}, {0, 9, RRL_POSITIVE, "a", "::1", "........."}}},
    {"a clock that steps back does not punish",
     {{100000, 6, RRL_POSITIVE, "a", "192.0.2.1", ".....x"},
      {0, 6, RRL_POSITIVE, "a", "192.0.2.1", ".....s"}}},
};

static void check_step(struct rrl *rrl, const char *message, const struct step *step)
{
    for (unsigned i = 0; i < step->queries; i++) {
        enum rrl_verdict got = judge(rrl, step->class, step->name, step->client, NOW_MS + step->at_ms);
        if (i < strlen(step->expected))
            ck_assert_msg(".sx"[got] == step->expected[i], "%s: at %u ms, answer %u: %c", message,
                          step->at_ms, i + 1, ".sx"[got]);
    }
}

START_TEST(limits_rates)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_create();
        struct rrl *rrl = rrl_create(&limits, seed, arena);
        for (const struct step *step = rows[i].steps; step->queries > 0; step++)
            check_step(rrl, rows[i].message, step);
        arena_free(arena);
    }
}
END_TEST

START_TEST(slips_as_told)
{
    static const char *const expected[] = {"xxxxxxxx", "ssssssss", "xsxsxsxs", "xxsxxsxx"};
    for (unsigned slip = 0; slip < 4; slip++) {
        struct arena *arena = arena_create();
        struct config_rrl config = limits;
        config.slip = slip;
        struct rrl *rrl = rrl_create(&config, seed, arena);
        for (unsigned i = 0; i < 5; i++)
            judge(rrl, RRL_POSITIVE, "a", "192.0.2.1", NOW_MS);
        for (unsigned i = 0; i < 8; i++)
            ck_assert_int_eq(".sx"[judge(rrl, RRL_POSITIVE, "a", "192.0.2.1", NOW_MS)], expected[slip][i]);
        arena_free(arena);
    }
}
END_TEST

START_TEST(exempt_networks_and_rates_of_zero)
{
    struct prefix exempt[2];
    struct arena *arena = arena_create();
    struct config_rrl config = limits;
    ck_assert(prefix_parse("198.51.100.0/25", &exempt[0], NULL) &&
              prefix_parse("2001:db8::/32", &exempt[1], NULL));
    config.exempt = exempt;
    config.exempt_count = 2;
    config.errors_rate = 0;
    struct rrl *rrl = rrl_create(&config, seed, arena);
    for (unsigned i = 0; i < 100; i++) {
        ck_assert_int_eq(judge(rrl, RRL_POSITIVE, "a", "198.51.100.1", NOW_MS), RRL_PASS);
        ck_assert_int_eq(judge(rrl, RRL_POSITIVE, "a", "2001:db8::1", NOW_MS), RRL_PASS);
        ck_assert_int_eq(judge(rrl, RRL_ERROR, "", "192.0.2.1", NOW_MS), RRL_PASS);
    }
    ck_assert_int_ne(judge(rrl, RRL_POSITIVE, "a", "198.51.100.129", NOW_MS), RRL_PASS);
    arena_free(arena);
}
END_TEST

/* A million forged networks through a table of 1024 buckets: the one that floods stays limited, and a stranger is
 * still answered. */
START_TEST(a_flood_of_networks_does_not_wash_out_the_limited)
{
    struct arena *arena = arena_create();
    struct rrl *rrl = rrl_create(&limits, seed, arena);
    unsigned passed = 0;
    for (unsigned i = 0; i < 1000; i++)
        judge(rrl, RRL_POSITIVE, "a", "192.0.2.1", NOW_MS);
    for (unsigned i = 0; i < 1000000; i++) {
        struct addr forged = {ADDR_V4, {11, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}};
        struct rrl_subject subject = subject_of(RRL_POSITIVE, "a");
        rrl_judge(rrl, &subject, &forged, NOW_MS + i / 1000);
        if (i % 100 == 0)
            passed += judge(rrl, RRL_POSITIVE, "a", "192.0.2.1", NOW_MS + i / 1000) == RRL_PASS;
    }
    ck_assert_uint_eq(passed, 0);
    ck_assert_int_eq(judge(rrl, RRL_POSITIVE, "a", "203.0.113.1", NOW_MS + 1000), RRL_PASS);
    arena_free(arena);
}
END_TEST

/* --- threads ------------------------------------------------------------------------------------------------ */

struct flood {
    struct rrl *rrl;
    unsigned passed;
};

static void *run_flood(void *argument)
{
    struct flood *flood = argument;
    for (unsigned i = 0; i < 100000; i++)
        flood->passed += judge(flood->rrl, RRL_POSITIVE, "a", "192.0.2.1", NOW_MS) == RRL_PASS;
    return NULL;
}

START_TEST(threads_share_the_rate)
{
    struct arena *arena = arena_create();
    struct config_rrl config = limits;
    config.rate = 1000;
    struct rrl *rrl = rrl_create(&config, seed, arena);
    struct flood floods[4];
    pthread_t threads[4];
    unsigned passed = 0;
    for (unsigned i = 0; i < 4; i++) {
        floods[i] = (struct flood){rrl, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run_flood, &floods[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        passed += floods[i].passed;
    }
    ck_assert_uint_eq(passed, 1000);
    arena_free(arena);
}
END_TEST

CHECK_MAIN("dnsd/rrl", limits_rates, slips_as_told, exempt_networks_and_rates_of_zero,
           a_flood_of_networks_does_not_wash_out_the_limited, threads_share_the_rate)
