// SPDX-License-Identifier: MIT
#include "zones/zones.h"

#include "tests/unit/zones/find_rows.h"

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
        {"its DS", "lonely.example.com.", RDATA_DS, ZONES_NODATA, NULL, false, "example.com."},
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
        {"DS of a zone whose parent is elsewhere", "example.com.", RDATA_DS, ZONES_REFERRAL, "com", false,
         "."},
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
           list_of_zones)
