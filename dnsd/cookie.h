// SPDX-License-Identifier: MIT
/*
 * cookie - DNS cookies (RFC 7873) in the interoperable form of RFC 9018, so that all servers of an anycast set
 * that share a secret accept each other's:
 *
 *     client cookie 8 | version 1 | reserved 3 | timestamp 4 | SipHash-2-4 of all that and the client's address 8
 *
 * A client that returns a server cookie has received an answer of ours at its address: it is no spoofed source.
 *
 * Pure functions of (secrets, client, now); any thread. The secrets belong to the snapshot.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/siphash.h"

enum {
    COOKIE_CLIENT_SIZE = 8,
    COOKIE_SIZE = 24,     /* what we send: client cookie and server cookie */
    COOKIE_SIZE_MIN = 16, /* of a received option with a server cookie, RFC 7873 section 4 */
    COOKIE_SIZE_MAX = 40,
    COOKIE_AGE_MAX_S = 3600, /* RFC 9018 section 4.3 */
    COOKIE_FUTURE_MAX_S = 300,
    COOKIE_RENEW_AGE_S = 1800,
    COOKIE_SECRETS_MAX = 8,
};

/* The first signs, all verify: a new secret is announced last everywhere, then moved to the top, then the old
 * one removed (RFC 9018 section 5). */
struct cookie_secrets {
    unsigned count; /* 0: no cookies */
    bool random;    /* made up at start, not read from a file */
    uint8_t keys[COOKIE_SECRETS_MAX][SIPHASH_KEY_SIZE];
};

enum cookie_verdict {
    COOKIE_NONE,   /* none was sent, or cookies are off */
    COOKIE_CLIENT, /* a client cookie alone: a first contact */
    COOKIE_BAD,    /* with a server cookie that is not ours, or too old */
    COOKIE_GOOD,
};

/* Whether an option of this length can be a cookie; if not, the query is malformed (RFC 7873 section 5.2.2). */
bool cookie_has_sound_size(size_t size);

/* Judges the option's `size` octets (sound, or 0: none), and unless the verdict is COOKIE_NONE puts what goes
 * into the response to `out`: the same cookie, or a fresh one if it is not good or will soon be too old. */
enum cookie_verdict cookie_judge(const struct cookie_secrets *secrets, const struct addr *client,
                                 const uint8_t *option, size_t size, uint32_t now_s,
                                 uint8_t out[COOKIE_SIZE]);
