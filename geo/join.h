// SPDX-License-Identifier: MIT
/*
 * join - all databases as one longest-prefix table of places, one address family at a time.
 *
 * One recursion walks the trees of all databases at once, splitting wherever any of them splits, and visits
 * each node once: linear in the databases. Each leaf becomes the number of a joined place.
 *
 * The IPv6 table has no places for addresses that count as IPv4 (geo/disguise.h): such a range is a leaf
 * of its own, JOIN_DISGUISE, so that no other leaf, and no scope, ever covers part of it. Databases alias
 * these ranges to their IPv4 tree, which is thus walked only once; nor is it walked at ::/96, where it lies.
 */
#pragma once

#include <stdbool.h>

#include "core/base/addr.h"
#include "core/base/err.h"
#include "geo/database.h"
#include "geo/intern.h"
#include "geo/leaves.h"
#include "geo/memo.h"

/* Numbers of places that are always there. */
#define JOIN_UNKNOWN  0
#define JOIN_DISGUISE LEAVES_VALUE_MAX

/* Places and their numbers, shared by the families. */
struct join_places {
    struct intern set; /* struct geo_place */
    struct memo pairs; /* two numbers that were joined: the result's */
    unsigned wanted;   /* enum place_wanted */
};

struct join_places join_places_of(unsigned wanted);
void join_places_free(struct join_places *places);

/* Appends the leaves of `family` to the empty `leaves`. False with an error if a database is corrupt or too
 * large; the caller frees `leaves` in either case. */
bool join_databases(struct databases *databases, enum addr_family family, struct join_places *places,
                    struct leaves *leaves, struct err *err);
