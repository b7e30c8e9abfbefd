// SPDX-License-Identifier: MIT
#include "zones/zones.h"

#include "tests/unit/zones/fixture.h"
#include "zones/rdata.h"

#define TXT 16
#define SRV 33

#define SOA_NS "$TTL 1h\n@ SOA ns.example.net. host.example.net. 1 2 3 4 5\n@ NS ns.example.net.\n"

/* RFC 4592 section 2.2.1, as it stands; its <SOA RDATA> and <SRV RDATA> filled in. */
static const char RFC4592[] =
    "$ORIGIN example.\n"
    "example.                 3600 IN  SOA   ns.example.com. host.example.com. 1 2 3 4 5\n"
    "example.                 3600     NS    ns.example.com.\n"
    "example.                 3600     NS    ns.example.net.\n"
    "*.example.               3600     TXT   \"this is a wildcard\"\n"
    "*.example.               3600     MX    10 host1.example.\n"
    "sub.*.example.           3600     TXT   \"this is not a wildcard\"\n"
    "host1.example.           3600     A     192.0.2.1\n"
    "_ssh._tcp.host1.example. 3600     SRV   0 0 22 host1.example.\n"
    "_ssh._tcp.host2.example. 3600     SRV   0 0 22 host1.example.\n"
    "subdel.example.          3600     NS    ns.example.com.\n"
    "subdel.example.          3600     NS    ns.example.net.\n";

static const char PARENT[] = SOA_NS "@ A 192.0.2.9\n"
                                    "@ TXT \"apex\"\n"
                                    "WWW A 192.0.2.9\n"
                                    "api TXT \"beside\"\n"
                                    "alias CNAME www\n"
                                    "*.alias.w CNAME www\n"
                                    "a.deep.ent A 192.0.2.1\n"
                                    "*.wild.ent A 192.0.2.1\n"
                                    "moved DNAME example.org.\n"
                                    "moved TXT \"here\"\n"
                                    "cut NS ns.cut\n"
                                    "cut NS ns.sibling\n"
                                    "cut DS 1 8 2 " /* any digest */
                                    "0000000000000000000000000000000000000000000000000000000000000000\n"
                                    "ns.cut A 192.0.2.53\n"
                                    "nested.cut NS ns.example.net.\n"
                                    "*.cut TXT \"occluded\"\n"
                                    "sibling NS ns.sibling\n"
                                    "ns.sibling AAAA 2001:db8::53\n"
                                    "child NS ns.child\n"
                                    "child DS 2 8 2 "
                                    "0000000000000000000000000000000000000000000000000000000000000000\n"
                                    "ns.child A 192.0.2.54\n"
                                    "ghost.child TXT \"shadowed by the zone child.example.com\"\n"
                                    "ghost.lonely TXT \"shadowed, and no delegation\"\n";

static const char CHILD[] = SOA_NS "ns A 192.0.2.54\nonly TXT \"child\"\n";
static const char LONELY[] = SOA_NS "x A 192.0.2.1\n"; /* its parent here does not delegate it */
static const char ORG[] = SOA_NS "moved A 192.0.2.2\n";

struct row {
    const char *message, *name;
    unsigned type;
    enum zones_outcome outcome;
    const char *node; /* owner; NULL: none */
    bool wildcard;
    const char *zone; /* NULL: not looked at */
};

static const char *name_of(const uint8_t *name, char text[DNAME_TEXT_MAX])
{
    return name ? dname_format(name, text) : "none";
}

static void check_row(const struct zones *zones, const struct row *row)
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

static void check_rows(const struct zones *zones, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_row(zones, &rows[i]);
}

START_TEST(rfc4592_example)
{
    static const struct row rows[] = {
        /* "The following responses would be synthesized from one of the wildcards" */
        {"QNAME=host3.example. QTYPE=MX", "host3.example.", RDATA_MX, ZONES_ANSWER, "*.example", true, NULL},
        {"QNAME=host3.example. QTYPE=A", "host3.example.", RDATA_A, ZONES_NODATA, "*.example", true, NULL},
        {"QNAME=foo.bar.example. QTYPE=TXT", "foo.bar.example.", TXT, ZONES_ANSWER, "*.example", true, NULL},
        /* "The following responses would not be synthesized from any of the wildcards" */
        {"host1 exists", "host1.example.", RDATA_MX, ZONES_NODATA, "host1.example", false, NULL},
        {"sub.* exists", "sub.*.example.", RDATA_MX, ZONES_NODATA, "sub.*.example", false, NULL},
        {"_tcp.host1 exists", "_telnet._tcp.host1.example.", SRV, ZONES_NXDOMAIN, NULL, false, NULL},
        {"subdel is a cut", "host.subdel.example.", RDATA_A, ZONES_REFERRAL, "subdel.example", false, NULL},
        {"*.example exists", "ghost.*.example.", RDATA_MX, ZONES_NXDOMAIN, NULL, false, NULL},
        /* section 2.2.2 and 2.2.3 */
        {"the asterisk asked for itself", "*.example.", TXT, ZONES_ANSWER, "*.example", false, NULL},
        {"host2 is an empty non-terminal", "host2.example.", TXT, ZONES_NODATA, "host2.example", false, NULL},
        {"_tcp.host2 too", "_tcp.host2.example.", SRV, ZONES_NODATA, "_tcp.host2.example", false, NULL},
        {"below an empty non-terminal", "x.host2.example.", TXT, ZONES_NXDOMAIN, NULL, false, NULL},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.", RFC4592);
    struct zones *zones = fixture_build(&fixture);
    check_rows(zones, rows, COUNT(rows));
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

START_TEST(all_outcomes)
{
    static const struct row rows[] = {
        {"plain", "api.example.com.", TXT, ZONES_ANSWER, "api.example.com", false, "example.com."},
        {"owner in capitals", "www.example.com.", RDATA_MX, ZONES_NODATA, "www.example.com", false, NULL},
        {"no such name", "nope.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false, "example.com."},
        {"in no zone", "example.net.", RDATA_A, ZONES_NOT_HERE, NULL, false, NULL},
        {"above every zone", "com.", RDATA_A, ZONES_NOT_HERE, NULL, false, NULL},
        {"the root, not served", ".", RDATA_NS, ZONES_NOT_HERE, NULL, false, NULL},
        {"ends like a zone", "xexample.com.", RDATA_A, ZONES_NOT_HERE, NULL, false, NULL},
        /* aliases */
        {"CNAME", "alias.example.com.", RDATA_A, ZONES_CNAME, "alias.example.com", false, NULL},
        {"CNAME asked for", "alias.example.com.", RDATA_CNAME, ZONES_ANSWER, "alias.example.com", false,
         NULL},
        {"CNAME for ANY", "alias.example.com.", RDATA_ANY, ZONES_ANSWER, "alias.example.com", false, NULL},
        {"below a CNAME", "x.alias.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false, NULL},
        {"wildcard CNAME", "q.alias.w.example.com.", RDATA_A, ZONES_CNAME, "*.alias.w.example.com", true,
         NULL},
        {"below a DNAME", "a.b.moved.example.com.", RDATA_A, ZONES_DNAME, "moved.example.com", false, NULL},
        {"DNAME's own data", "moved.example.com.", TXT, ZONES_ANSWER, "moved.example.com", false, NULL},
        {"DNAME's owner", "moved.example.com.", RDATA_A, ZONES_NODATA, "moved.example.com", false, NULL},
        {"DNAME asked for", "moved.example.com.", RDATA_DNAME, ZONES_ANSWER, "moved.example.com", false,
         NULL},
        {"DNAME below itself", "x.moved.example.com.", RDATA_DNAME, ZONES_DNAME, "moved.example.com", false,
         NULL},
        /* empty non-terminals */
        {"ent", "ent.example.com.", RDATA_A, ZONES_NODATA, "ent.example.com", false, NULL},
        {"deep.ent", "deep.ent.example.com.", RDATA_ANY, ZONES_NODATA, "deep.ent.example.com", false, NULL},
        {"beside in an ent", "b.deep.ent.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false, NULL},
        {"wildcard below an ent", "b.wild.ent.example.com.", RDATA_A, ZONES_ANSWER, "*.wild.ent.example.com",
         true, NULL},
        {"far below the wildcard", "c.b.wild.ent.example.com.", RDATA_ANY, ZONES_ANSWER,
         "*.wild.ent.example.com", true, NULL},
        {"the wildcard's parent", "wild.ent.example.com.", RDATA_A, ZONES_NODATA, "wild.ent.example.com",
         false, NULL},
        /* delegations */
        {"cut", "cut.example.com.", RDATA_A, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"cut, NS", "cut.example.com.", RDATA_NS, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"cut, ANY", "cut.example.com.", RDATA_ANY, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"cut, DS", "cut.example.com.", RDATA_DS, ZONES_ANSWER, "cut.example.com", false, NULL},
        {"cut without DS", "sibling.example.com.", RDATA_DS, ZONES_NODATA, "sibling.example.com", false,
         NULL},
        {"below a cut", "a.b.cut.example.com.", TXT, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"below a cut, DS", "a.cut.example.com.", RDATA_DS, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"glue", "ns.cut.example.com.", RDATA_A, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"glue, DS", "ns.cut.example.com.", RDATA_DS, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"cut below a cut", "x.nested.cut.example.com.", RDATA_A, ZONES_REFERRAL, "cut.example.com", false,
         NULL},
        {"cut below a cut, DS", "nested.cut.example.com.", RDATA_DS, ZONES_REFERRAL, "cut.example.com", false,
         NULL},
        /* parent and child */
        {"child's apex", "child.example.com.", RDATA_SOA, ZONES_ANSWER, "child.example.com", false,
         "child.example.com."},
        {"child's NS", "child.example.com.", RDATA_NS, ZONES_ANSWER, "child.example.com", false,
         "child.example.com."},
        {"child's DS", "child.example.com.", RDATA_DS, ZONES_ANSWER, "child.example.com", false,
         "example.com."},
        {"in the child", "only.child.example.com.", TXT, ZONES_ANSWER, "only.child.example.com", false,
         "child.example.com."},
        {"glue is data in the child", "ns.child.example.com.", RDATA_A, ZONES_ANSWER, "ns.child.example.com",
         false, "child.example.com."},
        {"not in the child", "nope.child.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false,
         "child.example.com."},
        {"the parent's data there is not seen", "ghost.child.example.com.", TXT, ZONES_NXDOMAIN, NULL, false,
         "child.example.com."},
        {"child without delegation", "x.lonely.example.com.", RDATA_A, ZONES_ANSWER, "x.lonely.example.com",
         false, "lonely.example.com."},
        {"its DS", "lonely.example.com.", RDATA_DS, ZONES_NODATA, "lonely.example.com", false,
         "lonely.example.com."},
        {"apex without parent here, DS", "example.com.", RDATA_DS, ZONES_NODATA, "example.com", false,
         "example.com."},
        {"sibling zone", "moved.example.org.", RDATA_A, ZONES_ANSWER, "moved.example.org", false,
         "example.org."},
        /* steering */
        {"steered apex", "example.com.", RDATA_A, ZONES_STEERED, "example.com", false, NULL},
        {"steered apex, AAAA", "example.com.", RDATA_AAAA, ZONES_STEERED, "example.com", false, NULL},
        {"steered apex, SOA", "example.com.", RDATA_SOA, ZONES_ANSWER, "example.com", false, NULL},
        {"steered apex, MX", "example.com.", RDATA_MX, ZONES_NODATA, "example.com", false, NULL},
        {"steered over its fallback", "www.example.com.", RDATA_A, ZONES_STEERED, "www.example.com", false,
         NULL},
        {"family the service lacks", "www.example.com.", RDATA_AAAA, ZONES_NODATA, "www.example.com", false,
         NULL},
        {"steered with only fallback, ANY", "www.example.com.", RDATA_ANY, ZONES_STEERED, "www.example.com",
         false, NULL},
        {"steered with other data, ANY", "api.example.com.", RDATA_ANY, ZONES_ANSWER, "api.example.com",
         false, NULL},
        {"steered, only here", "new.name.example.com.", RDATA_AAAA, ZONES_STEERED, "new.name.example.com",
         false, NULL},
        {"steered, other family", "new.name.example.com.", RDATA_A, ZONES_NODATA, "new.name.example.com",
         false, NULL},
        {"above it", "name.example.com.", RDATA_A, ZONES_NODATA, "name.example.com", false, NULL},
        {"steered wildcard", "joe.users.example.com.", RDATA_A, ZONES_STEERED, "*.users.example.com", true,
         NULL},
        {"steered wildcard, deeper", "a.joe.users.example.com.", RDATA_ANY, ZONES_STEERED,
         "*.users.example.com", true, NULL},
        {"steered wildcard, TXT", "joe.users.example.com.", TXT, ZONES_NODATA, "*.users.example.com", true,
         NULL},
        {"steered wildcard itself", "*.users.example.com.", RDATA_A, ZONES_STEERED, "*.users.example.com",
         false, NULL},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "child.example.com.", CHILD); /* before its parent: the order must not matter */
    fixture_zone(&fixture, "example.com.", PARENT);
    fixture_steer(&fixture, "example.com.", SERVICE_BOTH);
    fixture_steer(&fixture, "www.example.com.", SERVICE_A);
    fixture_steer(&fixture, "api.example.com.", SERVICE_A);
    fixture_steer(&fixture, "new.name.example.com.", SERVICE_AAAA);
    fixture_steer(&fixture, "*.users.example.com.", SERVICE_A);
    fixture_zone(&fixture, "lonely.example.com.", LONELY);
    fixture_zone(&fixture, "example.org.", ORG);
    struct zones *zones = fixture_build(&fixture);
    check_rows(zones, rows, COUNT(rows));

    struct zones_match match = zones_find(zones, fixture_name(&fixture, "a.users.example.com."), 21, RDATA_A);
    ck_assert_int_eq(match.node->service, SERVICE_A);
    ck_assert(match.node->steers_a && !match.node->steers_aaaa);
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

START_TEST(root_zone)
{
    static const struct row rows[] = {
        {"root apex", ".", RDATA_SOA, ZONES_ANSWER, ".", false, "."},
        {"no such top-level domain", "nope.", RDATA_A, ZONES_NXDOMAIN, NULL, false, "."},
        {"delegation", "a.b.net.", RDATA_A, ZONES_REFERRAL, "net", false, "."},
        {"the root's DS", ".", RDATA_DS, ZONES_NODATA, ".", false, "."},
        {"a zone below", "nope.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false, "example.com."},
        {"between the root and it", "com.", RDATA_A, ZONES_REFERRAL, "com", false, "."},
        /* The root's file knows nothing of a cut at example.com itself. */
        {"DS of a zone that the root does not delegate", "example.com.", RDATA_DS, ZONES_NODATA,
         "example.com", false, "example.com."},
        {"deeper than anything here", "a.b.c.d.e.f.g.h.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false,
         "example.com."},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, ".",
                 SOA_NS "net NS ns.example.org.\ncom NS ns.example.org.\norg NS ns.example.org.\n"
                        "ns.example.net A 192.0.2.1\n");
    fixture_zone(&fixture, "example.com.", SOA_NS);
    struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
    ck_assert_ptr_nonnull(zones); /* glue is missing on purpose: warnings */
    check_rows(zones, rows, COUNT(rows));
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

START_TEST(dname_at_the_apex)
{
    static const struct row rows[] = {
        {"apex", "example.org.", RDATA_SOA, ZONES_ANSWER, "example.org", false, NULL},
        {"apex, DNAME", "example.org.", RDATA_DNAME, ZONES_ANSWER, "example.org", false, NULL},
        {"below", "a.b.example.org.", RDATA_A, ZONES_DNAME, "example.org", false, NULL},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.org.", SOA_NS "@ DNAME example.com.\n");
    struct zones *zones = fixture_build(&fixture);
    check_rows(zones, rows, COUNT(rows));
    struct zones_match match = zones_find(zones, fixture_name(&fixture, "a.example.org."), 15, RDATA_A);
    ck_assert_mem_eq(match.rrset->target, "\7example\3com", 13);
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

/* A wildcard that owns NS is data, with a warning (RFC 4592 section 4.2). */
START_TEST(wildcard_with_ns)
{
    static const struct row rows[] = {
        {"NS", "a.example.com.", RDATA_NS, ZONES_ANSWER, "*.example.com", true, NULL},
        {"A", "a.example.com.", RDATA_A, ZONES_NODATA, "*.example.com", true, NULL},
        {"asked for itself", "*.example.com.", RDATA_NS, ZONES_ANSWER, "*.example.com", false, NULL},
        {"below it", "a.*.example.com.", RDATA_NS, ZONES_NXDOMAIN, NULL, false, NULL},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", SOA_NS "* NS ns.example.net.\n");
    struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
    ck_assert_ptr_nonnull(zones);
    ck_assert_uint_eq(fixture.err.warnings, 1);
    check_rows(zones, rows, COUNT(rows));
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

/* Wildcards where one would not look for them. */
START_TEST(wildcards)
{
    static const struct row rows[] = {
        /* RFC 4592 section 2.1.1: any label of a name may be an asterisk, only the first makes a wildcard. */
        {"deep", "q.a.b.c.example.com.", RDATA_A, ZONES_ANSWER, "*.a.b.c.example.com", true, NULL},
        {"its parent", "a.b.c.example.com.", RDATA_A, ZONES_NODATA, "a.b.c.example.com", false, NULL},
        {"beside its parent", "x.b.c.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false, NULL},
        {"wildcard below a wildcard", "q.*.two.example.com.", TXT, ZONES_ANSWER, "*.*.two.example.com", true,
         NULL},
        {"the outer of the two", "q.two.example.com.", TXT, ZONES_NODATA, "*.two.example.com", true, NULL},
        {"deep below the outer", "p.q.two.example.com.", TXT, ZONES_NODATA, "*.two.example.com", true, NULL},
        {"the inner asked for itself", "*.*.two.example.com.", TXT, ZONES_ANSWER, "*.*.two.example.com",
         false, NULL},
        {"an asterisk inside", "x.*.in.example.com.", RDATA_A, ZONES_ANSWER, "x.*.in.example.com", false,
         NULL},
        /* RFC 4592 section 2.2.2 and 3.3.1: a source of synthesis that owns nothing. */
        {"empty non-terminal wildcard", "q.in.example.com.", RDATA_A, ZONES_NODATA, "*.in.example.com", true,
         NULL},
        {"deeper", "p.q.in.example.com.", RDATA_ANY, ZONES_NODATA, "*.in.example.com", true, NULL},
        {"the child of what does not exist", "x.q.in.example.com.", RDATA_A, ZONES_NODATA, "*.in.example.com",
         true, NULL},
        /* The closest encloser's wildcard, not that of one above. */
        {"an existing name between", "q.exists.example.com.", TXT, ZONES_NXDOMAIN, NULL, false, NULL},
        {"an empty non-terminal between", "q.b.c.example.com.", TXT, ZONES_NXDOMAIN, NULL, false, NULL},
        {"nothing between", "q.r.example.com.", TXT, ZONES_ANSWER, "*.example.com", true, NULL},
        {"another type", "q.example.com.", RDATA_AAAA, ZONES_NODATA, "*.example.com", true, NULL},
        {"DS", "q.example.com.", RDATA_DS, ZONES_NODATA, "*.example.com", true, NULL},
        {"ANY", "q.example.com.", RDATA_ANY, ZONES_ANSWER, "*.example.com", true, NULL},
        /* RFC 4592 sections 4.3 and 4.4. */
        {"CNAME", "q.alias.example.com.", RDATA_A, ZONES_CNAME, "*.alias.example.com", true, NULL},
        {"CNAME, DS", "q.alias.example.com.", RDATA_DS, ZONES_CNAME, "*.alias.example.com", true, NULL},
        {"CNAME asked for", "p.q.alias.example.com.", RDATA_CNAME, ZONES_ANSWER, "*.alias.example.com", true,
         NULL},
        {"CNAME, ANY", "q.alias.example.com.", RDATA_ANY, ZONES_ANSWER, "*.alias.example.com", true, NULL},
        {"DNAME redirects nothing that it synthesizes", "p.q.away.example.com.", RDATA_A, ZONES_NODATA,
         "*.away.example.com", true, NULL},
        {"DNAME asked for", "q.away.example.com.", RDATA_DNAME, ZONES_ANSWER, "*.away.example.com", true,
         NULL},
        {"below the asterisk itself", "q.*.away.example.com.", RDATA_A, ZONES_DNAME, "*.away.example.com",
         false, NULL},
        /* RFC 4592 section 4.2: a delegation below a wildcard is one. */
        {"a cut below an asterisk", "q.cut.*.del.example.com.", RDATA_A, ZONES_REFERRAL,
         "cut.*.del.example.com", false, NULL},
        {"what the wildcard covers is none", "cut.q.del.example.com.", RDATA_A, ZONES_NODATA,
         "*.del.example.com", true, NULL},
        /* RFC 4592 section 4.2: names below a cut are out of its reach. */
        {"below a cut", "q.cut.example.com.", TXT, ZONES_REFERRAL, "cut.example.com", false, NULL},
        {"an occluded wildcard", "q.p.cut.example.com.", TXT, ZONES_REFERRAL, "cut.example.com", false, NULL},
        /* Another zone begins at the wildcard's name. */
        {"wildcard that is an apex, itself", "*.zone.example.com.", RDATA_SOA, ZONES_ANSWER,
         "*.zone.example.com", false, "*.zone.example.com."},
        {"nothing is synthesized across a cut", "q.zone.example.com.", TXT, ZONES_NXDOMAIN, NULL, false,
         "example.com."},
        {"below that apex", "q.*.zone.example.com.", RDATA_A, ZONES_NXDOMAIN, NULL, false,
         "*.zone.example.com."},
        {"its DS", "*.zone.example.com.", RDATA_DS, ZONES_NODATA, "*.zone.example.com", false,
         "*.zone.example.com."},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.",
                 SOA_NS
                 "* TXT any\n*.a.b.c A 192.0.2.1\n*.*.two TXT x\nx.*.in A 192.0.2.1\nexists A 192.0.2.1\n"
                 "*.alias CNAME www.example.net.\n*.away DNAME example.net.\ncut.*.del NS a.example.net.\n"
                 "cut NS a.example.net.\n*.p.cut TXT occluded\n*.zone TXT shadowed\n");
    fixture_zone(&fixture, "*.zone.example.com.", SOA_NS);
    struct zones *zones = fixture_build(&fixture);
    check_rows(zones, rows, COUNT(rows));
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

#define DIGEST "8 2 0000000000000000000000000000000000000000000000000000000000000000\n"

/* DS questions wherever a cut may be: RFC 4035 section 3.1.4.1. */
START_TEST(ds_at_cuts)
{
    static const struct row rows[] = {
        {"secure child that is here", "in.example.", RDATA_DS, ZONES_ANSWER, "in.example", false, "example."},
        {"insecure child that is here", "bare.example.", RDATA_DS, ZONES_NODATA, "bare.example", false,
         "example."},
        {"secure child elsewhere", "out.example.", RDATA_DS, ZONES_ANSWER, "out.example", false, "example."},
        {"below a child elsewhere", "x.out.example.", RDATA_DS, ZONES_REFERRAL, "out.example", false,
         "example."},
        {"below a child that is here", "x.in.example.", RDATA_DS, ZONES_NXDOMAIN, NULL, false, "in.example."},
        {"cut in a child", "sub.in.example.", RDATA_DS, ZONES_ANSWER, "sub.in.example", false, "in.example."},
        {"grandchild whose parent is elsewhere", "deep.out.example.", RDATA_DS, ZONES_NODATA,
         "deep.out.example", false, "deep.out.example."},
        {"its parent's nested cut does not count", "nested.out.example.", RDATA_DS, ZONES_NODATA,
         "nested.out.example", false, "nested.out.example."},
        {"a zone that its parent does not delegate", "example.", RDATA_DS, ZONES_NODATA, "example", false,
         "example."},
        {"no cut", "www.example.", RDATA_DS, ZONES_NODATA, "www.example", false, "example."},
        {"empty non-terminal", "ent.example.", RDATA_DS, ZONES_NODATA, "ent.example", false, "example."},
        {"no such name", "nope.example.", RDATA_DS, ZONES_NXDOMAIN, NULL, false, "example."},
        {"alias", "alias.example.", RDATA_DS, ZONES_CNAME, "alias.example", false, "example."},
        {"below a DNAME", "a.moved.example.", RDATA_DS, ZONES_DNAME, "moved.example", false, "example."},
        {"zone below a DNAME", "z.moved.example.", RDATA_DS, ZONES_NODATA, "z.moved.example", false,
         "z.moved.example."},
        {"in the topmost zone", "net.", RDATA_DS, ZONES_NXDOMAIN, NULL, false, "."},
        {"other types of the parent's side", "in.example.", TXT, ZONES_NODATA, "in.example", false,
         "in.example."},
        {"ANY is the child's", "in.example.", RDATA_ANY, ZONES_ANSWER, "in.example", false, "in.example."},
        {"NSEC at a cut is no DS", "out.example.", RDATA_NSEC, ZONES_REFERRAL, "out.example", false,
         "example."},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "deep.out.example.", SOA_NS);
    fixture_zone(&fixture, "nested.out.example.", SOA_NS);
    fixture_zone(&fixture, "in.example.", SOA_NS "sub NS a.example.net.\nsub DS 1 " DIGEST);
    fixture_zone(&fixture, "bare.example.", SOA_NS);
    fixture_zone(&fixture, "z.moved.example.", SOA_NS);
    fixture_zone(&fixture, "example.",
                 SOA_NS "in NS a.example.net.\nin DS 2 " DIGEST "in NSEC out NS DS\nbare NS a.example.net.\n"
                        "out NS a.example.net.\nout DS 3 " DIGEST "out NSEC www NS DS\n"
                        "nested.out NS a.example.net.\nnested.out DS 4 " DIGEST "www A 192.0.2.1\n"
                        "x.ent A 192.0.2.1\nalias CNAME www\nmoved DNAME example.net.\n");
    /* A cut at in.example here too, but example. is closer to it. */
    fixture_zone(&fixture, ".", "$TTL 1\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\na A 192.0.2.1\nin.example NS a.\n");
    struct zones *zones = fixture_build(&fixture);
    check_rows(zones, rows, COUNT(rows));
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

#define SIGNATURE " 8 2 300 20300101000000 20200101000000 1 example.com. AAAA\n"

/* Signed zones are served as they stand: DNSSEC's records are data like any other. */
START_TEST(dnssec_types_as_data)
{
    static const struct row rows[] = {
        {"RRSIG beside a CNAME", "alias.example.com.", RDATA_RRSIG, ZONES_ANSWER, "alias.example.com", false,
         NULL},
        {"NSEC beside a CNAME", "alias.example.com.", RDATA_NSEC, ZONES_ANSWER, "alias.example.com", false,
         NULL},
        {"anything else is the alias", "alias.example.com.", TXT, ZONES_CNAME, "alias.example.com", false,
         NULL},
        {"KEY that is not there", "alias.example.com.", RDATA_KEY, ZONES_CNAME, "alias.example.com", false,
         NULL},
        {"RRSIG that is not there", "plain.example.com.", RDATA_RRSIG, ZONES_CNAME, "plain.example.com",
         false, NULL},
        {"NSEC", "www.example.com.", RDATA_NSEC, ZONES_ANSWER, "www.example.com", false, NULL},
        {"NSEC without one", "plain2.example.com.", RDATA_NSEC, ZONES_NODATA, "plain2.example.com", false,
         NULL},
        {"RRSIG", "www.example.com.", RDATA_RRSIG, ZONES_ANSWER, "www.example.com", false, NULL},
        {"NSEC3's owner", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.com.", RDATA_NSEC3, ZONES_ANSWER,
         "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.com", false, NULL},
        {"DNSKEY", "example.com.", 48, ZONES_ANSWER, "example.com", false, NULL},
        {"NSEC at a wildcard", "q.w.example.com.", RDATA_NSEC, ZONES_ANSWER, "*.w.example.com", true, NULL},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.",
                 SOA_NS
                 "@ DNSKEY 257 3 8 AAAA\nalias RRSIG CNAME" SIGNATURE
                 "alias CNAME www\nalias NSEC www CNAME RRSIG\n"
                 "plain CNAME www\nplain2 A 192.0.2.1\nwww RRSIG A" SIGNATURE "www A 192.0.2.1\n"
                 "www NSEC @ A RRSIG\n*.w NSEC @ NSEC\n"
                 "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 0 0 - 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A\n");
    struct zones *zones = fixture_build(&fixture);
    check_rows(zones, rows, COUNT(rows));
    /* RFC 8482 section 4.1 lets us choose: what a client can use. */
    const uint8_t *name = fixture_name(&fixture, "www.example.com.");
    ck_assert_uint_eq(zones_find(zones, name, dname_length(name), RDATA_ANY).rrset->type, RDATA_A);
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

/* RFC 6672: the owner is not redirected, what is below is, however deep and of whatever type. */
START_TEST(dnames)
{
    static const struct row rows[] = {
        {"the apex is not redirected", "example.org.", RDATA_A, ZONES_NODATA, "example.org", false, NULL},
        {"the apex, ANY", "example.org.", RDATA_ANY, ZONES_ANSWER, "example.org", false, NULL},
        {"the apex, DS", "example.org.", RDATA_DS, ZONES_NODATA, "example.org", false, NULL},
        {"deep", "a.b.c.d.e.f.example.org.", TXT, ZONES_DNAME, "example.org", false, NULL},
        {"an asterisk", "*.example.org.", TXT, ZONES_DNAME, "example.org", false, NULL},
        {"ANY", "a.example.org.", RDATA_ANY, ZONES_DNAME, "example.org", false, NULL},
        {"CNAME", "a.example.org.", RDATA_CNAME, ZONES_DNAME, "example.org", false, NULL},
        {"NS", "a.example.org.", RDATA_NS, ZONES_DNAME, "example.org", false, NULL},
        {"a zone below is not", "a.sub.example.org.", RDATA_A, ZONES_NXDOMAIN, NULL, false,
         "sub.example.org."},
        {"its apex", "sub.example.org.", RDATA_SOA, ZONES_ANSWER, "sub.example.org", false,
         "sub.example.org."},
        {"hashes below an apex", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.org.", RDATA_NSEC3, ZONES_ANSWER,
         "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.org", false, NULL},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.org.",
                 SOA_NS
                 "@ DNAME example.com.\n"
                 "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 0 0 - 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A\n");
    fixture_zone(&fixture, "sub.example.org.", SOA_NS);
    struct zones *zones = fixture_build(&fixture);
    check_rows(zones, rows, COUNT(rows));
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

START_TEST(list_of_zones)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", SOA_NS);
    struct zones *zones = fixture_build(&fixture);
    ck_assert_uint_eq(zones_count(zones), 1);
    ck_assert_str_eq(zones_at(zones, 0)->name, "example.com.");
    ck_assert_int_eq(zones_at(zones, 0)->apex->service, -1);
    zones_free(zones);
    zones_free(NULL);
    fixture_close(&fixture);
}
END_TEST

CHECK_MAIN("zones/find", rfc4592_example, all_outcomes, root_zone, dname_at_the_apex, wildcard_with_ns,
           wildcards, ds_at_cuts, dnssec_types_as_data, dnames, list_of_zones)
