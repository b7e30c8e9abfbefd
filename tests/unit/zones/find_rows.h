// SPDX-License-Identifier: MIT
/* What the tests of zones_find() share: rows of a name, a type and what is to be found. */
#pragma once

#include "tests/unit/zones/fixture.h"
#include "zones/rdata.h"
#include "zones/zones.h"

#define TXT 16
#define SRV 33

#define SOA_NS "$TTL 1h\n@ SOA ns.example.net. host.example.net. 1 2 3 4 5\n@ NS ns.example.net.\n"

struct row {
    const char *message, *name;
    unsigned type;
    enum zones_outcome outcome;
    const char *node; /* owner; NULL: none */
    bool wildcard;
    const char *zone; /* NULL: not looked at */
};

static inline const char *name_of(const uint8_t *name, char text[DNAME_TEXT_MAX])
{
    return name ? dname_format(name, text) : "none";
}

static inline void check_row(const struct zones *zones, const struct row *row)
{
    char text[DNAME_TEXT_MAX];
    uint8_t name[DNAME_MAX];
    const char *why = "";
    size_t length = dname_parse(row->name, NULL, name, &why);
    ck_assert_msg(length > 0, "%s: %s", row->message, why);

    struct zones_match match = zones_find(zones, name, length, (uint16_t)row->type);
    ck_assert_msg(match.outcome == row->outcome, "%s: outcome %d", row->message, (int)match.outcome);
    const char *node = name_of(match.node ? match.node->owner : NULL, text);
    ck_assert_msg(strcmp(node, row->node ? row->node : "none") == 0, "%s: node %s", row->message, node);
    ck_assert_msg(match.wildcard == row->wildcard, "%s: wildcard %d", row->message, match.wildcard);
    ck_assert_msg((match.zone != NULL) == (row->outcome != ZONES_NOT_HERE), "%s: zone", row->message);
    if (row->zone)
        ck_assert_msg(strcmp(match.zone->name, row->zone) == 0, "%s: zone %s", row->message,
                      match.zone->name);

    unsigned expected = match.outcome == ZONES_REFERRAL ? RDATA_NS
                        : match.outcome == ZONES_CNAME  ? RDATA_CNAME
                        : match.outcome == ZONES_DNAME  ? RDATA_DNAME
                                                        : row->type;
    bool has_rrset = match.outcome == ZONES_ANSWER || match.outcome == ZONES_REFERRAL ||
                     match.outcome == ZONES_CNAME || match.outcome == ZONES_DNAME;
    ck_assert_msg((match.rrset != NULL) == has_rrset, "%s: rrset", row->message);
    ck_assert_msg(!has_rrset || expected == RDATA_ANY || match.rrset->type == expected, "%s: type of rrset",
                  row->message);
}

static inline void check_rows(const struct zones *zones, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_row(zones, &rows[i]);
}
