// SPDX-License-Identifier: MIT
/*
 * listen - sockets bound to the addresses of `server.listen`. Everything is bound before anything is served,
 * so that a port already taken stops the start and nothing is half-started.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/addr.h"
#include "core/base/err.h"

/* All sockets of the process, non-blocking and close-on-exec. */
struct listen_sockets {
    size_t addresses; /* listen addresses */
    size_t threads;   /* UDP sockets per address, one for each thread (SO_REUSEPORT) */
    int *udp;         /* udp[thread * addresses + address] */
    int *tcp;         /* tcp[address], not yet listening */
};

/* False with a finding for every address that could not be bound; then nothing stays open. */
bool listen_open(struct listen_sockets *sockets, const struct endpoint *listen, size_t count, size_t threads,
                 struct err *err);
/* Whether a query's source is a port of ours, which never asks: the answer would come to ourselves. `sent_to` is
 * the local address that the query came to if we listen on all (ADDR_NONE: not known). Port 53 of others is as
 * good as any. */
bool listen_is_own(const struct endpoint *listen, size_t count, const struct endpoint *source,
                   const struct addr *sent_to);
void listen_close(struct listen_sockets *sockets);
