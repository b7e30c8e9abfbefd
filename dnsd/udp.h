// SPDX-License-Identifier: MIT
/*
 * udp - threads that receive queries in batches, answer them, and send the answers in batches.
 *
 * Each thread has a socket of its own for every listen address (SO_REUSEPORT), so that threads share
 * nothing but the publication.
 */
#pragma once

#include <stdbool.h>

#include "core/base/log.h"
#include "dnsd/listen.h"
#include "dnsd/publication.h"

struct udp;

/* Starts sockets->threads threads. NULL with a finding if one cannot be started; then none runs. The
 * sockets and the publication must live until udp_stop(). Two may share sockets: one starts before the other stops,
 * and no query is lost between. */
struct udp *udp_start(const struct listen_sockets *sockets, const struct publication *publication,
                      struct err *err);
/* Answers what the sockets hold already, then ends the threads. */
void udp_stop(struct udp *udp);
