// SPDX-License-Identifier: MIT
/* What answers to odd packets may differ in. */
#include <string.h>

#include "tests/peers/predicates.h"

enum { OPCODE_SHIFT = 11, OPCODE_MASK = 0xf, TYPE_META_FIRST = 128, TYPE_META_LAST = 255, FLAG_CD = 0x0010 };

static bool odd(const struct rules_case *c, const char *text)
{
    return c->q->oddity && strcmp(c->q->oddity, text) == 0;
}

bool predicates_error_lacks_question(const struct rules_case *c)
{
    return c->q->oddity && c->theirs->rcode != 0 && c->ours->rcode != 0;
}

bool predicates_error_lacks_opt(const struct rules_case *c)
{
    return c->q->oddity && c->theirs->rcode == LDNS_RCODE_FORMERR && c->ours->rcode == LDNS_RCODE_FORMERR &&
           c->ours->has_opt;
}

bool predicates_opcode_not_implemented(const struct rules_case *c)
{
    unsigned opcode = (unsigned)c->ours->flags >> OPCODE_SHIFT & OPCODE_MASK;
    return opcode != 0 && c->ours->rcode == LDNS_RCODE_NOTIMPL;
}

bool predicates_class_refused(const struct rules_case *c)
{
    return c->q->oddity && c->q->class != LDNS_RR_CLASS_IN && c->ours->rcode == LDNS_RCODE_REFUSED;
}

bool predicates_transfer_refused(const struct rules_case *c)
{
    return (c->q->type == LDNS_RR_TYPE_AXFR || c->q->type == LDNS_RR_TYPE_IXFR) &&
           (c->ours->rcode == LDNS_RCODE_REFUSED || c->ours->rcode == LDNS_RCODE_NOTAUTH);
}

static bool is_meta(unsigned type)
{
    return type == 0 || type == LDNS_RR_TYPE_OPT || (type >= TYPE_META_FIRST && type <= TYPE_META_LAST);
}

bool predicates_meta_type(const struct rules_case *c)
{
    return c->q->oddity && is_meta(c->q->type) && !predicates_transfer_refused(c);
}

bool predicates_checking_disabled(const struct rules_case *c)
{
    return odd(c, "flag CD") && ((c->ours->flags ^ c->theirs->flags) & ~0x0400) == FLAG_CD;
}

bool predicates_query_with_noise(const struct rules_case *c)
{
    return (odd(c, "rcode set") || odd(c, "record in the answer section")) &&
           c->theirs->rcode == LDNS_RCODE_FORMERR;
}

bool predicates_trailing_octets(const struct rules_case *c)
{
    return odd(c, "trailing octets") && c->theirs->rcode == LDNS_RCODE_FORMERR;
}

bool predicates_owned_opt(const struct rules_case *c)
{
    return odd(c, "OPT with an owner") && c->ours->rcode == LDNS_RCODE_FORMERR;
}

bool predicates_unanswered(const struct rules_case *c)
{
    return c->q->oddity && c->theirs->size == 0 && c->ours->packet && c->ours->rcode == LDNS_RCODE_FORMERR;
}
