// SPDX-License-Identifier: MIT
/*
 * exchange - sends a question to a server on 127.0.0.1 and waits for the answer.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/peers/question.h"

#define EXCHANGE_ROOM 65535

struct exchange_server {
    unsigned port;
    int udp; /* connected */
};

/* False if there is no socket to be had. */
bool exchange_open(struct exchange_server *server, unsigned port);
void exchange_close(struct exchange_server *server);

/* exchange_send() to all, then exchange_receive() from each: the servers work at the same time. */
void exchange_send(const struct exchange_server *server, const struct question *q);
/* The octets of the answer with the question's id, 0: none came in time. Over TCP it also sends. */
size_t exchange_receive(const struct exchange_server *server, const struct question *q,
                        uint8_t out[EXCHANGE_ROOM]);
