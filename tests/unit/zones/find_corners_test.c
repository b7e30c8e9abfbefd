// SPDX-License-Identifier: MIT
/* zones_find() where wildcards, cuts, DNAME and DNSSEC meet; compared with what BIND 9.18 and NSD 4.6 answer. */
#include "tests/unit/zones/find_rows.h"

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
        {"its DS", "*.zone.example.com.", RDATA_DS, ZONES_NODATA, NULL, false, "example.com."},
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
        {"grandchild whose parent is elsewhere", "deep.out.example.", RDATA_DS, ZONES_REFERRAL, "out.example",
         false, "example."},
        {"its parent's nested cut does not count", "nested.out.example.", RDATA_DS, ZONES_REFERRAL,
         "out.example", false, "example."},
        {"a zone that its parent does not delegate", "example.", RDATA_DS, ZONES_NODATA, NULL, false, "."},
        {"no cut", "www.example.", RDATA_DS, ZONES_NODATA, "www.example", false, "example."},
        {"empty non-terminal", "ent.example.", RDATA_DS, ZONES_NODATA, "ent.example", false, "example."},
        {"no such name", "nope.example.", RDATA_DS, ZONES_NXDOMAIN, NULL, false, "example."},
        {"alias", "alias.example.", RDATA_DS, ZONES_CNAME, "alias.example", false, "example."},
        {"below a DNAME", "a.moved.example.", RDATA_DS, ZONES_DNAME, "moved.example", false, "example."},
        {"zone below a DNAME", "z.moved.example.", RDATA_DS, ZONES_NODATA, NULL, false, "example."},
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

CHECK_MAIN("zones/find, corners", wildcards, ds_at_cuts, dnssec_types_as_data, dnames)
