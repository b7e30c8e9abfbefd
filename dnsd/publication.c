// SPDX-License-Identifier: MIT
#include "dnsd/publication.h"

#include <urcu-qsbr.h>

const struct serving *publication_swap(struct publication *publication, const struct serving *next)
{
    const struct serving *old = atomic_exchange_explicit(&publication->current, next, memory_order_acq_rel);
    synchronize_rcu();
    return old;
}

void publication_register(void)
{
    rcu_register_thread();
}

void publication_unregister(void)
{
    rcu_unregister_thread();
}

const struct serving *publication_take(const struct publication *publication)
{
    return atomic_load_explicit(&publication->current, memory_order_acquire);
}

void publication_quiesce(void)
{
    rcu_quiescent_state();
}

void publication_sleep(void)
{
    rcu_thread_offline();
}

void publication_wake(void)
{
    rcu_thread_online();
}
