// SPDX-License-Identifier: MIT
/*
 * verdict - what a row of probe results says of a target: unknown, up or down.
 *
 * A pure state machine. `rise` consecutive passes turn it up, `fall` consecutive failures turn it down;
 * a pass ends a row of failures and the other way round. Nothing else turns it: not a restart, not a reload.
 *
 *              fall failures                     fall failures
 *     unknown ---------------> down     up --------------------> down
 *     unknown ---------------> up       down ------------------> up
 *              rise passes                       rise passes
 *
 * Unknown counts as up: a target is not taken out of service before it has failed in full.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* After a failure, so many passes in a row make an up target calm again. */
#define VERDICT_CALM_PASSES 10

enum verdict_state { VERDICT_UNKNOWN, VERDICT_UP, VERDICT_DOWN };
enum verdict_result { VERDICT_FAIL, VERDICT_PASS };
enum verdict_transition { VERDICT_SAME, VERDICT_WENT_UP, VERDICT_WENT_DOWN };

struct verdict_settings {
    unsigned fall, rise; /* at least 1 */
    uint32_t interval_ms, confirm_ms;
};

struct verdict {
    enum verdict_state state;
    unsigned passes, fails; /* consecutive; one of them is 0 */
    bool ruffled;           /* has failed, and has not passed VERDICT_CALM_PASSES times in a row since */
    uint64_t since_ms;      /* when `state` came about; 0: before this process */
    uint64_t streak_ms;     /* when the present row of passes or failures began */
};

/* Takes one result. `now_ms` is monotonic. */
enum verdict_transition verdict_step(struct verdict *verdict, const struct verdict_settings *settings,
                                     enum verdict_result result, uint64_t now_ms);

/* True if the last result contradicts the state, or there is no state yet. */
bool verdict_in_doubt(const struct verdict *verdict);

/* Until the next probe: `confirm_ms` from the end of this one while in doubt, else `interval_ms` from its
 * start. `elapsed_ms`: what this probe took. */
uint32_t verdict_next_delay(const struct verdict *verdict, const struct verdict_settings *settings,
                            uint64_t elapsed_ms);

/* May be answered. */
bool verdict_is_up(const struct verdict *verdict);

/* Up, or unknown without a failure, and not ruffled. */
bool verdict_is_calm(const struct verdict *verdict);
