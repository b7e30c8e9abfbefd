// SPDX-License-Identifier: MIT
#include "dnsd/opt.h"

#include <string.h>

#include "dnsd/cookie.h"
#include "dnsd/protocol.h"

enum {
    OPTION_FIXED_SIZE = 4, /* code and length */
    ECS_FIXED_SIZE = 4,    /* family and both lengths, RFC 7871 section 6 */
    KEEPALIVE_SIZE = 2,
    KEEPALIVE_UNIT_MS = 100, /* RFC 7828 section 3.1 */
    ERROR_FIXED_SIZE = 2,    /* INFO-CODE */
    PADDING_BLOCK = 468,     /* of responses, RFC 8467 section 4.1 */
    LENGTH_OFFSET = 9,       /* of RDLENGTH in an OPT record */
};

static size_t ecs_octets(const struct query_ecs *ecs)
{
    return (ecs->source + 7u) / 8;
}

/* Padding hides lengths only where the rest is hidden, and over UDP it would feed amplification. */
static bool pads(const struct query *query, const struct opt_offer *offer)
{
    return query->padding && offer->idle_ms > 0;
}

/* RFC 7828 section 3.3.2: over UDP the option is ignored. */
static bool keeps_alive(const struct query *query, const struct opt_offer *offer)
{
    return query->keepalive && offer->idle_ms > 0;
}

static bool tells_nsid(const struct query *query, const struct opt_offer *offer)
{
    return query->nsid && offer->nsid != NULL;
}

size_t opt_size(const struct query *query, const struct opt_offer *offer)
{
    if (!query->edns)
        return 0;
    size_t size = OPT_SIZE;
    if (tells_nsid(query, offer))
        size += OPTION_FIXED_SIZE + strlen(offer->nsid);
    if (offer->cookie != NULL)
        size += OPTION_FIXED_SIZE + COOKIE_SIZE;
    if (keeps_alive(query, offer))
        size += OPTION_FIXED_SIZE + KEEPALIVE_SIZE;
    if (query->ecs.present)
        size += OPTION_FIXED_SIZE + ECS_FIXED_SIZE + ecs_octets(&query->ecs);
    if (pads(query, offer))
        size += OPTION_FIXED_SIZE;
    return size;
}

static void put_option(struct wire_writer *w, unsigned code, size_t size)
{
    wire_put16(w, code);
    wire_put16(w, (unsigned)size);
}

/* Only to those who sent it, RFC 7871 section 7.2.2. */
static void put_ecs(struct wire_writer *w, const struct query_ecs *ecs, uint8_t scope)
{
    put_option(w, OPTION_CLIENT_SUBNET, ECS_FIXED_SIZE + ecs_octets(ecs));
    wire_put16(w, ecs->family);
    wire_put8(w, ecs->source);
    wire_put8(w, scope);
    wire_put(w, ecs->addr.octets, ecs_octets(ecs));
}

/* What does not fit is left out, first the text, then all of it: an explanation is no reason to truncate. */
static void put_error(struct wire_writer *w, const struct opt_result *result, size_t kept)
{
    size_t text = result->text != NULL ? strlen(result->text) : 0;
    size_t room = (size_t)(w->end - w->at) - kept;
    if (room < OPTION_FIXED_SIZE + ERROR_FIXED_SIZE + text)
        text = 0;
    if (room < OPTION_FIXED_SIZE + ERROR_FIXED_SIZE)
        return;
    put_option(w, OPTION_ERROR, ERROR_FIXED_SIZE + text);
    wire_put16(w, result->error);
    wire_put(w, result->text, text);
}

/* Up to the next multiple of the block, or as far as the message may grow. */
static void put_padding(struct wire_writer *w)
{
    size_t size = wire_written(w) + OPTION_FIXED_SIZE;
    size_t wanted = (PADDING_BLOCK - size % PADDING_BLOCK) % PADDING_BLOCK;
    size_t room = (size_t)(w->end - w->at) - OPTION_FIXED_SIZE;
    size_t octets = wanted < room ? wanted : room;
    put_option(w, OPTION_PADDING, octets);
    uint8_t *padding = wire_reserve(w, octets);
    if (padding != NULL)
        memset(padding, 0, octets);
}

static void put_options(struct wire_writer *w, const struct query *query, const struct opt_offer *offer,
                        const struct opt_result *result)
{
    if (tells_nsid(query, offer)) {
        put_option(w, OPTION_NSID, strlen(offer->nsid));
        wire_put(w, offer->nsid, strlen(offer->nsid));
    }
    if (offer->cookie != NULL) {
        put_option(w, OPTION_COOKIE, COOKIE_SIZE);
        wire_put(w, offer->cookie, COOKIE_SIZE);
    }
    if (keeps_alive(query, offer)) {
        put_option(w, OPTION_TCP_KEEPALIVE, KEEPALIVE_SIZE);
        wire_put16(w, offer->idle_ms / KEEPALIVE_UNIT_MS);
    }
    if (query->ecs.present)
        put_ecs(w, &query->ecs, result->scope);
    if (result->error != 0)
        put_error(w, result, pads(query, offer) ? OPTION_FIXED_SIZE : 0);
    if (pads(query, offer))
        put_padding(w);
}

/* RFC 6891 section 6.1.2 and 6.1.3. */
void opt_put(struct wire_writer *w, const struct query *query, const struct opt_offer *offer,
             const struct opt_result *result)
{
    uint8_t *record = w->at;
    wire_put8(w, 0);
    wire_put16(w, TYPE_OPT);
    wire_put16(w, UDP_SIZE_EDNS);
    wire_put8(w, result->rcode >> 4);
    wire_put8(w, 0);
    wire_put16(w, query->dnssec_ok ? EDNS_FLAG_DO : 0);
    wire_put16(w, 0);
    put_options(w, query, offer, result);
    wire_store16(record + LENGTH_OFFSET, (unsigned)(w->at - record - OPT_SIZE));
}
