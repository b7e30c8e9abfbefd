// SPDX-License-Identifier: MIT
#include "dnsd/steer.h"

#include <stddef.h>

/* The member's addresses of the family as a mask that begins at bit 0: all of them, or those that are up. */
static uint32_t family_mask(const struct service_member *member, enum addr_family family)
{
    unsigned count = family == ADDR_V4 ? member->a_count : member->aaaa_count;
    return count == 32 ? UINT32_MAX : (UINT32_C(1) << count) - 1;
}

static uint32_t family_up(const struct service *service, size_t index, enum addr_family family,
                          const struct health_view *health)
{
    const struct service_member *member = &service->members[index];
    uint32_t up = health_view_up(health, service->first_member + index);
    /* addresses[] holds IPv4 first; a shift by 32 is undefined, but then there is no IPv6 address. */
    if (family == ADDR_V6)
        up = member->a_count < 32 ? up >> member->a_count : 0;
    return up & family_mask(member, family);
}

/* What decides is the first site of a list that is in `eligible`. Sets that decide alike are made equal, so that
 * they share one table of scopes: without a fence every list has every site, and nobody needs a fallback. */
static struct geo_answerers canonical(struct geo_answerers answerers, bool fenced)
{
    if (!answerers.eligible)
        return (struct geo_answerers){answerers.fallback, 0};
    if (!fenced)
        answerers.fallback = 0;
    return answerers;
}

void steer_observe(const struct service *service, enum addr_family family, const struct health_view *health,
                   struct steer_state *state)
{
    struct geo_answerers answerers = {0, 0};
    for (size_t i = 0; i < service->member_count; i++) {
        const struct service_member *member = &service->members[i];
        uint64_t site = UINT64_C(1) << member->site;
        state->up[i] = family_up(service, i, family, health);
        if (state->up[i])
            answerers.eligible |= site;
        if (service->all_down == CONFIG_ALL_DOWN_SERVE_ALL && family_mask(member, family))
            answerers.fallback |= site;
    }
    state->answerers = canonical(answerers, service->fenced);
}

bool steer_is_alike(const struct service *service, const struct steer_state *state)
{
    return service->mode == CONFIG_ACTIVE_PASSIVE ||
           geo_answers_everyone_alike(state->answerers, service->fenced);
}

/* The order in which members are tried: the preference list, or the order of the configuration. */
static size_t candidate_count(const struct service *service, const struct geo_preference *preference)
{
    return service->mode == CONFIG_ACTIVE_PASSIVE ? service->member_count : preference->count;
}

static uint8_t candidate(const struct service *service, const struct geo_preference *preference, size_t i)
{
    return service->mode == CONFIG_ACTIVE_PASSIVE ? (uint8_t)i
                                                  : service->member_of_site[preference->sites[i]];
}

/* The first candidate that has an address to answer; with `state` NULL as if all were up. */
static struct steer_choice first(const struct service *service, enum addr_family family,
                                 const struct geo_preference *preference, const struct steer_state *state)
{
    size_t count = candidate_count(service, preference);
    for (size_t i = 0; i < count; i++) {
        uint8_t index = candidate(service, preference, i);
        if (index == SERVICE_NO_MEMBER)
            continue;
        const struct service_member *member = &service->members[index];
        uint32_t up = state ? state->up[index] : family_mask(member, family);
        if (up != 0)
            return (struct steer_choice){STEER_MEMBER, member, up};
    }
    return (struct steer_choice){STEER_NODATA, NULL, 0};
}

struct steer_choice steer_choose(const struct service *service, enum addr_family family,
                                 const struct geo_preference *preference, const struct steer_state *state)
{
    struct steer_choice choice = first(service, family, preference, state);
    if (choice.outcome == STEER_MEMBER)
        return choice;
    switch (service->all_down) {
    case CONFIG_ALL_DOWN_SERVE_ALL:
        return first(service, family, preference, NULL);
    case CONFIG_ALL_DOWN_ZONE:
        return (struct steer_choice){STEER_ZONE, NULL, 0};
    case CONFIG_ALL_DOWN_NODATA:
        break;
    }
    return choice;
}
