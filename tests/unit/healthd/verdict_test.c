// SPDX-License-Identifier: MIT
#include "healthd/verdict.h"

#include <stddef.h>

#include "tests/support/check_main.h"

#define INTERVAL_MS 2000
#define CONFIRM_MS  250
#define ELAPSED_MS  100
#define CALM_DELAY  (INTERVAL_MS - ELAPSED_MS)

/* A row of results, one letter each, and what is expected after each of them:
 *   results       p passes, f fails
 *   states        ? unknown, u up, d down
 *   transitions   . none, U went up, D went down
 *   delays        i the interval, c the confirmation delay
 *   calm          y or n */
struct row {
    const char *message;
    unsigned fall, rise;
    enum verdict_state start;
    const char *results, *states, *transitions, *delays, *calm;
};

static const struct row rows[] = {
    {"unknown to up by rise passes", 3, 2, VERDICT_UNKNOWN, "ppp", "?uu", ".U.", "cii", "yyy"},
    {"unknown to down by fall failures, never sooner", 3, 2, VERDICT_UNKNOWN, "ffff", "??dd", "..D.", "ccii",
     "nnnn"},
    {"rise and fall of one", 1, 1, VERDICT_UNKNOWN, "pfpf", "udud", "UDUD", "iiii", "ynnn"},
    {"unknown as long as they alternate", 2, 2, VERDICT_UNKNOWN, "pfpfpf", "??????", "......", "cccccc",
     "ynnnnn"},
    {"two strikes are not out", 3, 2, VERDICT_UP, "ffpffpp", "uuuuuuu", ".......", "cciccii", "nnnnnnn"},
    {"three strikes are", 3, 2, VERDICT_UP, "pfff", "uuud", "...D", "icci", "ynnn"},
    {"down stands until rise passes in a row", 3, 2, VERDICT_DOWN, "fpfpp", "ddddu", "....U", "icici",
     "nnnnn"},
    {"a last verdict of down falls no sooner than it rises", 3, 3, VERDICT_DOWN, "ppfppp", "dddddu", ".....U",
     "ccicci", "nnnnnn"},
    {"calm again after ten passes", 3, 2, VERDICT_UP, "fpppppppppp", "uuuuuuuuuuu", "...........",
     "ciiiiiiiiii", "nnnnnnnnnny"},
    {"no failure, no excitement", 3, 2, VERDICT_UP, "ppp", "uuu", "...", "iii", "yyy"},
};

static char state_letter(const struct verdict *verdict)
{
    return "?ud"[verdict->state];
}

static void run(const struct row *row)
{
    const struct verdict_settings settings = {row->fall, row->rise, INTERVAL_MS, CONFIRM_MS};
    struct verdict verdict = {.state = row->start};
    for (size_t i = 0; row->results[i]; i++) {
        enum verdict_result result = row->results[i] == 'p' ? VERDICT_PASS : VERDICT_FAIL;
        enum verdict_transition transition = verdict_step(&verdict, &settings, result, i);
        uint32_t delay_ms = verdict_next_delay(&verdict, &settings, ELAPSED_MS);
        uint32_t want_ms = row->delays[i] == 'c' ? CONFIRM_MS : CALM_DELAY;
        ck_assert_msg(state_letter(&verdict) == row->states[i], "%s: state after result %zu", row->message,
                      i);
        ck_assert_msg(".UD"[transition] == row->transitions[i], "%s: transition at result %zu", row->message,
                      i);
        ck_assert_msg(delay_ms == want_ms, "%s: delay after result %zu is %u", row->message, i, delay_ms);
        ck_assert_msg(verdict_is_calm(&verdict) == (row->calm[i] == 'y'), "%s: calm after result %zu",
                      row->message, i);
        ck_assert_msg(verdict_is_up(&verdict) == (row->states[i] != 'd'), "%s: up after result %zu",
                      row->message, i);
    }
}

START_TEST(table)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        run(&rows[i]);
}
END_TEST

START_TEST(times)
{
    const struct verdict_settings settings = {3, 2, INTERVAL_MS, CONFIRM_MS};
    struct verdict verdict = {.state = VERDICT_UP, .since_ms = 5};
    (void)verdict_step(&verdict, &settings, VERDICT_FAIL, 1000);
    (void)verdict_step(&verdict, &settings, VERDICT_FAIL, 1300);
    ck_assert_uint_eq(verdict.since_ms, 5);
    (void)verdict_step(&verdict, &settings, VERDICT_FAIL, 1600);
    ck_assert_uint_eq(verdict.since_ms, 1600);
    ck_assert_uint_eq(verdict.streak_ms, 1000);
    (void)verdict_step(&verdict, &settings, VERDICT_FAIL, 3600);
    ck_assert_uint_eq(verdict.streak_ms, 1000);
    ck_assert_uint_eq(verdict.fails, 4);
    (void)verdict_step(&verdict, &settings, VERDICT_PASS, 5600);
    ck_assert_uint_eq(verdict.streak_ms, 5600);
    ck_assert_uint_eq(verdict.fails, 0);
}
END_TEST

/* A probe that took longer than the interval is followed at once, not after a wrapped-around time. */
START_TEST(a_probe_longer_than_the_interval)
{
    const struct verdict_settings settings = {3, 2, INTERVAL_MS, CONFIRM_MS};
    const struct verdict verdict = {.state = VERDICT_UP, .passes = 1};
    ck_assert_uint_eq(verdict_next_delay(&verdict, &settings, INTERVAL_MS), 0);
    ck_assert_uint_eq(verdict_next_delay(&verdict, &settings, INTERVAL_MS + 1), 0);
    ck_assert_uint_eq(verdict_next_delay(&verdict, &settings, 1ull << 40), 0);
}
END_TEST

CHECK_MAIN("healthd/verdict", table, times, a_probe_longer_than_the_interval)
