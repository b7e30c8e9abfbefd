// SPDX-License-Identifier: MIT
/*
 * pattern - regular expressions (POSIX extended) over octets that strangers send.
 *
 * A search takes time linear in the octets, so that no text can stall the caller: the expression is matched from
 * the start only, behind a prefix that skips anything. Back references, which no automaton can follow in linear
 * time, are refused. `^` and `$` stand for the two ends of the octets; `.` matches any but NUL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_TEXT_MAX 512
#define PATTERN_WHY_MAX  80

struct pattern;

/* NULL if `text` is no expression; `why` then says what is wrong with it. */
struct pattern *pattern_create(const char *text, char why[PATTERN_WHY_MAX]);
void pattern_free(struct pattern *pattern); /* NULL is fine */
/* A NUL must follow the octets, which may hold others: regexec(3) promises to heed `size`, but not everything that
 * watches over its arguments does. */
bool pattern_occurs(const struct pattern *pattern, const char *octets, size_t size);
