// SPDX-License-Identifier: MIT
#include "core/base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Decimal digits only, no sign or space, at most `max`. */
static bool parse_number(const char *text, unsigned max, unsigned *out)
{
    unsigned value = 0;
    if (*text == '\0' || strlen(text) > 5)
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}

bool addr_parse(const char *text, struct addr *out)
{
    struct addr addr = {0};
    if (inet_pton(AF_INET, text, addr.octets) == 1)
        addr.family = ADDR_V4;
    else if (inet_pton(AF_INET6, text, addr.octets) == 1)
        addr.family = ADDR_V6;
    else
        return false;
    *out = addr;
    return true;
}

/* Splits `text` at the last `mark`; `head` gets what stands before it, the result what stands behind it, or
 * NULL if there is no mark or the head is too long. */
static const char *split(const char *text, char mark, char head[ADDR_TEXT_MAX])
{
    const char *at = strrchr(text, mark);
    if (at == NULL || at - text >= ADDR_TEXT_MAX)
        return NULL;
    memcpy(head, text, (size_t)(at - text));
    head[at - text] = '\0';
    return at + 1;
}

bool prefix_parse(const char *text, struct prefix *out, bool *host_bits)
{
    char head[ADDR_TEXT_MAX];
    struct prefix prefix;
    if (host_bits != NULL)
        *host_bits = false;
    const char *length = split(text, '/', head);
    if (!addr_parse(length ? head : text, &prefix.addr))
        return false;
    unsigned bits = addr_bits(&prefix.addr);
    if (length != NULL && !parse_number(length, bits, &bits))
        return false;
    prefix.length = (uint8_t)bits;
    struct addr masked = prefix.addr;
    addr_mask(&masked, bits);
    if (!addr_equal(&masked, &prefix.addr)) {
        if (host_bits != NULL)
            *host_bits = true;
        return false;
    }
    *out = prefix;
    return true;
}

bool endpoint_parse(const char *text, uint16_t default_port, struct endpoint *out)
{
    char head[ADDR_TEXT_MAX];
    struct endpoint endpoint;
    unsigned port = default_port;
    const char *port_text = split(text, '@', head);
    if (port_text != NULL && (!parse_number(port_text, UINT16_MAX, &port) || port == 0))
        return false;
    if (!addr_parse(port_text ? head : text, &endpoint.addr))
        return false;
    endpoint.port = (uint16_t)port;
    *out = endpoint;
    return true;
}

const char *addr_format(const struct addr *addr, char out[ADDR_TEXT_MAX])
{
    int family = addr->family == ADDR_V4 ? AF_INET : AF_INET6;
    if (addr->family == ADDR_NONE || inet_ntop(family, addr->octets, out, ADDR_TEXT_MAX) == NULL)
        snprintf(out, ADDR_TEXT_MAX, "none");
    return out;
}

const char *prefix_format(const struct prefix *prefix, char out[PREFIX_TEXT_MAX])
{
    char addr[ADDR_TEXT_MAX];
    snprintf(out, PREFIX_TEXT_MAX, "%s/%u", addr_format(&prefix->addr, addr), prefix->length);
    return out;
}

const char *endpoint_format(const struct endpoint *endpoint, char out[ENDPOINT_TEXT_MAX])
{
    char addr[ADDR_TEXT_MAX];
    snprintf(out, ENDPOINT_TEXT_MAX, "%s@%u", addr_format(&endpoint->addr, addr), endpoint->port);
    return out;
}

unsigned addr_bits(const struct addr *addr)
{
    return addr->family == ADDR_V4 ? 32 : addr->family == ADDR_V6 ? 128 : 0;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
    return a->family == b->family && memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

bool addr_is_loopback(const struct addr *addr)
{
    static const uint8_t v6_loopback[16] = {[15] = 1};
    if (addr->family == ADDR_V4)
        return addr->octets[0] == 127;
    return addr->family == ADDR_V6 && memcmp(addr->octets, v6_loopback, sizeof v6_loopback) == 0;
}

void addr_mask(struct addr *addr, unsigned length)
{
    unsigned whole = length / 8;
    if (whole >= sizeof addr->octets)
        return;
    addr->octets[whole] &= (uint8_t)(0xff00u >> length % 8);
    memset(addr->octets + whole + 1, 0, sizeof addr->octets - whole - 1);
}

bool prefix_contains(const struct prefix *prefix, const struct addr *addr)
{
    struct addr masked = *addr;
    addr_mask(&masked, prefix->length);
    return addr_equal(&masked, &prefix->addr);
}

socklen_t endpoint_to_sockaddr(const struct endpoint *endpoint, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (endpoint->addr.family == ADDR_V4) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons(endpoint->port);
        memcpy(&in->sin_addr, endpoint->addr.octets, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(endpoint->port);
    memcpy(&in6->sin6_addr, endpoint->addr.octets, 16);
    return sizeof *in6;
}

bool endpoint_from_sockaddr(const struct sockaddr *from, struct endpoint *out)
{
    struct endpoint endpoint = {0};
    if (from->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof in);
        endpoint.addr.family = ADDR_V4;
        endpoint.port = ntohs(in.sin_port);
        memcpy(endpoint.addr.octets, &in.sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, from, sizeof in6);
        endpoint.addr.family = ADDR_V6;
        endpoint.port = ntohs(in6.sin6_port);
        memcpy(endpoint.addr.octets, &in6.sin6_addr, 16);
    } else {
        return false;
    }
    *out = endpoint;
    return true;
}
