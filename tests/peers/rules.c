// SPDX-License-Identifier: MIT
#include "tests/peers/rules.h"

#include <string.h>

enum { FLAG_TC = 0x0200, TYPE_ANY = 255 };

/* --- ANY ---------------------------------------------------------------------------------------------------- */

static bool any_subset(const struct rules_case *c)
{
    const struct reply_records *ours = &c->ours->sections[REPLY_ANSWER];
    if (c->q->type != TYPE_ANY)
        return false;
    for (size_t i = 0; i < ours->count; i++)
        if (!reply_has(&c->theirs->sections[REPLY_ANSWER], ours->records[i].text))
            return false;
    return ours->count > 0;
}

const struct rules_rule rules_table[] = {
    {"any-one-rrset", RULES_ALL, REPLY_ANSWERS | REPLY_TC, any_subset},
};
const size_t rules_count = sizeof rules_table / sizeof *rules_table;

unsigned rules_unexplained(const struct rules_case *c, enum rules_peer peer, size_t uses[])
{
    unsigned left = c->differences;
    for (size_t i = 0; i < rules_count; i++) {
        const struct rules_rule *rule = &rules_table[i];
        if (!(rule->peers & peer) || !(rule->differences & left) || !rule->applies(c))
            continue;
        left &= ~rule->differences;
        uses[i]++;
    }
    return left;
}
