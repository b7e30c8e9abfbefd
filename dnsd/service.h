// SPDX-License-Identifier: MIT
/*
 * service - the services of the configuration as the answer path wants them: the addresses of every member
 * as finished records, the member of every site by index.
 *
 * Immutable once built; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/model/config.h"

enum {
    SERVICE_A_SIZE = 16,    /* C0 0C | A | IN | TTL | 4 | address */
    SERVICE_AAAA_SIZE = 28, /* C0 0C | AAAA | IN | TTL | 16 | address */
};

#define SERVICE_NO_MEMBER 0xff

struct service_member {
    uint8_t site; /* index into config.sites */
    uint8_t a_count, aaaa_count;
    const uint8_t *a;    /* a_count records of SERVICE_A_SIZE */
    const uint8_t *aaaa; /* aaaa_count records of SERVICE_AAAA_SIZE */
};

struct service {
    enum config_mode mode;
    enum config_all_down all_down;
    unsigned map;
    bool fenced;         /* the map's lists may leave sites out */
    size_t first_member; /* the number of members[0] among the members of all services */
    size_t member_count;
    const struct service_member *members;     /* in the order of the configuration */
    uint8_t member_of_site[CONFIG_SITES_MAX]; /* index into members, or SERVICE_NO_MEMBER */
};

/* One per config.services, in the arena. */
const struct service *service_build_all(const struct config *config, struct arena *arena);
