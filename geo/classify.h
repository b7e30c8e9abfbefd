// SPDX-License-Identifier: MIT
/*
 * classify - from leaves of places to leaves of classes: a map's rules applied to every network.
 *
 * A class is a distinct preference list. Its item is classify_list_size() octets: the number of sites,
 * the sites, zeroes. Class 0 is the empty list: it marks the ranges that are never looked up (JOIN_DISGUISE).
 */
#pragma once

#include "core/base/err.h"
#include "core/model/config.h"
#include "geo/intern.h"
#include "geo/leaves.h"
#include "geo/rules.h"

#define CLASSIFY_NOBODY 0

static inline size_t classify_list_size(size_t site_count)
{
    return 1 + site_count;
}

/* Classes of all maps share `lists`, an intern set of lists. */
struct intern classify_lists(size_t site_count);

/* The class of clients of no known place. */
uint32_t classify_unknown(const struct rules *rules, struct intern *lists);

/* Appends to the empty `classes` the leaves of one map and family. `places` are the leaves of
 * join_databases(), `set` the places they number. False with an error if there are too many classes. */
bool classify_leaves(const struct rules *rules, enum addr_family family, const struct leaves *places,
                     const struct intern *set, struct intern *lists, struct leaves *classes, struct err *err);
