// SPDX-License-Identifier: MIT
/*
 * tcp - DNS over TCP (RFC 7766): queries may be pipelined, answers come in order. Runs on the main thread's
 * event loop.
 *
 * A connection costs its buffers and nothing else: it is closed after TCP_IDLE_MS without a complete query,
 * when its client does not read its answers, and when it is the one idle longest while a new client waits
 * for a place.
 */
#pragma once

#include <stddef.h>

#include "core/base/log.h"
#include "dnsd/listen.h"
#include "dnsd/publication.h"

#define TCP_CONNECTIONS_MAX 1024
#define TCP_IDLE_MS         10000
#define TCP_UNSENT_MAX      (256 * 1024) /* octets of answers a client may leave unread */

struct tcp;

/* Listens on sockets->tcp, which then belong to `loop` (a uv_loop_t). NULL with a finding on failure. */
struct tcp *tcp_start(void *loop, struct listen_sockets *sockets, const struct publication *publication,
                      const struct log *log, struct err *err);
/* Closes the listening sockets and all connections; the memory goes when the loop has run their close
 * callbacks. */
void tcp_stop(struct tcp *tcp);
