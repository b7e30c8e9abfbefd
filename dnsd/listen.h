// SPDX-License-Identifier: MIT
/*
 * listen - sockets bound to the addresses of `server.listen`. Everything is bound before anything is served,
 * so that a port already taken stops the start, or the reload, and nothing is half-done.
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
    struct endpoint *listen;
    int *udp; /* udp[thread * addresses + address] */
    int *tcp; /* tcp[address], not yet listening */
};

/* The sockets for `listen`; those that `kept` (may be NULL) has already are used again, so that nothing queued in
 * them is lost. False with a finding for every address that could not be bound; then `kept` is all there is. */
bool listen_open(struct listen_sockets *sockets, const struct endpoint *listen, size_t count, size_t threads,
                 const struct listen_sockets *kept, struct err *err);
/* Whether a query's source is a port of ours, which never asks: the answer would come to ourselves. `sent_to` is
 * the local address that the query came to if we listen on all (ADDR_NONE: not known). Port 53 of others is as
 * good as any. */
bool listen_is_own(const struct endpoint *listen, size_t count, const struct endpoint *source,
                   const struct addr *sent_to);
/* From here on the kernel gives queries to the sockets of `kept` only. What waits in the others can still be
 * answered: take it before listen_close(). */
void listen_retire(const struct listen_sockets *sockets, const struct listen_sockets *kept);
/* Closes all but what `kept` (may be NULL) has, too. */
void listen_close(struct listen_sockets *sockets, const struct listen_sockets *kept);
/* Whether these are the sockets that `listen` asks for, in whatever order. */
bool listen_is(const struct listen_sockets *sockets, const struct endpoint *listen, size_t count,
               size_t threads);
