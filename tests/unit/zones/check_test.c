// SPDX-License-Identifier: MIT
#include "zones/check.h"

#include "tests/unit/zones/fixture.h"
#include "zones/rdata.h"

/* A zone without a finding; the text of a row begins on line 5. */
#define GOOD "$TTL 1h\n@ SOA ns1 host 1 2 3 4 5\n  NS ns1\nns1 A 192.0.2.1\n"
#define SOA  "@ 60 SOA ns1 host 1 2 3 4 5\n"

struct expected {
    enum err_severity severity;
    unsigned line;
    const char *text;
};

struct row {
    const char *message, *zone;
    const char *steer; /* NULL: nothing is */
    struct expected findings[3];
};

static void check_row(const struct row *row)
{
    struct fixture fixture;
    size_t count = 0;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", row->zone);
    if (row->steer)
        fixture_steer(&fixture, row->steer, SERVICE_A);
    struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
    for (; count < COUNT(row->findings) && row->findings[count].text; count++) {
        const struct expected *expected = &row->findings[count];
        ck_assert_msg(fixture.err.count > count, "%s: finding %zu is missing", row->message, count);
        const struct err_finding *finding = &fixture.err.findings[count];
        ck_assert_msg(strstr(finding->text, expected->text) != NULL, "%s: %s", row->message, finding->text);
        ck_assert_msg(finding->place.line == expected->line, "%s: line %u", row->message,
                      finding->place.line);
        ck_assert_msg(finding->severity == expected->severity, "%s: severity", row->message);
    }
    ck_assert_msg(fixture.err.count == count, "%s: %zu findings, the last: %s", row->message,
                  fixture.err.count,
                  fixture.err.count ? fixture.err.findings[fixture.err.count - 1].text : "");
    ck_assert_msg((zones == NULL) == (fixture.err.errors > 0), "%s: loaded or not", row->message);
    zones_free(zones);
    fixture_close(&fixture);
}

START_TEST(rules)
{
    static const struct row rows[] = {
        {"nothing wrong", GOOD, NULL, {{0}}},
        {"empty file", "", NULL, {{ERR_ERROR, 0, "no SOA"}, {ERR_ERROR, 0, "no NS"}}},
        {"no SOA", "$TTL 1\n@ NS a.b.\n", NULL, {{ERR_ERROR, 0, "no SOA"}}},
        {"no NS", SOA, NULL, {{ERR_ERROR, 0, "no NS"}}},
        {"an unreadable SOA is not missing too",
         "$TTL 1\n@ SOA ns1\n",
         NULL,
         {{ERR_ERROR, 2, "bad SOA record"}}},
        {"two SOAs",
         GOOD "@ SOA ns1 host 2 2 3 4 5\n",
         NULL,
         {{ERR_ERROR, 5, "more than one SOA; the first is on line 2"}}},
        {"SOA below the apex", GOOD "x SOA ns1 host 1 2 3 4 5\n", NULL, {{ERR_ERROR, 5, "is not the apex"}}},
        /* RRsets */
        {"duplicate",
         GOOD "x TXT a\nx A 192.0.2.1\nx TXT a\n",
         NULL,
         {{ERR_WARNING, 7, "already, on line 5; dropped"}}},
        {"duplicate but for case of a name",
         GOOD "x MX 1 NS1\nx MX 1 ns1\n",
         NULL,
         {{ERR_WARNING, 6, "dropped"}}},
        {"case of text counts", GOOD "x TXT a\nx TXT A\n", NULL, {{0}}},
        {"duplicate SOA is one SOA", GOOD "@ SOA ns1 host 1 2 3 4 5\n", NULL, {{ERR_WARNING, 5, "dropped"}}},
        {"thrice",
         GOOD "x A 192.0.2.2\nx A 192.0.2.2\nx A 192.0.2.2\n",
         NULL,
         {{ERR_WARNING, 6, "on line 5"}, {ERR_WARNING, 7, "on line 5"}}},
        {"TTLs differ",
         GOOD "x A 192.0.2.2\nx 60 A 192.0.2.3\nx A 192.0.2.4\n",
         NULL,
         {{ERR_WARNING, 6, "the smallest, 60, is used"}}},
        {"TTLs of signatures",
         GOOD "x 30 RRSIG A 8 3 300 20300101000000 20200101000000 1 example.com. AAAA\n"
              "x 60 RRSIG MX 8 3 300 20300101000000 20200101000000 1 example.com. AAAA\n",
         NULL,
         {{0}}},
        /* aliases */
        {"CNAME and other data",
         GOOD "x A 192.0.2.1\nx CNAME y\n",
         NULL,
         {{ERR_ERROR, 6, "CNAME and other data (line 5)"}}},
        {"CNAME at the apex", GOOD "@ CNAME y\n", NULL, {{ERR_ERROR, 5, "CNAME and other data (line 2)"}}},
        {"CNAME and its signature",
         GOOD "x CNAME y\nx RRSIG CNAME 8 3 300 20300101000000 20200101000000 1 example.com. AAAA\n",
         NULL,
         {{0}}},
        {"two CNAMEs", GOOD "x CNAME y\nx CNAME z\n", NULL, {{ERR_ERROR, 6, "more than one CNAME"}}},
        {"two DNAMEs", GOOD "x DNAME y\nx DNAME z\n", NULL, {{ERR_ERROR, 6, "more than one DNAME"}}},
        {"name below a DNAME",
         GOOD "a.b.x A 192.0.2.1\nx DNAME y\n",
         NULL,
         {{ERR_ERROR, 5, "is below \"x.example.com\""}}},
        {"names below a DNAME at the apex",
         GOOD "@ DNAME example.net.\n",
         NULL,
         {{ERR_ERROR, 4, "(line 5)"}}},
        {"DNAME at a delegation",
         GOOD "x NS a.b.\nx DNAME y\n",
         NULL,
         {{ERR_ERROR, 6, "DNAME and a delegation"}}},
        {"delegation below a DNAME", GOOD "x DNAME y\na.x NS a.b.\n", NULL, {{ERR_ERROR, 6, "is below"}}},
        /* name servers */
        {"name server of the apex without address",
         GOOD "@ NS ns2\n",
         NULL,
         {{ERR_WARNING, 5, "\"ns2.example.com\" is in this zone"}}},
        {"missing glue",
         GOOD "x NS ns.x\nx NS ns1\n",
         NULL,
         {{ERR_WARNING, 5, "missing glue: name server \"ns.x.example.com\""}}},
        {"glue that is no address", GOOD "x NS ns.x\nns.x TXT a\n", NULL, {{ERR_WARNING, 5, "missing glue"}}},
        {"address by a wildcard", GOOD "x NS a.w\n*.w A 192.0.2.1\n", NULL, {{0}}},
        {"address by steering", GOOD "@ NS x\n", "x.example.com.", {{0}}},
        {"name servers below a cut are not judged", GOOD "x NS a.b.\ny.x NS n.y.x\n", NULL, {{0}}},
        {"NS at a wildcard", GOOD "*.x NS a.b.\n", NULL, {{ERR_WARNING, 5, "delegates nothing"}}},
        /* steering; the findings are about line 7 of the configuration */
        {"steered alias", GOOD "x CNAME y\n", "x.example.com.", {{ERR_ERROR, 7, "is an alias by its CNAME"}}},
        {"steered cut", GOOD "x NS a.b.\n", "x.example.com.", {{ERR_ERROR, 7, "is delegated"}}},
        {"steered below a cut", GOOD "x NS a.b.\n", "a.b.x.example.com.", {{ERR_ERROR, 7, "is delegated"}}},
        {"steered below a DNAME",
         GOOD "x DNAME y\n",
         "a.x.example.com.",
         {{ERR_ERROR, 7, "is below a DNAME"}}},
        {"steered outside", GOOD, "www.example.net.", {{ERR_ERROR, 7, "is not in zone"}}},
        {"several at once",
         GOOD "x CNAME y\nx CNAME z\nx A 192.0.2.1\n@ NS ns2\n",
         NULL,
         {{ERR_ERROR, 6, "more than one CNAME"}, {ERR_WARNING, 8, "ns2"}, {ERR_ERROR, 5, "other data"}}},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
}
END_TEST

/* 64 KiB: a record of 250 octets of text has 263. */
START_TEST(size_of_an_rrset)
{
    static const struct {
        unsigned records;
        bool fits;
    } rows[] = {{248, true}, {249, false}, {5000, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture fixture;
        fixture_open(&fixture);
        char *text = arena_alloc(fixture.arena, 5000 * 300);
        int at = snprintf(text, 300, "%s", GOOD);
        for (unsigned record = 0; record < rows[i].records; record++)
            at += snprintf(text + at, 300, "big TXT \"%0250u\"\n", record);
        fixture_zone(&fixture, "example.com.", text);
        struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
        ck_assert_msg((zones != NULL) == rows[i].fits, "%u records", rows[i].records);
        ck_assert_uint_eq(fixture.err.count, rows[i].fits ? 0 : 1);
        if (!rows[i].fits) {
            ck_assert_uint_eq(fixture.err.findings[0].place.line, 5);
            ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].text, "does not fit into a DNS message"));
        }
        zones_free(zones);
        fixture_close(&fixture);
    }
}
END_TEST

START_TEST(zone_twice)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", GOOD);
    fixture_zone(&fixture, "example.com.", GOOD);
    ck_assert_ptr_null(zones_build(&fixture.config, NULL, &fixture.err));
    ck_assert_uint_eq(fixture.err.count, 1);
    ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].text, "configured twice"));
    fixture_close(&fixture);
}
END_TEST

CHECK_MAIN("zones/check", rules, size_of_an_rrset, zone_twice)
