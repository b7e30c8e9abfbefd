// SPDX-License-Identifier: MIT
/*
 * tcp - DNS over TCP (RFC 7766): queries may be pipelined, answers come in order. Runs on the main thread's
 * event loop.
 *
 * What a client costs is bounded, whatever it does:
 *   it asks without pause         one turn receives TCP_STREAM_RECEIVE_MAX octets, then all others have theirs
 *   it does not read its answers  nothing more is received from it until it has; then closed as idle
 *   it sends octet by octet       idle is who completes no query within `idle`: closed
 *   it connects and sits          the idlest of its network, or of all, makes room for the next who comes
 *   it announces long messages    a buffer grows with what was received; all together have TCP_MEMORY_MAX
 */
#pragma once

#include <stdbool.h>

#include "core/base/log.h"
#include "core/model/config.h"
#include "dnsd/listen.h"
#include "dnsd/publication.h"

#define TCP_MEMORY_MAX (64u << 20) /* octets that all connections' buffers may have */
#define TCP_STOP_MS    1000        /* clients have so long to take their last answers */

struct tcp;

/* Accepts on sockets->tcp, which stay open until tcp_stop() or the next tcp_listen(); `loop` is a uv_loop_t. NULL
 * with a finding on failure. */
struct tcp *tcp_start(void *loop, const struct listen_sockets *sockets, const struct config_tcp *limits,
                      const struct publication *publication, const struct log *log, struct err *err);
/* Accepts on these sockets instead; connections stay, however they came. False with a finding on failure; then
 * it accepts where it did before. */
bool tcp_listen(struct tcp *tcp, const struct listen_sockets *sockets, struct err *err);
/* Other limits; who is too many under them goes, idlest first. */
void tcp_set_limits(struct tcp *tcp, const struct config_tcp *limits);
/* Accepts what has connected, and from then on nobody: the listening sockets may be closed. Answers what
 * clients have sent, then closes their connections, at the latest after TCP_STOP_MS. The memory goes when the
 * loop has run the close callbacks. */
void tcp_stop(struct tcp *tcp);
