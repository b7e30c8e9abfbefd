// SPDX-License-Identifier: MIT
/*
 * policy - from the verdicts of a member's addresses to the word that says what may be answered
 * (core/model/health_table.h). Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/model/config.h"
#include "healthd/target.h"
#include "healthd/verdict.h"

/* The word of a member with `count` addresses; verdicts[i] is that of address i. `verdicts` NULL: the member
 * has no check and is always up. */
uint64_t policy_word(const struct verdict *const *verdicts, size_t count);

/* The same for a slot. */
uint64_t policy_slot_word(const struct target_slot *slot);

/* What a flip of one address means for the clients of a service; the later, the graver. */
enum policy_effect {
    POLICY_NOTHING,         /* an address that was answered without a verdict has passed */
    POLICY_MORE_ADDRESSES,  /* a site that was answered all along has one more address */
    POLICY_OTHER_ADDRESSES, /* the site goes on with its other addresses */
    POLICY_STANDBY,         /* active-passive: a site before it in the order is answered */
    POLICY_BACK,            /* the site is answered again */
    POLICY_NEXT_NEAREST,    /* the site's clients go to the next nearest one */
    POLICY_NEXT_IN_ORDER,   /* active-passive: clients go to the next one in the order */
    POLICY_ALL_DOWN,        /* no site is left: `all_down` says what is answered */
    POLICY_EFFECTS
};

/* What it means for the service of `slots[slot]` that `target`, one of the slot's, has just gone down, or up
 * after having been down. Families are judged apart; the gravest effect is told. */
enum policy_effect policy_effect_of(const struct targets *targets, size_t slot, const struct target *target);
