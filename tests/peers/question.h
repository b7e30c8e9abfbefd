// SPDX-License-Identifier: MIT
/*
 * question - one message to ask all servers: a well-formed query in one of several ways to send it, or octets
 * that no resolver would send.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/peers/name.h"

#define QUESTION_PACKET_MAX 1024
#define QUESTION_ID         0x4d44

/* How a query is sent. */
struct question_way {
    const char *text;
    bool tcp, edns, dnssec_ok;
    uint16_t udp_size; /* with EDNS */
};

struct question {
    const char *run;
    const struct question_way *way;
    const char *oddity; /* what is unusual about the packet; NULL: nothing */
    struct name name;
    uint16_t type, class;
    size_t size;
    uint8_t packet[QUESTION_PACKET_MAX];
};

extern const struct question_way question_ways[];
extern const size_t question_way_count;

/* A query for (name, type) in class IN, with RD set or not. */
void question_write(struct question *q, const struct name *name, uint16_t type,
                    const struct question_way *way, bool recursion_desired);
/* How many octets the answer may have. */
size_t question_limit(const struct question *q);

/* The odd packets about one name: number `index` of question_odd_count(). */
size_t question_odd_count(void);
void question_write_odd(struct question *q, const struct name *name, size_t index);
