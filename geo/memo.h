// SPDX-License-Identifier: MIT
/* memo - remembers a number for a 64-bit key. Key and number lie side by side: a look-up is one cache miss. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMO_UNKNOWN UINT32_MAX /* a number that is not remembered yet */

struct memo_slot {
    uint64_t key_plus_one; /* 0: free */
    uint32_t number;
};

struct memo {
    struct memo_slot *slots; /* open addressing */
    size_t slot_count, count;
};

/* Where the key's number is kept, MEMO_UNKNOWN at first. Valid until the next call. The key is not
 * UINT64_MAX. */
uint32_t *memo_at(struct memo *memo, uint64_t key);
void memo_free(struct memo *memo);
