// SPDX-License-Identifier: MIT
#include "geo/network.h"

#include "tests/unit/geo/fixture.h"

START_TEST(one_family_at_a_time)
{
    const struct config_network_rule rules[] = {{fixture_prefix("128.0.0.0/1"), LIST(FRA)},
                                                {fixture_prefix("2001:db8::/32"), LIST(SIN)},
                                                {fixture_prefix("0.0.0.0/0"), LIST(IAD)},
                                                {fixture_prefix("64.0.0.0/2"), LIST(IAD)}};
    const struct config_map map = {.name = "m", .networks = rules, .network_count = 4};
    struct err err = ERR_INIT;
    struct network_trie trie = network_build(&map, ADDR_V4, &err);
    ck_assert_uint_eq(trie.count, 4);
    ck_assert_int_eq(trie.nodes[0].rule, 2);
    const struct network_node *left = &trie.nodes[trie.nodes[0].child[0]];
    ck_assert_int_eq(left->rule, NETWORK_NONE);
    ck_assert_int_eq(left->child[0], NETWORK_NONE);
    ck_assert_int_eq(trie.nodes[left->child[1]].rule, 3);
    ck_assert_int_eq(trie.nodes[trie.nodes[0].child[1]].rule, 0);
    network_free(&trie);
    trie = network_build(&map, ADDR_V6, &err);
    ck_assert_uint_eq(trie.count, 33);
    ck_assert_int_eq(trie.nodes[32].rule, 1);
    network_free(&trie);
    ck_assert_uint_eq(err.count, 0);
}
END_TEST

CHECK_MAIN("geo/network", one_family_at_a_time)
