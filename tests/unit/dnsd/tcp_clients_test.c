// SPDX-License-Identifier: MIT
/* Who makes room for whom. */
#include "dnsd/tcp_clients.h"

#include "tests/support/check_main.h"

enum { CLIENTS = 5 };

static struct addr addr_of(const char *text)
{
    struct addr addr;
    ck_assert(addr_parse(text, &addr));
    return addr;
}

/* The number of the client in the way, -1 for none. */
static int in_the_way(const struct tcp_clients *clients, const struct tcp_client *all, const char *text,
                      size_t per_network, size_t total)
{
    struct addr addr = addr_of(text);
    const struct tcp_client *found = tcp_clients_in_the_way(clients, &addr, per_network, total);
    return found ? (int)(found - all) : -1;
}

START_TEST(making_room)
{
    static const char *const addresses[CLIENTS] = {"192.0.2.1", "2001:db8::1", "192.0.2.1",
                                                   "2001:db8:0:7f::2", "192.0.2.2"};
    static const struct {
        const char *message, *addr;
        size_t per_network, total;
        int expected;
    } rows[] = {
        {"room", "192.0.2.1", 3, 6, -1},
        {"full: the idlest of all", "192.0.2.9", 3, 5, 0},
        {"own network full: its idlest", "192.0.2.1", 2, 6, 0},
        {"both full: its own goes first", "192.0.2.2", 1, 5, 4},
        {"IPv6 networks are /56: together", "2001:db8:0:ff::9", 2, 9, 1},
        {"IPv6 networks are /56: apart", "2001:db8:0:100::9", 2, 9, -1},
        {"a stranger", "198.51.100.1", 1, 9, -1},
        {"families are apart", "::192.0.2.1", 1, 9, -1},
    };
    struct tcp_clients *clients = tcp_clients_create(7);
    struct tcp_client all[CLIENTS] = {0};
    for (size_t i = 0; i < CLIENTS; i++) {
        struct addr addr = addr_of(addresses[i]);
        tcp_clients_add(clients, &all[i], &addr, 100 + i);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int found = in_the_way(clients, all, rows[i].addr, rows[i].per_network, rows[i].total);
        ck_assert_msg(found == rows[i].expected, "%s: %d, not %d", rows[i].message, found, rows[i].expected);
    }
    tcp_clients_touch(clients, &all[0], 200);
    ck_assert_ptr_eq(tcp_clients_idlest(clients), &all[1]);
    ck_assert_uint_eq(all[0].active_ms, 200);
    ck_assert_int_eq(in_the_way(clients, all, "192.0.2.1", 2, 9), 2);
    for (size_t i = 0; i < CLIENTS; i++)
        tcp_clients_remove(clients, &all[i]);
    ck_assert_uint_eq(tcp_clients_count(clients), 0);
    ck_assert_ptr_null(tcp_clients_idlest(clients));
    tcp_clients_free(clients);
}
END_TEST

/* Networks share buckets; each keeps its own. */
START_TEST(many_networks)
{
    enum { MANY = 20000 };
    struct tcp_clients *clients = tcp_clients_create(1);
    struct tcp_client *all = calloc(MANY, sizeof *all);
    struct addr addr = {.family = ADDR_V4};
    for (size_t i = 0; i < MANY; i++) {
        addr.octets[0] = 10, addr.octets[1] = (uint8_t)(i >> 8), addr.octets[2] = (uint8_t)i;
        tcp_clients_add(clients, &all[i], &addr, i);
    }
    for (size_t i = 0; i < MANY; i++) {
        addr.octets[1] = (uint8_t)(i >> 8), addr.octets[2] = (uint8_t)i;
        ck_assert_ptr_eq(tcp_clients_in_the_way(clients, &addr, 1, MANY * 2), &all[i]);
        tcp_clients_remove(clients, &all[i]);
        ck_assert_ptr_null(tcp_clients_in_the_way(clients, &addr, 1, MANY * 2));
    }
    tcp_clients_free(clients);
    free(all);
}
END_TEST

CHECK_MAIN("dnsd/tcp_clients", making_room, many_networks)
