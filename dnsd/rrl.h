// SPDX-License-Identifier: MIT
/*
 * rrl - response rate limiting: how many answers of one kind one client network gets in a second, so that a
 * server cannot be used to flood somebody whose address a query was sent with. The rules are those BIND's and
 * NSD's operators know:
 *
 *   who      the client's network, /24 or /56 unless configured
 *   what     the name that answered (a wildcard counts as itself, so that invented names below it are one
 *            subject), the zone of a name that does not exist, the delegation, or any error at all
 *   rate     so many in one second; each answer asked for beyond it is held against the network for up to
 *            `window`: a flood stays limited until it slackens
 *   slip     of the limited answers every slip-th is sent truncated, so that a real client comes over TCP, or
 *            with BADCOOKIE if it sent a cookie; the others are dropped
 *
 * Loopback and `exempt` networks are never limited; the caller spares TCP and valid cookies: neither can be forged.
 * A resolver that sends client subnets asks the same name again for each of them: such networks want `exempt`
 * or a higher rate.
 *
 * The table is shared by all threads, so the rate is the server's whatever socket a query came to. It has a fixed
 * number of buckets of one atomic word each:
 *
 *     tag 16 | limited answers since the last slip 4 | debt 44: the time at which it is paid off, in 2^-10 ms
 *
 * Eight buckets, a cache line, are one set. SipHash with a secret seed picks set and tag, so nobody can aim at a
 * bucket. In a full set the smallest debt makes room: a flood from ever new networks displaces such as itself,
 * hardly ever a network that is being limited. Two subjects of a set with the same tag (1 in 65,536) share one.
 *
 * rrl_judge() may run on any number of threads; it takes no lock.
 */
#pragma once

#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/arena.h"
#include "core/base/siphash.h"
#include "core/model/config.h"

enum rrl_class { RRL_ERROR, RRL_POSITIVE, RRL_NXDOMAIN, RRL_REFERRAL };

/* What an answer is about. */
struct rrl_subject {
    enum rrl_class class;
    const uint8_t *name; /* lower case, wire form; none for errors */
    uint8_t length;
};

enum rrl_verdict { RRL_PASS, RRL_SLIP, RRL_DROP };

struct rrl;

/* A table in the arena; the configuration must live as long. */
struct rrl *rrl_create(const struct config_rrl *config, const uint8_t seed[SIPHASH_KEY_SIZE],
                       struct arena *arena);
/* Counts one answer and judges it. `now_ms` may be of any clock that mostly goes forward. */
enum rrl_verdict rrl_judge(struct rrl *rrl, const struct rrl_subject *subject, const struct addr *client,
                           uint64_t now_ms);
