// SPDX-License-Identifier: MIT
/*
 * query - a received message as a struct of spans. Parsing neither allocates nor copies, but for the
 * lower-case name that every later step compares and hashes.
 *
 * Pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/model/dname.h"

/* EDNS client subnet, RFC 7871 section 6. */
struct query_ecs {
    bool present;
    uint16_t family; /* as sent: 1 IPv4, 2 IPv6; 0 only with source 0 */
    uint8_t source;  /* SOURCE PREFIX-LENGTH */
    struct addr addr;
};

struct query {
    const uint8_t *packet;
    uint16_t id, flags;
    uint16_t type, class;
    uint8_t name_length;     /* octets, with the root's; 0: no question could be read */
    uint8_t label_count;     /* without the root */
    uint8_t name[DNAME_MAX]; /* lower case; as it was asked it stands at packet + HEADER_SIZE */
    bool edns;               /* the rest is zero without it */
    bool dnssec_ok;
    bool nsid;             /* the client asks who we are, RFC 5001 */
    bool keepalive;        /* and how long its connection may be idle, RFC 7828 */
    bool padding;          /* and that its answer be padded, RFC 7830 */
    const uint8_t *cookie; /* the COOKIE option's data, in the packet (RFC 7873) */
    uint8_t cookie_size;   /* 0: none, otherwise sound */
    uint8_t edns_version;
    uint16_t udp_size; /* what the client says it can receive */
    struct query_ecs ecs;
};

/* What to do with a message, before any name is looked up. From QUERY_FORMERR on it is answered with that error
 * and no records. */
enum query_outcome {
    QUERY_ANSWER,
    QUERY_CHAOS,    /* class CH: who are you? RFC 4892 */
    QUERY_TRANSFER, /* AXFR, IXFR */
    QUERY_COOKIE,   /* no question, but a cookie: it wants one of ours, RFC 7873 section 5.4 */
    QUERY_DROP,     /* not a query, or too short to have an id: silence, so that nothing can be reflected */
    QUERY_FORMERR,
    QUERY_BAD_TYPE, /* a type that cannot be asked for: FORMERR, too */
    QUERY_NOTIMP,
    QUERY_REFUSED,
    QUERY_BADVERS,
};

/* Fills `out` as far as it could be read. */
enum query_outcome query_parse(const uint8_t *packet, size_t size, struct query *out);
