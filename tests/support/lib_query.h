// SPDX-License-Identifier: MIT
/* Queries for tests, well-formed or not. */
#pragma once

#include "core/base/wire.h"

struct query_spec {
    const char *name; /* presentation form */
    unsigned type;
    unsigned class; /* 0: IN */
    unsigned flags; /* with the opcode; 0: RD only */
    bool edns;
    unsigned udp_size;      /* 0: 1232 */
    unsigned version;       /* of EDNS */
    unsigned edns_flags;    /* DO */
    const uint8_t *options; /* as they go into the OPT record */
    size_t options_size;
};

/* Writes header, question and OPT; returns the size. The id is 0x4d44. */
size_t query_write(const struct query_spec *spec, uint8_t *out, size_t room);
/* Presentation form to wire form, case kept. */
void query_put_name(struct wire_writer *w, const char *name);
/* An ECS option as it goes into the OPT record: `octets` of the address as given. Returns its size. */
size_t query_ecs_option(uint8_t *out, unsigned family, unsigned source, unsigned scope,
                        const uint8_t *address, size_t octets);
/* The ECS option for "81.2.69.0/24"; the address must be cut already. */
size_t query_ecs_of(uint8_t *out, const char *prefix);
