// SPDX-License-Identifier: MIT
#include "dnsd/tcp_clients.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/hash.h"
#include "core/base/mem.h"

enum { BUCKETS = 4096 };

/* Most recent activity first. */
struct order {
    struct tcp_client *newest, *oldest;
    size_t count;
};

/* Lives as long as it has clients. */
struct tcp_network {
    struct tcp_network *next; /* in the bucket */
    struct addr addr;
    struct order order;
};

struct tcp_clients {
    uint64_t seed;
    struct order all;
    struct tcp_network *buckets[BUCKETS];
};

struct tcp_clients *tcp_clients_create(uint64_t seed)
{
    struct tcp_clients *clients = mem_alloc(sizeof *clients);
    clients->seed = seed;
    return clients;
}

void tcp_clients_free(struct tcp_clients *clients)
{
    assert(clients->all.count == 0);
    free(clients);
}

/* --- orders ---------------------------------------------------------------------------------------------- */

static void take_out(struct order *order, enum tcp_order_kind kind, struct tcp_client *c)
{
    struct tcp_client *newer = c->at[kind].newer, *older = c->at[kind].older;
    *(newer ? &newer->at[kind].older : &order->newest) = older;
    *(older ? &older->at[kind].newer : &order->oldest) = newer;
    order->count--;
}

static void put_first(struct order *order, enum tcp_order_kind kind, struct tcp_client *c)
{
    c->at[kind].newer = NULL;
    c->at[kind].older = order->newest;
    *(order->newest ? &order->newest->at[kind].newer : &order->oldest) = c;
    order->newest = c;
    order->count++;
}

/* --- networks -------------------------------------------------------------------------------------------- */

static struct addr network_of(const struct addr *addr)
{
    struct addr network = *addr;
    if (network.family == ADDR_V6)
        addr_mask(&network, TCP_CLIENTS_V6_NETWORK);
    return network;
}

/* An attacker chooses IPv6 networks: without the seed he could choose them to share a bucket. */
static size_t bucket_of(const struct tcp_clients *clients, const struct addr *network)
{
    return hash_octets(network->octets, sizeof network->octets, clients->seed) % BUCKETS;
}

static struct tcp_network *network_find(const struct tcp_clients *clients, const struct addr *network)
{
    struct tcp_network *found = clients->buckets[bucket_of(clients, network)];
    while (found != NULL && !addr_equal(&found->addr, network))
        found = found->next;
    return found;
}

static struct tcp_network *network_take(struct tcp_clients *clients, const struct addr *addr)
{
    struct addr network = network_of(addr);
    struct tcp_network *found = network_find(clients, &network);
    if (found != NULL)
        return found;
    struct tcp_network **bucket = &clients->buckets[bucket_of(clients, &network)];
    struct tcp_network *added = mem_alloc(sizeof *added);
    added->addr = network;
    added->next = *bucket;
    *bucket = added;
    return added;
}

static void network_drop(struct tcp_clients *clients, struct tcp_network *network)
{
    struct tcp_network **slot = &clients->buckets[bucket_of(clients, &network->addr)];
    while (*slot != network)
        slot = &(*slot)->next;
    *slot = network->next;
    free(network);
}

/* --- clients --------------------------------------------------------------------------------------------- */

void tcp_clients_add(struct tcp_clients *clients, struct tcp_client *client, const struct addr *addr,
                     uint64_t now_ms)
{
    client->active_ms = now_ms;
    client->network = network_take(clients, addr);
    put_first(&clients->all, TCP_ORDER_ALL, client);
    put_first(&client->network->order, TCP_ORDER_NETWORK, client);
}

void tcp_clients_touch(struct tcp_clients *clients, struct tcp_client *client, uint64_t now_ms)
{
    client->active_ms = now_ms;
    take_out(&clients->all, TCP_ORDER_ALL, client);
    put_first(&clients->all, TCP_ORDER_ALL, client);
    take_out(&client->network->order, TCP_ORDER_NETWORK, client);
    put_first(&client->network->order, TCP_ORDER_NETWORK, client);
}

void tcp_clients_remove(struct tcp_clients *clients, struct tcp_client *client)
{
    take_out(&clients->all, TCP_ORDER_ALL, client);
    take_out(&client->network->order, TCP_ORDER_NETWORK, client);
    if (client->network->order.count == 0)
        network_drop(clients, client->network);
    client->network = NULL;
}

size_t tcp_clients_count(const struct tcp_clients *clients)
{
    return clients->all.count;
}

struct tcp_client *tcp_clients_idlest(const struct tcp_clients *clients)
{
    return clients->all.oldest;
}

struct tcp_client *tcp_clients_in_the_way(const struct tcp_clients *clients, const struct addr *addr,
                                          size_t per_network, size_t all)
{
    struct addr network = network_of(addr);
    const struct tcp_network *own = network_find(clients, &network);
    if (own != NULL && own->order.count >= per_network)
        return own->order.oldest;
    return clients->all.count >= all ? clients->all.oldest : NULL;
}
