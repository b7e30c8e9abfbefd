// SPDX-License-Identifier: MIT
#include "healthd/policy.h"

#include <string.h>

#include "core/model/health_table.h"
#include "tests/support/check_main.h"
#include "tests/unit/healthd/sample.h"

/* A verdict by letter: ? unknown, ! unknown after a failure, u up and calm, n up but not calm (or failing),
 * d down. */
static struct verdict verdict_of(char letter)
{
    switch (letter) {
    case 'u':
        return (struct verdict){.state = VERDICT_UP, .passes = 20};
    case 'n':
        return (struct verdict){.state = VERDICT_UP, .ruffled = true};
    case 'd':
        return (struct verdict){.state = VERDICT_DOWN, .fails = 3, .ruffled = true};
    case '!':
        return (struct verdict){.state = VERDICT_UNKNOWN, .fails = 1, .ruffled = true};
    default:
        return (struct verdict){.state = VERDICT_UNKNOWN};
    }
}

START_TEST(words)
{
    static const struct {
        const char *message, *verdicts;
        uint64_t bits, flags;
    } rows[] = {
        {"up", "u", 1, 0},
        {"down", "d", 0, HEALTH_UNSTABLE},
        {"no verdict yet", "???", 7, HEALTH_UNKNOWN},
        {"no verdict, but a failure", "?!", 3, HEALTH_UNKNOWN | HEALTH_UNSTABLE},
        {"one verdict makes the member known", "?u", 3, 0},
        {"the second of three is down", "udu", 5, HEALTH_UNSTABLE},
        {"a failure that is not yet a verdict", "un", 3, HEALTH_UNSTABLE},
        {"all down", "dd", 0, HEALTH_UNSTABLE},
        {"all 32 addresses", "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu", 0xffffffff, 0},
        {"the last of 32", "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuud", 0x7fffffff, HEALTH_UNSTABLE},
        {"no addresses", "", 0, HEALTH_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct verdict verdicts[CONFIG_ADDRESSES_MAX];
        const struct verdict *pointers[CONFIG_ADDRESSES_MAX];
        size_t count = strlen(rows[i].verdicts);
        for (size_t v = 0; v < count; v++) {
            verdicts[v] = verdict_of(rows[i].verdicts[v]);
            pointers[v] = &verdicts[v];
        }
        uint64_t want = rows[i].bits | rows[i].flags | (uint64_t)HEALTH_FACTOR_FULL << HEALTH_FACTOR_SHIFT;
        ck_assert_msg(policy_word(pointers, count) == want, "%s", rows[i].message);
    }
    ck_assert_uint_eq(policy_word(NULL, 3), 7 | (uint64_t)HEALTH_FACTOR_FULL << HEALTH_FACTOR_SHIFT);
}
END_TEST

/* Of one service: fra has two IPv4 addresses and an IPv6 one, iad one of each, sin one IPv4. */
#define MEMBERS                                                                                              \
    " members: { fra: { a: [192.0.2.10, 192.0.2.11], aaaa: [\"2001:db8::10\"] },"                            \
    " iad: { a: [198.51.100.10], aaaa: [\"2001:db8:1::10\"] }, sin: { a: [203.0.113.10] } } } }\n"
#define ACTIVE  SAMPLE_CHECK "services: { www: { mode: active-active, check: web," MEMBERS
#define PASSIVE SAMPLE_CHECK "services: { www: { mode: active-passive, check: web," MEMBERS

START_TEST(effects)
{
    /* Verdicts of fra's, iad's and sin's addresses; the one at `flipped` is as it is after the flip. */
    static const struct {
        const char *message, *config, *verdicts;
        size_t slot, flipped;
        enum policy_effect effect;
    } rows[] = {
        {"one of two addresses", ACTIVE, "duuuuu", 0, 0, POLICY_OTHER_ADDRESSES},
        {"the last of its family, though another family is up", ACTIVE, "dduuuu", 0, 1, POLICY_NEXT_NEAREST},
        {"the only one of its family", ACTIVE, "uuduuu", 0, 2, POLICY_NEXT_NEAREST},
        {"no site is left for IPv6", ACTIVE, "uuduud", 0, 2, POLICY_NEXT_NEAREST},
        {"no site is left for IPv6, two", ACTIVE, "uududu", 0, 2, POLICY_ALL_DOWN},
        {"not the first in the file, which is no order here", ACTIVE, "uuuduu", 1, 3, POLICY_NEXT_NEAREST},
        {"no site is left", ACTIVE, "dddddd", 2, 5, POLICY_ALL_DOWN},
        {"unknown counts as up", ACTIVE, "dd?d??", 0, 1, POLICY_NEXT_NEAREST},
        {"back", ACTIVE, "uddddd", 0, 0, POLICY_BACK},
        {"one more", ACTIVE, "uudddd", 0, 0, POLICY_MORE_ADDRESSES},
        {"the first in the order", PASSIVE, "dduuuu", 0, 1, POLICY_NEXT_IN_ORDER},
        {"not the first in the order", PASSIVE, "uuuduu", 1, 3, POLICY_STANDBY},
        {"not the first, but those before it are down", PASSIVE, "dduduu", 1, 3, POLICY_NEXT_IN_ORDER},
        {"back, but not the first", PASSIVE, "uuuuuu", 1, 3, POLICY_STANDBY},
        {"the first is back", PASSIVE, "uduuuu", 0, 0, POLICY_BACK},
        {"the last in the order, the others down", PASSIVE, "dddddd", 2, 5, POLICY_ALL_DOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config *config = sample_config(rows[i].config);
        struct targets *targets = targets_build(config);
        ck_assert_uint_eq(targets->count, 6);
        for (size_t t = 0; t < targets->count; t++)
            targets->items[t].verdict = verdict_of(rows[i].verdicts[t]);
        enum policy_effect effect = policy_effect_of(targets, rows[i].slot, &targets->items[rows[i].flipped]);
        ck_assert_msg(effect == rows[i].effect, "%s: %d", rows[i].message, (int)effect);
        targets_free(targets);
        config_free(config);
    }
}
END_TEST

CHECK_MAIN("healthd/policy", words, effects)
