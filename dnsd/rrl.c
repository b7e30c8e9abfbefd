// SPDX-License-Identifier: MIT
#include "dnsd/rrl.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "core/model/dname.h"

enum {
    SET_SIZE = 8, /* buckets in a cache line */
    CACHE_LINE = 64,
    TIME_BITS = 44, /* wraps after 198 days */
    TIME_FRACTION_BITS = 10,
    SLIP_BITS = 4,
    TAG_SHIFT = TIME_BITS + SLIP_BITS,
};

#define TIME_MASK (((uint64_t)1 << TIME_BITS) - 1)
#define SLIP_MASK (((uint64_t)1 << SLIP_BITS) - 1)

struct bucket {
    _Atomic uint64_t word;
};

struct rrl {
    const struct config_rrl *config;
    uint8_t seed[SIPHASH_KEY_SIZE];
    uint64_t rates[4]; /* by enum rrl_class */
    uint64_t second, debt_max;
    uint64_t set_mask;
    struct bucket *buckets;
};

static uint64_t time_of_ms(uint64_t ms)
{
    return ms << TIME_FRACTION_BITS;
}

struct rrl *rrl_create(const struct config_rrl *config, const uint8_t seed[SIPHASH_KEY_SIZE],
                       struct arena *arena)
{
    struct rrl *rrl = arena_alloc(arena, sizeof *rrl);
    size_t sets = 1;
    while (sets * SET_SIZE < config->table_size)
        sets *= 2;
    uint8_t *room = arena_array(arena, sets + 1, CACHE_LINE);
    rrl->buckets = (struct bucket *)(void *)(room + (CACHE_LINE - (uintptr_t)room % CACHE_LINE) % CACHE_LINE);
    rrl->set_mask = sets - 1;
    rrl->config = config;
    memcpy(rrl->seed, seed, SIPHASH_KEY_SIZE);
    rrl->rates[RRL_POSITIVE] = rrl->rates[RRL_REFERRAL] = config->rate;
    rrl->rates[RRL_NXDOMAIN] = config->nxdomain_rate;
    rrl->rates[RRL_ERROR] = config->errors_rate;
    rrl->second = time_of_ms(1000);
    rrl->debt_max = rrl->second + time_of_ms(config->window_ms);
    return rrl;
}

static uint64_t hash_of(const struct rrl *rrl, const struct rrl_subject *subject, const struct addr *client)
{
    uint8_t input[2 + sizeof client->octets + DNAME_MAX];
    struct addr network = *client;
    addr_mask(&network, client->family == ADDR_V4 ? rrl->config->ipv4_prefix : rrl->config->ipv6_prefix);
    input[0] = (uint8_t)subject->class;
    input[1] = network.family;
    memcpy(input + 2, network.octets, sizeof network.octets);
    size_t size = 2 + sizeof network.octets;
    if (subject->length > 0)
        memcpy(input + size, subject->name, subject->length);
    return siphash(rrl->seed, input, size + subject->length);
}

/* How far the time at which a bucket is paid off lies ahead; 0: it is, or the word is from another age. */
static uint64_t debt_of(const struct rrl *rrl, uint64_t word, uint64_t now)
{
    uint64_t ahead = ((word & TIME_MASK) - now) & TIME_MASK;
    return ahead <= rrl->debt_max ? ahead : 0;
}

/* The subject's bucket, or the one that is to become it. */
static struct bucket *pick(const struct rrl *rrl, struct bucket *set, uint64_t tag, uint64_t now)
{
    struct bucket *least = set;
    uint64_t least_debt = UINT64_MAX;
    for (struct bucket *b = set; b < set + SET_SIZE; b++) {
        uint64_t word = atomic_load_explicit(&b->word, memory_order_relaxed);
        uint64_t debt = debt_of(rrl, word, now);
        if (word >> TAG_SHIFT == tag)
            return b;
        if (debt < least_debt) {
            least = b;
            least_debt = debt;
        }
    }
    return least;
}

/* The word after one more answer, and what becomes of that answer. */
static uint64_t charge(const struct rrl *rrl, uint64_t word, uint64_t tag, uint64_t cost, uint64_t now,
                       enum rrl_verdict *verdict)
{
    bool known = word >> TAG_SHIFT == tag;
    uint64_t debt = (known ? debt_of(rrl, word, now) : 0) + cost;
    uint64_t limited = known ? word >> TIME_BITS & SLIP_MASK : 0;
    *verdict = RRL_PASS;
    if (debt > rrl->second) {
        bool slips = ++limited == rrl->config->slip;
        *verdict = slips ? RRL_SLIP : RRL_DROP;
        if (slips || limited > rrl->config->slip)
            limited = 0;
    }
    if (debt > rrl->debt_max)
        debt = rrl->debt_max;
    return tag << TAG_SHIFT | limited << TIME_BITS | ((now + debt) & TIME_MASK);
}

static bool is_exempt(const struct rrl *rrl, const struct addr *client)
{
    for (size_t i = 0; i < rrl->config->exempt_count; i++)
        if (prefix_contains(&rrl->config->exempt[i], client))
            return true;
    return addr_is_loopback(client);
}

enum rrl_verdict rrl_judge(struct rrl *rrl, const struct rrl_subject *subject, const struct addr *client,
                           uint64_t now_ms)
{
    if (rrl->rates[subject->class] == 0)
        return RRL_PASS;
    uint64_t hash = hash_of(rrl, subject, client);
    uint64_t now = time_of_ms(now_ms) & TIME_MASK, tag = hash >> TAG_SHIFT;
    struct bucket *b = pick(rrl, rrl->buckets + (hash & rrl->set_mask) * SET_SIZE, tag, now);
    uint64_t word = atomic_load_explicit(&b->word, memory_order_relaxed), next;
    uint64_t cost = rrl->second / rrl->rates[subject->class];
    enum rrl_verdict verdict;
    do /* at most once more for each thread that charges the same bucket right now */
        next = charge(rrl, word, tag, cost, now, &verdict);
    while (!atomic_compare_exchange_weak_explicit(&b->word, &word, next, memory_order_relaxed,
                                                  memory_order_relaxed));
    /* Last: few answers are over the limit, and the list may be long. */
    return verdict != RRL_PASS && is_exempt(rrl, client) ? RRL_PASS : verdict;
}
