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

/* `preference` is looked at in active-active mode only. */
struct steer_choice steer_choose(const struct service *service, enum addr_family family,
                                 const struct geo_preference *preference, const struct health_view *health);
