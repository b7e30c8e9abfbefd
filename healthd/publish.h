// SPDX-License-Identifier: MIT
/*
 * publish - healthd's side of the health table: one slot per member of a service, numbered as in
 * struct targets. A word is stored only when it changes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/model/health_table.h"
#include "healthd/target.h"

struct publish;

/* Creates the table at `path` with the words that the verdicts of `targets` give. NULL on failure: a table
 * already there is then untouched. */
struct publish *publish_create(const char *path, const struct targets *targets, struct err *err);
/* The word that the verdicts of a slot's targets give now. True if that was news. */
bool publish_slot(struct publish *publish, const struct targets *targets, size_t slot);
void publish_beat(struct publish *publish, uint64_t monotonic_ns);
/* The table stays as the last word. NULL is fine. */
void publish_free(struct publish *publish);

/* Gives targets without a verdict the one that an earlier healthd left in its table, so that a restart forgets
 * nothing. Returns how many are down. */
size_t publish_recall(struct targets *targets, const struct health_table *previous);
