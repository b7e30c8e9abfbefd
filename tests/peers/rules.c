// SPDX-License-Identifier: MIT
#include "tests/peers/rules.h"

#include "tests/peers/predicates.h"

enum {
    RECORDS = REPLY_ANSWERS | REPLY_AUTHORITIES | REPLY_GLUE,
    OUTCOME = REPLY_RCODE | REPLY_AA | REPLY_QUESTION | REPLY_EDNS | RECORDS,
    NSD_BIND = RULES_NSD | RULES_BIND,
    KNOT_BIND = RULES_KNOT | RULES_BIND,
    NSD_KNOT = RULES_NSD | RULES_KNOT,
};

const struct rules_rule rules_table[] = {
    {"chain-across-zones", KNOT_BIND, RECORDS | REPLY_RCODE | REPLY_TC, predicates_stopped_at_zone},
    {"dname-into-itself", RULES_NSD, RECORDS | REPLY_TC, predicates_dname_leads_to_itself},
    {"chain-limit", RULES_ALL, RECORDS | REPLY_RCODE | REPLY_TC, predicates_chain_too_long},
    {"loop-is-no-failure", RULES_BIND, REPLY_RCODE, predicates_loop_is_failure},
    {"dname-yxdomain", RULES_KNOT, REPLY_RCODE | REPLY_AUTHORITIES, predicates_dname_too_long},
    {"soa-or-tc", RULES_KNOT, REPLY_TC, predicates_soa_left_out},
    {"dname-size", RULES_BIND, REPLY_TC, predicates_dname_takes_room},
    {"glue-or-tc", NSD_BIND, REPLY_TC, predicates_glue_left_out},
    {"fits-here", RULES_ALL, REPLY_TC, predicates_they_cut},
    {"rcode-of-the-end", RULES_KNOT, REPLY_RCODE, predicates_rcode_of_what_fits},
    {"authoritative-addresses", RULES_BIND, REPLY_GLUE, predicates_authoritative_addresses_left_out},
    {"any-below-dname", RULES_BIND, RECORDS | REPLY_RCODE, predicates_any_stops_at_dname},
    {"any-one-rrset", RULES_ALL, REPLY_ANSWERS | REPLY_TC, predicates_any_is_one},
    {"steered", RULES_ALL, REPLY_ANSWERS, predicates_is_steered},
    {"opcodes", RULES_ALL, OUTCOME, predicates_opcode_not_implemented},
    {"classes", RULES_ALL, OUTCOME, predicates_class_refused},
    {"meta-types", NSD_KNOT, OUTCOME, predicates_meta_type},
    {"transfers", NSD_KNOT, OUTCOME, predicates_transfer_refused},
    {"checking-disabled", RULES_BIND, REPLY_FLAGS, predicates_checking_disabled},
    {"noise-in-a-query", RULES_NSD, OUTCOME, predicates_query_with_noise},
    {"trailing-octets", RULES_KNOT, OUTCOME, predicates_trailing_octets},
    {"owned-opt", RULES_KNOT, OUTCOME, predicates_owned_opt},
    {"formerr-with-opt", RULES_ALL, REPLY_EDNS, predicates_error_lacks_opt},
    {"errors-with-question", RULES_NSD, REPLY_QUESTION, predicates_error_lacks_question},
    {"formerr-not-silence", RULES_KNOT, REPLY_SILENCE, predicates_unanswered},
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
