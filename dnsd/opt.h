// SPDX-License-Identifier: MIT
/*
 * opt - the OPT record of a response (RFC 6891): what the client asked for in its own, and nothing else.
 *
 * Its size is known before the answer is written, so that room can be kept for it, but for two options that
 * take what is left over: the extended error (RFC 8914) and padding (RFC 7830).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/wire.h"
#include "dnsd/query.h"

/* What the server has to offer this client. */
struct opt_offer {
    const char *nsid;      /* NULL: none */
    const uint8_t *cookie; /* COOKIE_SIZE octets, NULL: none */
    unsigned idle_ms;      /* how long the client's connection may be idle; 0: there is none (UDP) */
};

/* What the answer came to. */
struct opt_result {
    uint16_t rcode;   /* extended */
    uint8_t scope;    /* ECS SCOPE PREFIX-LENGTH */
    uint16_t error;   /* enum protocol_error, 0: none */
    const char *text; /* EXTRA-TEXT for the error, NULL: none */
};

/* The room the record needs at least; 0: the query had none, so neither has the response. */
size_t opt_size(const struct query *query, const struct opt_offer *offer);
/* Writes the record at the end of the message that `w` holds from its start. */
void opt_put(struct wire_writer *w, const struct query *query, const struct opt_offer *offer,
             const struct opt_result *result);
