// SPDX-License-Identifier: MIT
#include "core/model/config_address.h"

#include <stdlib.h>
#include <string.h>

#include "core/model/config_value.h"

#define IPV4_MAPPED_BITS 96 /* ::ffff:0:0/96, RFC 4291 section 2.5.5.2 */

static bool is_ipv4_mapped(const struct addr *addr)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return addr->family == ADDR_V6 && !memcmp(addr->octets, mapped, sizeof mapped);
}

static bool is_unspecified(const struct addr *addr)
{
    static const uint8_t zero[16];
    return !memcmp(addr->octets, zero, sizeof zero);
}

static struct addr mapped_ipv4(const struct addr *addr)
{
    struct addr out = {.family = ADDR_V4};
    memcpy(out.octets, addr->octets + 12, 4);
    return out;
}

/* Why no single host has this address, or NULL. */
static const char *not_a_host(const struct addr *addr)
{
    const uint8_t *o = addr->octets;
    if (addr->family == ADDR_V6) {
        if (is_unspecified(addr))
            return "is the unspecified address";
        return o[0] == 0xff ? "is a multicast address" : NULL;
    }
    if (o[0] == 0) /* RFC 1122 section 3.2.1.3 */
        return "lies in 0.0.0.0/8, which is no host's address";
    if (o[0] >= 224 && o[0] <= 239)
        return "is a multicast address";
    return o[0] >= 240 ? "lies in 240.0.0.0/4, which is no host's address" : NULL; /* RFC 1112 section 4 */
}

static bool check_host(struct config_loader *loader, const char *name, const struct config_node *node,
                       const struct addr *addr)
{
    char text[ADDR_TEXT_MAX];
    const char *why = not_a_host(addr), *shown = config_loader_word(loader, node->text);
    if (is_ipv4_mapped(addr)) {
        struct addr ipv4 = mapped_ipv4(addr);
        config_loader_error(loader, node, "`%s`: `%s` is an IPv4-mapped address: use the IPv4 address %s",
                            name, shown, addr_format(&ipv4, text));
    } else if (why) {
        config_loader_error(loader, node, "`%s`: %s %s: give the address of a host", name, shown, why);
    } else {
        return true;
    }
    return false;
}

static const char *family_name(enum addr_family family)
{
    return family == ADDR_V4 ? "IPv4" : "IPv6";
}

bool config_address_host(struct config_loader *loader, const char *name, enum addr_family family,
                         const struct config_node *node, struct addr *out)
{
    const char *text = config_value_scalar(loader, name, node);
    if (!text)
        return false;
    const char *shown = config_loader_word(loader, text);
    struct addr addr;
    if (!addr_parse(text, &addr)) {
        config_loader_error(loader, node, "`%s`: `%s` is no %s address", name, shown, family_name(family));
        return false;
    }
    if (addr.family != family) {
        config_loader_error(loader, node, "`%s`: %s is an %s address: put it under `%s`", name, shown,
                            family_name(addr.family), addr.family == ADDR_V4 ? "a" : "aaaa");
        return false;
    }
    if (!check_host(loader, name, node, &addr))
        return false;
    *out = addr;
    return true;
}

/* --- endpoints -------------------------------------------------------------------------------------------- */

/* "192.0.2.1:53" and "[2001:db8::1]:53" as Meridian writes them; NULL if `text` is neither. */
static const char *from_colon(struct config_loader *loader, const char *text)
{
    const char *colon = strrchr(text, ':');
    if (!colon)
        return NULL;
    const char *end = colon;
    if (*text == '[' && colon > text + 1 && colon[-1] == ']') {
        text++;
        end--;
    } else if (strchr(text, ':') != colon) {
        return NULL;
    }
    const char *meant = arena_printf(loader->scratch, "%.*s@%s", (int)(end - text), text, colon + 1);
    struct endpoint endpoint;
    return endpoint_parse(meant, 0, &endpoint) ? meant : NULL;
}

static bool parse_endpoint(struct config_loader *loader, const char *name, uint16_t default_port,
                           const struct config_node *node, struct endpoint *out)
{
    const char *text = config_value_scalar(loader, name, node);
    if (!text)
        return false;
    const char *shown = config_loader_word(loader, text), *meant = from_colon(loader, text);
    if (!endpoint_parse(text, default_port, out)) {
        if (meant)
            config_loader_error(loader, node, "`%s`: `%s` is no address@port: did you mean `%s`?", name,
                                shown, meant);
        else
            config_loader_error(loader, node, "`%s`: `%s` is no address@port: write it like 192.0.2.1@53",
                                name, shown);
        return false;
    }
    return true;
}

bool config_address_listen(struct config_loader *loader, const char *name, uint16_t default_port,
                           const struct config_node *node, struct endpoint *out)
{
    struct endpoint endpoint;
    if (!parse_endpoint(loader, name, default_port, node, &endpoint))
        return false;
    if (!is_unspecified(&endpoint.addr) && !check_host(loader, name, node, &endpoint.addr))
        return false;
    *out = endpoint;
    return true;
}

bool config_address_target(struct config_loader *loader, const char *name, const struct config_node *node,
                           struct endpoint *out)
{
    struct endpoint endpoint;
    if (!parse_endpoint(loader, name, 0, node, &endpoint) || !check_host(loader, name, node, &endpoint.addr))
        return false;
    *out = endpoint;
    return true;
}

/* --- prefixes --------------------------------------------------------------------------------------------- */

/* A prefix whose host bits are not zero, with these bits cleared. */
static const char *mask_text(struct config_loader *loader, const char *text, char out[PREFIX_TEXT_MAX])
{
    size_t length = strcspn(text, "/");
    struct prefix prefix;
    if (!text[length] || !addr_parse(arena_printf(loader->scratch, "%.*s", (int)length, text), &prefix.addr))
        return "";
    prefix.length = (uint8_t)strtoul(text + length + 1, NULL, 10); /* in range: prefix_parse() has looked */
    addr_mask(&prefix.addr, prefix.length);
    return prefix_format(&prefix, out);
}

bool config_address_prefix(struct config_loader *loader, const char *name, const struct config_node *node,
                           struct prefix *out)
{
    struct prefix prefix;
    bool host_bits = false;
    char text[PREFIX_TEXT_MAX];
    const char *shown = config_loader_word(loader, node->text);
    if (!prefix_parse(node->text, &prefix, &host_bits)) {
        if (host_bits)
            config_loader_error(loader, node, "`%s`: %s has bits set past its length: did you mean `%s`?",
                                name, shown, mask_text(loader, node->text, text));
        else
            config_loader_error(loader, node,
                                "`%s`: `%s` is no prefix: write it like 192.0.2.0/24 or "
                                "2001:db8::/32",
                                name, shown);
        return false;
    }
    if (is_ipv4_mapped(&prefix.addr) && prefix.length >= IPV4_MAPPED_BITS) {
        struct prefix ipv4 = {mapped_ipv4(&prefix.addr), (uint8_t)(prefix.length - IPV4_MAPPED_BITS)};
        config_loader_error(loader, node, "`%s`: %s is IPv4-mapped: use %s, which covers both", name, shown,
                            prefix_format(&ipv4, text));
        return false;
    }
    *out = prefix;
    return true;
}
