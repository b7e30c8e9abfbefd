// SPDX-License-Identifier: MIT
#include "healthd/verdict.h"

#include <assert.h>
#include <limits.h>

/* One more in a row; `other` is the row that it ends. */
static void count(struct verdict *verdict, unsigned *row, unsigned *other, uint64_t now_ms)
{
    if (*row == 0)
        verdict->streak_ms = now_ms;
    if (*row < UINT_MAX)
        (*row)++;
    *other = 0;
}

static enum verdict_transition turn(struct verdict *verdict, enum verdict_state to, uint64_t now_ms)
{
    if (verdict->state == to)
        return VERDICT_SAME;
    verdict->state = to;
    verdict->since_ms = now_ms;
    return to == VERDICT_UP ? VERDICT_WENT_UP : VERDICT_WENT_DOWN;
}

enum verdict_transition verdict_step(struct verdict *verdict, const struct verdict_settings *settings,
                                     enum verdict_result result, uint64_t now_ms)
{
    assert(settings->fall > 0 && settings->rise > 0);
    if (result == VERDICT_PASS) {
        count(verdict, &verdict->passes, &verdict->fails, now_ms);
        if (verdict->passes >= VERDICT_CALM_PASSES)
            verdict->ruffled = false;
        return verdict->passes >= settings->rise ? turn(verdict, VERDICT_UP, now_ms) : VERDICT_SAME;
    }
    count(verdict, &verdict->fails, &verdict->passes, now_ms);
    verdict->ruffled = true;
    return verdict->fails >= settings->fall ? turn(verdict, VERDICT_DOWN, now_ms) : VERDICT_SAME;
}

bool verdict_in_doubt(const struct verdict *verdict)
{
    switch (verdict->state) {
    case VERDICT_UP:
        return verdict->fails > 0;
    case VERDICT_DOWN:
        return verdict->passes > 0;
    case VERDICT_UNKNOWN:
        break;
    }
    return true;
}

uint32_t verdict_next_delay(const struct verdict *verdict, const struct verdict_settings *settings,
                            uint64_t elapsed_ms)
{
    if (verdict_in_doubt(verdict))
        return settings->confirm_ms;
    return elapsed_ms < settings->interval_ms ? settings->interval_ms - (uint32_t)elapsed_ms : 0;
}

bool verdict_is_up(const struct verdict *verdict)
{
    return verdict->state != VERDICT_DOWN;
}

bool verdict_is_calm(const struct verdict *verdict)
{
    return verdict_is_up(verdict) && !verdict->ruffled;
}
