// SPDX-License-Identifier: MIT
/*
 * addr - IP addresses, prefixes and endpoints as plain values.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum addr_family {
    ADDR_NONE = 0,
    ADDR_V4 = 4,
    ADDR_V6 = 6,
};

/* Network byte order; an IPv4 address uses octets[0..3], the rest is zero. */
struct addr {
    uint8_t family; /* enum addr_family */
    uint8_t octets[16];
};

struct prefix {
    struct addr addr; /* bits past `length` are zero */
    uint8_t length;   /* 0..32 or 0..128 */
};

struct endpoint {
    struct addr addr;
    uint16_t port;
};

#define ADDR_TEXT_MAX     46
#define ENDPOINT_TEXT_MAX (ADDR_TEXT_MAX + 6)
#define PREFIX_TEXT_MAX   (ADDR_TEXT_MAX + 4)

/* Parsers take the whole string or nothing; `out` stays untouched on failure. */
bool addr_parse(const char *text, struct addr *out);
/* "192.0.2.0/24"; host bits must be zero, `host_bits` tells that apart from other mistakes (may be NULL).
 * A bare address is a prefix of full length. */
bool prefix_parse(const char *text, struct prefix *out, bool *host_bits);
/* "192.0.2.1@53" or "2001:db8::1@53"; without "@port" the port is `default_port`. */
bool endpoint_parse(const char *text, uint16_t default_port, struct endpoint *out);

/* Text into `out`, returned for use in a printf argument. */
const char *addr_format(const struct addr *addr, char out[ADDR_TEXT_MAX]);
const char *prefix_format(const struct prefix *prefix, char out[PREFIX_TEXT_MAX]);
const char *endpoint_format(const struct endpoint *endpoint, char out[ENDPOINT_TEXT_MAX]);

/* 32, 128, or 0 for no address. */
unsigned addr_bits(const struct addr *addr);
bool addr_equal(const struct addr *a, const struct addr *b);
bool addr_is_loopback(const struct addr *addr);
/* Clears the bits past `length`. */
void addr_mask(struct addr *addr, unsigned length);
bool prefix_contains(const struct prefix *prefix, const struct addr *addr);

socklen_t endpoint_to_sockaddr(const struct endpoint *endpoint, struct sockaddr_storage *out);
/* False for a family that is neither IPv4 nor IPv6. */
bool endpoint_from_sockaddr(const struct sockaddr *from, struct endpoint *out);
