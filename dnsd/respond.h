// SPDX-License-Identifier: MIT
/*
 * respond - the answer path, whole: a received message in, the response out. UDP, TCP, tests and fuzzing
 * share it. It reads no clock, touches no socket, takes no lock and allocates nothing.
 *
 *     parse query -> find zone -> look name up -> (steered: preference list -> first eligible) -> write answer
 *
 * Any thread; the serving must live until it returns.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "dnsd/protocol.h"
#include "dnsd/snapshot.h"

struct respond_client {
    struct addr addr;
    bool tcp;
    unsigned idle_ms; /* of TCP: how long the connection may be idle (RFC 7828); 0 over UDP */
    uint64_t now_ms;  /* since 1970, read once per batch: the age of cookies, the rate of answers */
};

/* Room the response needs at most. */
#define RESPOND_UDP_MAX UDP_SIZE_EDNS
#define RESPOND_TCP_MAX TCP_SIZE

/* The size of the response in `out` (RESPOND_UDP_MAX or RESPOND_TCP_MAX octets); 0: do not answer. */
size_t respond(const struct serving *serving, const struct respond_client *client, const uint8_t *packet,
               size_t size, uint8_t *out);
