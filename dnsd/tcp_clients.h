// SPDX-License-Identifier: MIT
/*
 * tcp_clients - who is connected over TCP and who has been idle longest, in all and of one client network:
 * an IPv4 address, or the IPv6 /56 that one customer gets (RFC 6177).
 *
 * Bookkeeping only: no socket, no clock. One thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"

enum { TCP_CLIENTS_V6_NETWORK = 56 };

/* A client stands in two orders of last activity: that of all clients, and that of its network. */
enum tcp_order_kind { TCP_ORDER_ALL, TCP_ORDER_NETWORK, TCP_ORDERS };

/* Part of what the caller keeps of a connection; its fields are this module's, but for reading active_ms. */
struct tcp_client {
    uint64_t active_ms;
    struct tcp_network *network;
    struct {
        struct tcp_client *newer, *older;
    } at[TCP_ORDERS];
};

struct tcp_clients;

/* `seed` is random: clients choose their addresses. */
struct tcp_clients *tcp_clients_create(uint64_t seed);
void tcp_clients_free(struct tcp_clients *clients); /* nobody is in it any more */

void tcp_clients_add(struct tcp_clients *clients, struct tcp_client *client, const struct addr *addr,
                     uint64_t now_ms);
void tcp_clients_touch(struct tcp_clients *clients, struct tcp_client *client, uint64_t now_ms);
void tcp_clients_remove(struct tcp_clients *clients, struct tcp_client *client);

size_t tcp_clients_count(const struct tcp_clients *clients);
/* NULL: there is none. From there `at[TCP_ORDER_ALL].newer` leads on. */
struct tcp_client *tcp_clients_idlest(const struct tcp_clients *clients);

/* Who has to go before a client from `addr` may come: the idlest of its own network if that has `per_network`
 * already, so that a crowd from one place displaces only itself; else the idlest of all if there are `all`.
 * NULL: there is room. */
struct tcp_client *tcp_clients_in_the_way(const struct tcp_clients *clients, const struct addr *addr,
                                          size_t per_network, size_t all);
