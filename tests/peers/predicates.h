// SPDX-License-Identifier: MIT
/*
 * predicates - when a rule of rules.c may explain a difference. Each is narrow: it looks at both answers, and says yes
 * to what docs/differences.md describes and to nothing else.
 */
#pragma once

#include "tests/peers/rules.h"

/* Well-formed queries. */
bool predicates_stopped_at_zone(const struct rules_case *c);
bool predicates_chain_too_long(const struct rules_case *c);
bool predicates_loop_is_failure(const struct rules_case *c);
bool predicates_dname_leads_to_itself(const struct rules_case *c);
bool predicates_dname_too_long(const struct rules_case *c);
bool predicates_dname_takes_room(const struct rules_case *c);
bool predicates_glue_left_out(const struct rules_case *c);
bool predicates_soa_left_out(const struct rules_case *c);
bool predicates_they_cut(const struct rules_case *c);
bool predicates_rcode_of_what_fits(const struct rules_case *c);
bool predicates_authoritative_addresses_left_out(const struct rules_case *c);
bool predicates_any_is_one(const struct rules_case *c);
bool predicates_any_stops_at_dname(const struct rules_case *c);
bool predicates_is_steered(const struct rules_case *c);

/* Odd packets. */
bool predicates_error_lacks_question(const struct rules_case *c);
bool predicates_error_lacks_opt(const struct rules_case *c);
bool predicates_opcode_not_implemented(const struct rules_case *c);
bool predicates_class_refused(const struct rules_case *c);
bool predicates_transfer_refused(const struct rules_case *c);
bool predicates_meta_type(const struct rules_case *c);
bool predicates_checking_disabled(const struct rules_case *c);
bool predicates_query_with_noise(const struct rules_case *c);
bool predicates_trailing_octets(const struct rules_case *c);
bool predicates_owned_opt(const struct rules_case *c);
bool predicates_unanswered(const struct rules_case *c);
