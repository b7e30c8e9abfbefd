// SPDX-License-Identifier: MIT
/*
 * target - what is probed: one target for each distinct (check settings, address, port) of a configuration,
 * shared by all members of services that ask for it.
 *
 * targets_build() lists them. A configuration's targets are replaced as a whole at a reload;
 * targets_inherit() hands on what is known of those that stay.
 *
 * Members of services are numbered through, service by service, in the order of the file: that number is
 * also the member's slot in the health table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/model/config.h"
#include "healthd/probe.h"
#include "healthd/verdict.h"

struct runner; /* healthd/schedule.c: what keeps probing a target */

struct target {
    const struct config_check *check; /* of the configuration; equal ones are one */
    struct endpoint endpoint;         /* port 0: the type has none */
    struct verdict verdict;
    struct verdict_settings settings;
    uint32_t latency_ms;           /* of the last pass */
    char reason[PROBE_REASON_MAX]; /* of the last failure, "" if it never failed */
    uint32_t *slots;               /* of the members that use it, ascending, each once */
    size_t slot_count;
    struct runner *runner; /* owned by the schedule */
};

/* A member of a service, as healthd sees it. */
struct target_slot {
    const struct config_service *service;
    const struct config_member *member;
    const char *site;              /* its name */
    struct target *const *targets; /* one per address; NULL: the member has no check */
    size_t address_count;
};

struct targets {
    struct target *items;
    size_t count;
    struct target_slot *slots;
    size_t slot_count;
    uint32_t *index; /* open addressing by identity_hash(): item + 1, 0 is free */
    size_t index_mask;
    struct arena *arena; /* owns all of the above and this struct */
};

/* Points into `config`, which must live longer. Every verdict is unknown. */
struct targets *targets_build(const struct config *config);
void targets_free(struct targets *targets); /* NULL is fine */

/* The target of exactly these check settings and endpoint, or NULL. */
struct target *targets_find(const struct targets *targets, const struct config_check *check,
                            const struct endpoint *endpoint);

/* Verdict and history of every target of `new` that `old` has too. The same target is one of equal
 * address, port and subject (healthd/identity.h); if there are several, one of equal settings is preferred. */
void targets_inherit(struct targets *new, const struct targets *old);
