// SPDX-License-Identifier: MIT
/*
 * health_view - the health table as seen by one configuration: for every member of every service the word
 * of its slot, and which bit of it stands for which of the member's addresses.
 *
 * A view is immutable; the words it points to change under it, and that is the point: the next query after
 * a flip sees the flip. Any thread may call health_view_up(). A view must not outlive its table.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/model/config.h"
#include "core/model/health_table.h"

struct health_view;

/* `table` NULL: nothing is known, every address counts as up. */
struct health_view *health_view_create(const struct config *config, const struct health_table *table);
void health_view_free(struct health_view *view); /* NULL is fine */

/* Which addresses of a member may be answered: bit i stands for config_member.addresses[i]. `member` counts
 * through the members of all services in the order of the configuration (service.first_member). */
uint32_t health_view_up(const struct health_view *view, size_t member);
/* Members without a slot in the table: they count as up until healthd has loaded the same configuration. */
size_t health_view_unbound(const struct health_view *view);
