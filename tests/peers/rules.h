// SPDX-License-Identifier: MIT
/*
 * rules - the differences between Meridian and its peers that are meant to be. Each row has a paragraph in
 * docs/differences.md under its name, with the sentence of the RFC that justifies it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/peers/question.h"
#include "tests/peers/reply.h"

enum rules_peer { RULES_NSD = 1, RULES_KNOT = 2, RULES_BIND = 4, RULES_ALL = 7 };

struct rules_case {
    const struct question *q;
    const struct reply *ours, *theirs;
    const struct name_list *origins; /* of the zones served */
    unsigned differences;            /* enum reply_difference */
};

struct rules_rule {
    const char *name;
    unsigned peers;       /* enum rules_peer: with whom we differ so */
    unsigned differences; /* enum reply_difference: in what */
    bool (*applies)(const struct rules_case *c);
};

extern const struct rules_rule rules_table[];
extern const size_t rules_count;

/* Which of the differences no rule explains; adds 1 to uses[i] for each rule that explains some. */
unsigned rules_unexplained(const struct rules_case *c, enum rules_peer peer, size_t uses[]);
