// SPDX-License-Identifier: MIT
#include "healthd/target.h"

#include <string.h>

#include "core/base/arena.h"
#include "healthd/identity.h"

/* --- index ----------------------------------------------------------------------------------------------- */

static bool same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && addr_equal(&a->addr, &b->addr);
}

/* The first target of the same subject (`exact`: of the same settings as well), or NULL; `place` is then
 * where one would be entered. */
static struct target *probe_index(const struct targets *targets, const struct config_check *check,
                                  const struct endpoint *endpoint, bool exact, size_t *place)
{
    *place = identity_hash(check, endpoint) & targets->index_mask;
    for (; targets->index[*place]; *place = (*place + 1) & targets->index_mask) {
        struct target *target = &targets->items[targets->index[*place] - 1];
        if (same_endpoint(&target->endpoint, endpoint) &&
            (exact ? identity_same_settings(target->check, check)
                   : identity_same_subject(target->check, check)))
            return target;
    }
    return NULL;
}

struct target *targets_find(const struct targets *targets, const struct config_check *check,
                            const struct endpoint *endpoint)
{
    size_t place;
    return probe_index(targets, check, endpoint, true, &place);
}

static struct target *find_or_add(struct targets *targets, const struct config_check *check,
                                  const struct endpoint *endpoint)
{
    size_t place;
    struct target *target = probe_index(targets, check, endpoint, true, &place);
    if (target)
        return target;
    target = &targets->items[targets->count++];
    targets->index[place] = (uint32_t)targets->count;
    target->check = check;
    target->endpoint = *endpoint;
    target->settings =
        (struct verdict_settings){check->fall, check->rise, check->interval_ms, check->confirm_ms};
    return target;
}

/* --- building -------------------------------------------------------------------------------------------- */

static size_t address_count(const struct config_member *member)
{
    return (size_t)member->a_count + member->aaaa_count;
}

static struct endpoint probed_endpoint(const struct config_member *member, const struct config_check *check,
                                       size_t address)
{
    bool elsewhere = member->probe.addr.family != ADDR_NONE;
    uint16_t port = elsewhere && member->probe.port ? member->probe.port : check->port;
    if (check->type == CONFIG_CHECK_ICMP)
        port = 0;
    return (struct endpoint){elsewhere ? member->probe.addr : member->addresses[address], port};
}

static void add_slot(struct targets *targets, const struct config *config,
                     const struct config_service *service, const struct config_member *member)
{
    struct target_slot *slot = &targets->slots[targets->slot_count++];
    *slot =
        (struct target_slot){service, member, config->sites[member->site].name, NULL, address_count(member)};
    if (member->check == CONFIG_NO_CHECK)
        return;
    const struct config_check *check = &config->checks[member->check];
    struct target **of_address = arena_array(targets->arena, slot->address_count, sizeof(struct target *));
    for (size_t i = 0; i < slot->address_count; i++) {
        struct endpoint endpoint = probed_endpoint(member, check, i);
        of_address[i] = find_or_add(targets, check, &endpoint);
    }
    slot->targets = of_address;
}

/* Calls `visit` for every target of every slot, once per slot. */
static void each_use(struct targets *targets, void (*visit)(struct target *target, uint32_t slot))
{
    for (uint32_t s = 0; s < targets->slot_count; s++) {
        const struct target_slot *slot = &targets->slots[s];
        for (size_t i = 0; slot->targets && i < slot->address_count; i++) {
            bool seen = false;
            for (size_t j = 0; j < i && !seen; j++)
                seen = slot->targets[j] == slot->targets[i];
            if (!seen)
                visit(slot->targets[i], s);
        }
    }
}

static void count_use(struct target *target, uint32_t slot)
{
    (void)slot;
    target->slot_count++;
}

static void note_use(struct target *target, uint32_t slot)
{
    target->slots[target->slot_count++] = slot;
}

static void find_users(struct targets *targets)
{
    each_use(targets, count_use);
    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->items[i];
        target->slots = arena_array(targets->arena, target->slot_count, sizeof *target->slots);
        target->slot_count = 0;
    }
    each_use(targets, note_use);
}

struct targets *targets_build(const struct config *config)
{
    size_t members = 0, addresses = 0, places = 2;
    for (size_t s = 0; s < config->service_count; s++) {
        members += config->services[s].member_count;
        for (size_t m = 0; m < config->services[s].member_count; m++)
            addresses += address_count(&config->services[s].members[m]);
    }
    while (places < 2 * addresses)
        places *= 2;
    struct arena *arena = arena_create();
    struct targets *targets = arena_alloc(arena, sizeof *targets);
    targets->arena = arena;
    targets->items = arena_array(arena, addresses, sizeof *targets->items);
    targets->slots = arena_array(arena, members, sizeof *targets->slots);
    targets->index = arena_array(arena, places, sizeof *targets->index);
    targets->index_mask = places - 1;
    for (size_t s = 0; s < config->service_count; s++)
        for (size_t m = 0; m < config->services[s].member_count; m++)
            add_slot(targets, config, &config->services[s], &config->services[s].members[m]);
    find_users(targets);
    return targets;
}

void targets_free(struct targets *targets)
{
    if (targets)
        arena_free(targets->arena);
}

void targets_inherit(struct targets *new, const struct targets *old)
{
    for (size_t i = 0; i < new->count; i++) {
        struct target *target = &new->items[i];
        size_t place;
        const struct target *was = probe_index(old, target->check, &target->endpoint, true, &place);
        if (!was)
            was = probe_index(old, target->check, &target->endpoint, false, &place);
        if (!was)
            continue;
        target->verdict = was->verdict;
        target->latency_ms = was->latency_ms;
        memcpy(target->reason, was->reason, sizeof target->reason);
    }
}
