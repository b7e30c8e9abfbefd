// SPDX-License-Identifier: MIT
#include "dnsd/health_view.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/base/mem.h"

#define NO_BIT 0xff /* the slot does not have the address: unknown, counts as up */

struct binding {
    const _Atomic uint64_t *word;
    bool same_bits; /* the slot lists the member's addresses as the member does: bits need no translation */
    uint8_t address_count;
    uint8_t bits[CONFIG_ADDRESSES_MAX];
};

struct health_view {
    _Atomic uint64_t unknown; /* the word of members without a slot */
    size_t unbound;
    size_t count;
    struct binding bindings[];
};

static struct binding bind_member(const struct config_member *member, const struct health_slot *slot)
{
    struct binding binding = {
        .word = &slot->word,
        .same_bits = true,
        .address_count = (uint8_t)(member->a_count + member->aaaa_count),
    };
    for (unsigned i = 0; i < binding.address_count; i++) {
        int bit = health_slot_bit(slot, &member->addresses[i]);
        binding.bits[i] = bit < 0 ? NO_BIT : (uint8_t)bit;
        binding.same_bits = binding.same_bits && bit == (int)i;
    }
    return binding;
}

static size_t count_members(const struct config *config)
{
    size_t count = 0;
    for (size_t i = 0; i < config->service_count; i++)
        count += config->services[i].member_count;
    return count;
}

struct health_view *health_view_create(const struct config *config, const struct health_table *table)
{
    size_t count = count_members(config);
    struct health_view *view = mem_alloc(sizeof *view + count * sizeof *view->bindings);
    atomic_init(&view->unknown, HEALTH_WORD_UNKNOWN);
    for (size_t s = 0; s < config->service_count; s++) {
        const struct config_service *service = &config->services[s];
        for (size_t m = 0; m < service->member_count; m++) {
            const char *site = config->sites[service->members[m].site].name;
            const struct health_slot *slot = table ? health_table_find(table, service->name, site) : NULL;
            struct binding *binding = &view->bindings[view->count++];
            if (slot != NULL) {
                *binding = bind_member(&service->members[m], slot);
            } else {
                *binding = (struct binding){.word = &view->unknown, .same_bits = true};
                view->unbound++;
            }
        }
    }
    return view;
}

void health_view_free(struct health_view *view)
{
    free(view);
}

static uint32_t translate(const struct binding *binding, uint64_t word)
{
    uint32_t up = 0;
    for (unsigned i = 0; i < binding->address_count; i++)
        if (binding->bits[i] == NO_BIT || (word >> binding->bits[i] & 1))
            up |= UINT32_C(1) << i;
    return up;
}

uint32_t health_view_up(const struct health_view *view, size_t member)
{
    const struct binding *binding = &view->bindings[member];
    uint64_t word = atomic_load_explicit(binding->word, memory_order_acquire);
    return binding->same_bits ? (uint32_t)(word & HEALTH_ADDRESSES) : translate(binding, word);
}

size_t health_view_unbound(const struct health_view *view)
{
    return view->unbound;
}
