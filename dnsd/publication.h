// SPDX-License-Identifier: MIT
/*
 * publication - the pointer to what is served now, swapped under running query threads (RCU, QSBR flavour:
 * McKenney and Slingwine 1998; liburcu).
 *
 * One writer, the main thread. A query thread registers, takes the pointer anew for each batch, and between
 * batches declares that it holds none. publication_swap() returns the old serving only when no thread can
 * still be using it; the caller frees it.
 */
#pragma once

#include <stdatomic.h>

#include "dnsd/snapshot.h"

struct publication {
    _Atomic(const struct serving *) current;
};

/* --- main thread --- */
const struct serving *publication_swap(struct publication *publication, const struct serving *next);

/* --- query threads --- */
void publication_register(void);
void publication_unregister(void);
/* What is served now; valid until this thread's next publication_quiesce() or publication_sleep(). */
const struct serving *publication_take(const struct publication *publication);
void publication_quiesce(void);
/* Around a blocking wait: the writer need not wait for this thread. */
void publication_sleep(void);
void publication_wake(void);
