// SPDX-License-Identifier: MIT
/*
 * steer - which member of a service answers a client. Pure: (service, preference list, health) -> choice.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "dnsd/health_view.h"
#include "dnsd/service.h"
#include "geo/geo.h"

enum steer_outcome {
    STEER_MEMBER, /* answer `up` of `member`'s addresses */
    STEER_ZONE,   /* nobody is eligible: the addresses in the zone file */
    STEER_NODATA, /* nobody is eligible, or no site of a fenced list serves this family */
};

struct steer_choice {
    enum steer_outcome outcome;
    const struct service_member *member;
    uint32_t up; /* bit i: the member's i-th address of the asked family */
};

/* What a service could answer in one family at one moment: every member's word is loaded once, so that choice
 * and scope are of the same moment. */
struct steer_state {
    struct geo_answerers answerers; /* the sites of `up`; who answers if they are on nobody's list */
    uint32_t up[CONFIG_SITES_MAX];  /* of service.members: bit i: the i-th address of the family */
};

void steer_observe(const struct service *service, enum addr_family family, const struct health_view *health,
                   struct steer_state *state);
/* True if all clients get the same answer: scope 0. */
bool steer_is_alike(const struct service *service, const struct steer_state *state);

/* `preference` is looked at in active-active mode only. */
struct steer_choice steer_choose(const struct service *service, enum addr_family family,
                                 const struct geo_preference *preference, const struct steer_state *state);
