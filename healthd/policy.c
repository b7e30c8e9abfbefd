// SPDX-License-Identifier: MIT
#include "healthd/policy.h"

#include "core/model/health_table.h"

/* A word with `count` addresses up and the full factor. */
static uint64_t all_up(size_t count)
{
    return ((1ull << count) - 1) | (uint64_t)HEALTH_FACTOR_FULL << HEALTH_FACTOR_SHIFT;
}

uint64_t policy_word(const struct verdict *const *verdicts, size_t count)
{
    uint64_t word = all_up(count);
    bool known = !verdicts;
    for (size_t i = 0; verdicts && i < count; i++) {
        if (!verdict_is_up(verdicts[i]))
            word &= ~(1ull << i);
        if (!verdict_is_calm(verdicts[i]))
            word |= HEALTH_UNSTABLE;
        if (verdicts[i]->state != VERDICT_UNKNOWN)
            known = true;
    }
    return known ? word : word | HEALTH_UNKNOWN;
}

uint64_t policy_slot_word(const struct target_slot *slot)
{
    const struct verdict *verdicts[CONFIG_ADDRESSES_MAX];
    for (size_t i = 0; slot->targets && i < slot->address_count; i++)
        verdicts[i] = &slot->targets[i]->verdict;
    return policy_word(slot->targets ? verdicts : NULL, slot->address_count);
}

/* --- effects --------------------------------------------------------------------------------------------- */

/* True if the slot has an address of `family` that is up, not counting those of `except`. */
static bool slot_answers(const struct target_slot *slot, uint8_t family, const struct target *except)
{
    for (size_t i = 0; i < slot->address_count; i++) {
        if (slot->member->addresses[i].family != family)
            continue;
        if (!slot->targets || (slot->targets[i] != except && verdict_is_up(&slot->targets[i]->verdict)))
            return true;
    }
    return false;
}

/* True if a slot of [from, to) answers for `family`, not counting the addresses of `except`. */
static bool any_answers(const struct targets *targets, size_t from, size_t to, uint8_t family,
                        const struct target *except)
{
    for (size_t s = from; s < to; s++)
        if (slot_answers(&targets->slots[s], family, except))
            return true;
    return false;
}

static enum policy_effect family_effect(const struct targets *targets, size_t slot, uint8_t family,
                                        const struct target *target)
{
    const struct target_slot *it = &targets->slots[slot];
    const struct config_service *service = it->service;
    bool up = verdict_is_up(&target->verdict);
    bool ordered = service->mode == CONFIG_ACTIVE_PASSIVE;
    /* Slots of one service lie side by side, in the order of its members. */
    size_t first = slot - (size_t)(it->member - service->members);
    size_t end = first + service->member_count;
    if (slot_answers(it, family, target))
        return up ? POLICY_MORE_ADDRESSES : POLICY_OTHER_ADDRESSES;
    if (ordered && any_answers(targets, first, slot, family, target))
        return POLICY_STANDBY;
    if (up)
        return POLICY_BACK;
    if (!any_answers(targets, first, end, family, target))
        return POLICY_ALL_DOWN;
    return ordered ? POLICY_NEXT_IN_ORDER : POLICY_NEXT_NEAREST;
}

static bool stands_for(const struct target_slot *slot, uint8_t family, const struct target *target)
{
    for (size_t i = 0; slot->targets && i < slot->address_count; i++)
        if (slot->targets[i] == target && slot->member->addresses[i].family == family)
            return true;
    return false;
}

enum policy_effect policy_effect_of(const struct targets *targets, size_t slot, const struct target *target)
{
    static const uint8_t families[] = {ADDR_V4, ADDR_V6};
    enum policy_effect worst = POLICY_NOTHING;
    for (size_t i = 0; i < sizeof families; i++) {
        if (!stands_for(&targets->slots[slot], families[i], target))
            continue;
        enum policy_effect effect = family_effect(targets, slot, families[i], target);
        if (effect > worst)
            worst = effect;
    }
    return worst;
}
