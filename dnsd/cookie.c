// SPDX-License-Identifier: MIT
#include "dnsd/cookie.h"

#include <string.h>

#include "core/base/wire.h"

enum { VERSION = 1, VERSION_AT = 8, TIMESTAMP_AT = 12, HASH_AT = 16, ADDRESS_MAX = 16 };

bool cookie_has_sound_size(size_t size)
{
    return size == COOKIE_CLIENT_SIZE || (size >= COOKIE_SIZE_MIN && size <= COOKIE_SIZE_MAX);
}

/* RFC 9018 section 4.4: the hash over what stands before it, reserved octets as they are, and the address. */
static uint64_t hash_of(const uint8_t key[SIPHASH_KEY_SIZE], const uint8_t *cookie, const struct addr *client)
{
    uint8_t input[HASH_AT + ADDRESS_MAX];
    size_t address_size = addr_bits(client) / 8;
    memcpy(input, cookie, HASH_AT);
    memcpy(input + HASH_AT, client->octets, address_size);
    return siphash(key, input, HASH_AT + address_size);
}

/* SipHash's value goes onto the wire as the paper has it, least significant octet first. */
static uint64_t load_hash(const uint8_t *at)
{
    uint64_t hash = 0;
    for (unsigned i = 0; i < 8; i++)
        hash |= (uint64_t)at[i] << 8 * i;
    return hash;
}

static void store_hash(uint8_t *at, uint64_t hash)
{
    for (unsigned i = 0; i < 8; i++)
        at[i] = (uint8_t)(hash >> 8 * i);
}

static bool is_signed(const struct cookie_secrets *secrets, const struct addr *client, const uint8_t *cookie)
{
    for (unsigned i = 0; i < secrets->count; i++)
        if (hash_of(secrets->keys[i], cookie, client) == load_hash(cookie + HASH_AT))
            return true;
    return false;
}

/* Seconds since it was made, negative: in the future. Serial arithmetic: the timestamp wraps (RFC 1982). */
static int32_t age_of(const uint8_t *cookie, uint32_t now_s)
{
    return (int32_t)(now_s - wire_load32(cookie + TIMESTAMP_AT));
}

static bool is_ours(const struct cookie_secrets *secrets, const struct addr *client, const uint8_t *cookie,
                    size_t size, uint32_t now_s)
{
    if (size != COOKIE_SIZE || cookie[VERSION_AT] != VERSION)
        return false;
    int32_t age_s = age_of(cookie, now_s);
    return age_s <= COOKIE_AGE_MAX_S && age_s >= -COOKIE_FUTURE_MAX_S && is_signed(secrets, client, cookie);
}

static void make(const struct cookie_secrets *secrets, const struct addr *client,
                 const uint8_t *client_cookie, uint32_t now_s, uint8_t out[COOKIE_SIZE])
{
    memcpy(out, client_cookie, COOKIE_CLIENT_SIZE);
    memset(out + VERSION_AT, 0, TIMESTAMP_AT - VERSION_AT);
    out[VERSION_AT] = VERSION;
    wire_store32(out + TIMESTAMP_AT, now_s);
    store_hash(out + HASH_AT, hash_of(secrets->keys[0], out, client));
}

enum cookie_verdict cookie_judge(const struct cookie_secrets *secrets, const struct addr *client,
                                 const uint8_t *option, size_t size, uint32_t now_s, uint8_t out[COOKIE_SIZE])
{
    if (secrets->count == 0 || size == 0)
        return COOKIE_NONE;
    bool good = is_ours(secrets, client, option, size, now_s);
    if (good && age_of(option, now_s) <= COOKIE_RENEW_AGE_S)
        memcpy(out, option, COOKIE_SIZE);
    else
        make(secrets, client, option, now_s, out);
    return good ? COOKIE_GOOD : size == COOKIE_CLIENT_SIZE ? COOKIE_CLIENT : COOKIE_BAD;
}
