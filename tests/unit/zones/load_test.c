// SPDX-License-Identifier: MIT
#include "zones/load.h"

#include "tests/unit/zones/fixture.h"
#include "zones/rdata.h"

/* A zone without a finding; the text of a row begins on line 5. */
#define GOOD "$TTL 1h\n@ SOA ns1 host 1 2 3 4 5\n  NS ns1\nns1 A 192.0.2.1\n"
#define L63  "012345678901234567890123456789012345678901234567890123456789012"

static void show(const struct err *err, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < err->count && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "\n  %u: %s", err->findings[i].place.line,
                               err->findings[i].text);
}

/* Loads GOOD + `text`. */
static struct zones *load(struct fixture *fixture, const char *text)
{
    fixture_open(fixture);
    fixture_zone(fixture, "example.com.", arena_printf(fixture->arena, "%s%s", GOOD, text));
    return zones_build(&fixture->config, NULL, &fixture->err);
}

struct row {
    const char *message, *text, *finding;
    unsigned line;
};

/* Each row is one error with that text on that line, and nothing else. */
static void check_errors(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fixture fixture;
        char all[2048];
        struct zones *zones = load(&fixture, rows[i].text);
        show(&fixture.err, all, sizeof all);
        ck_assert_msg(!zones, "%s: loaded", rows[i].message);
        ck_assert_msg(fixture.err.count == 1 && fixture.err.errors == 1, "%s: findings:%s", rows[i].message,
                      all);
        const struct err_finding *finding = &fixture.err.findings[0];
        ck_assert_msg(strstr(finding->text, rows[i].finding) != NULL, "%s: text:%s", rows[i].message, all);
        ck_assert_msg(finding->place.line == rows[i].line, "%s: line:%s", rows[i].message, all);
        ck_assert_str_eq(finding->place.file, fixture.zones[0].file);
        fixture_close(&fixture);
    }
}

START_TEST(bad_entries)
{
    static const struct row rows[] = {
        {"address", "bad A 192.0.2.999\n", "bad A record \"192.0.2.999\"", 5},
        {"behind blank lines and comments", "\n; c\n \t \nbad A x\n", "bad A record", 8},
        {"IPv4 address for AAAA", "bad AAAA 192.0.2.1\n", "bad AAAA record", 5},
        {"unknown type", "bad AAA 2001:db8::1\n", "unknown record type \"AAA\"; did you mean AAAA", 5},
        {"no type", "bad\n", "\"bad\" is not followed by a record type", 5},
        {"no data", "bad A\n", "A record without data", 5},
        {"MX without a name", "bad MX 10\n", "bad MX record", 5},
        {"something behind the data", "bad A 192.0.2.1 192.0.2.2\n", "bad A record", 5},
        {"class", "bad CH TXT \"x\"\n", "class CH is not served", 5},
        {"class by number", "bad CLASS3 TXT \"x\"\n", "class CLASS3 is not served", 5},
        {"class twice", "bad IN IN A 192.0.2.1\n", "unknown record type \"IN\"", 5},
        {"TTL", "bad 1x A 192.0.2.1\n", "bad TTL \"1x\"", 5},
        {"TTL of 2^31", "bad 2147483648 A 192.0.2.1\n", "bad TTL", 5},
        {"TTL of 2^64 and more", "bad 99999999999999999999999 A 192.0.2.1\n", "bad TTL", 5},
        {"TTL that overflows in its unit", "bad 2147483647w A 192.0.2.1\n", "bad TTL", 5},
        {"empty label", "a..b A 192.0.2.1\n", "no domain name: empty label", 5},
        {"long label", L63 "x A 192.0.2.1\n", "label longer than 63", 5},
        {"long name with its origin", L63 "." L63 "." L63 "." L63 " A 192.0.2.1\n", "longer than 255", 5},
        {"long name in RDATA", "bad NS " L63 "." L63 "." L63 "." L63 "\n", "bad NS record", 5},
        {"empty label in RDATA", "bad NS a..b.\n", "bad NS record", 5},
        {"QTYPE", "bad AXFR x\n", "no type that a zone can hold", 5},
        {"OPT", "bad TYPE41 \\# 0\n", "no type that a zone can hold", 5},
        {"type 0", "bad TYPE0 \\# 0\n", "unknown record type", 5},
        {"generic form too short", "bad TYPE65280 \\# 5 01020304\n", "bad TYPE65280 record", 5},
        {"generic form, no hex", "bad TYPE65280 \\# 1 zz\n", "bad TYPE65280 record", 5},
        {"generic address of 3 octets", "bad A \\# 3 010203\n", "bad A record", 5},
        {"generic NS cut short", "bad NS \\# 3 036161\n", "bad NS record", 5},
        {"generic NS with a pointer", "bad NS \\# 2 c00c\n", "bad NS record", 5},
        {"generic MX without a name", "bad MX \\# 2 000a\n", "bad MX record", 5},
        {"$INCLUDE of no file", "$INCLUDE other.zone\n", "/other.zone\": No such file", 5},
        {"$INCLUDE of a folder", "$INCLUDE .\n", "Is a directory", 5},
        {"$INCLUDE without a file", "$INCLUDE\n", "$INCLUDE takes a file", 5},
        {"$INCLUDE with too much", "$INCLUDE a b c\n", "$INCLUDE takes a file", 5},
        {"$INCLUDE with a bad origin", "$INCLUDE a b..c\n", "$INCLUDE \"b..c\" is no domain name", 5},
        {"$INCLUDE of itself", "$INCLUDE 0.zone\n", "0.zone\" includes itself", 5},
        {"$ORIGIN without a name", "$ORIGIN\n", "$ORIGIN takes one value", 5},
        {"$ORIGIN no name", "$ORIGIN a..b.\n", "no domain name: empty label", 5},
        {"$TTL no time", "$TTL soon\n", "$TTL \"soon\" is no time", 5},
        {"unknown directive", "$ORIGN sub\n", "unknown directive \"$ORIGN\"; did you mean $ORIGIN", 5},
        {"$GENERATE without a range", "$GENERATE a$ A 192.0.2.$\n", "FROM-TO", 5},
        {"$GENERATE without a record", "$GENERATE 1-9\n", "followed by a record", 5},
        {"$GENERATE backwards", "$GENERATE 9-1 a$ A 192.0.2.$\n", "ends before it begins", 5},
        {"$GENERATE without end", "$GENERATE 0-2147483647 a$ A 192.0.2.1\n", "more than a million", 5},
        {"$GENERATE with a bad form", "$GENERATE 1-9 a${x} A 192.0.2.$\n", "OFFSET,WIDTH,BASE", 5},
        {"$GENERATE below zero", "$GENERATE 1-9 a${-2} A 192.0.2.$\n", "below 0", 5},
        {"one finding for all that a $GENERATE makes", "$GENERATE 250-300 a$ A 192.0.2.$\n", "192.0.2.256",
         5},
        {"quote not closed", "bad TXT \"open\nother A 192.0.2.1\n", "quote is not closed", 5},
        {"quote not closed at the end of the file", "bad TXT \"open", "quote is not closed", 5},
        {"long string", "bad TXT " L63 L63 L63 L63 L63 "\n", "bad TXT record", 5},
        {"parenthesis not closed", "\nbad TXT ( \"a\"\n\"b\"\n", "parenthesis of this entry is never closed",
         6},
        {"parenthesis not opened", "bad TXT \"a\" )\nother A 192.0.2.1\n", "without an opening one", 5},
        {"record over several lines", "ok TXT ( a\n b )\nbad A ( ; here\n\n  1.2.3 )\nother A 192.0.2.1\n",
         "bad A record", 7},
        {"not in the zone", "www.example.com A 192.0.2.1\na.example.org. A 192.0.2.1\n",
         "\"a.example.org\" is not in zone example.com.", 6},
    };
    check_errors(rows, COUNT(rows));
}
END_TEST

START_TEST(octets_that_are_no_text)
{
    static const char octets[] = GOOD "bad A 192\0.0.2.1\nother A 192.0.2.1\n";
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone_octets(&fixture, "example.com.", octets, sizeof octets - 1);
    ck_assert_ptr_null(zones_build(&fixture.config, NULL, &fixture.err));
    ck_assert_uint_eq(fixture.err.count, 1);
    ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].text, "NUL octet"));
    ck_assert_uint_eq(fixture.err.findings[0].place.line, 5);
    fixture_close(&fixture);
}
END_TEST

/* What other servers accept, each row with what must be there afterwards. */
START_TEST(good_entries)
{
    static const struct {
        const char *message, *text, *name;
        unsigned type;
        uint32_t ttl_s;
        unsigned count;
    } rows[] = {
        {"TTL, class", "a 300 IN A 192.0.2.1\n", "a.example.com.", RDATA_A, 300, 1},
        {"class, TTL", "a IN 300 A 192.0.2.1\n", "a.example.com.", RDATA_A, 300, 1},
        {"TTL with units", "a 1h30M A 192.0.2.1\n", "a.example.com.", RDATA_A, 5400, 1},
        {"TTL 0", "a 0 A 192.0.2.1\n", "a.example.com.", RDATA_A, 0, 1},
        {"class by number", "a CLASS1 A 192.0.2.1\n", "a.example.com.", RDATA_A, 3600, 1},
        {"type in lower case", "a in a 192.0.2.1\n", "a.example.com.", RDATA_A, 3600, 1},
        {"type by number", "a TYPE1 192.0.2.1\n", "a.example.com.", RDATA_A, 3600, 1},
        {"generic form of a known type", "a TYPE1 \\# 4 c0000201\n", "a.example.com.", RDATA_A, 3600, 1},
        {"relative $ORIGIN", "$ORIGIN sub\na A 192.0.2.1\n", "a.sub.example.com.", RDATA_A, 3600, 1},
        {"absolute $ORIGIN", "$ORIGIN X.example.com.\n@ A 192.0.2.1\n", "x.example.com.", RDATA_A, 3600, 1},
        {"$ORIGIN @", "$ORIGIN x\n$ORIGIN @\na A 192.0.2.1\n", "a.x.example.com.", RDATA_A, 3600, 1},
        {"$TTL again", "$TTL 7\na A 192.0.2.1\n", "a.example.com.", RDATA_A, 7, 1},
        {"$TTL outlives explicit TTLs", "b 9 A 192.0.2.1\na A 192.0.2.1\n", "a.example.com.", RDATA_A, 3600,
         1},
        {"owner left out", "a A 192.0.2.1\n\n; c\n\tA 192.0.2.2\n", "a.example.com.", RDATA_A, 3600, 2},
        {"owner that is a number", "3600 A 192.0.2.1\n", "3600.example.com.", RDATA_A, 3600, 1},
        {"owner that is a type", "mx A 192.0.2.1\n", "mx.example.com.", RDATA_A, 3600, 1},
        {"owner with escapes", "a\\.b\\032c A 192.0.2.1\n", "a\\.b\\032c.example.com.", RDATA_A, 3600, 1},
        {"carriage returns", "a A 192.0.2.1\r\n\r\nb A 192.0.2.1\r\n", "b.example.com.", RDATA_A, 3600, 1},
        {"no newline at the end", "a A 192.0.2.1", "a.example.com.", RDATA_A, 3600, 1},
        {"comment at the end", "a A 192.0.2.1 ; c", "a.example.com.", RDATA_A, 3600, 1},
        {"semicolon in quotes and escaped", "a TXT \"a;b\" c\\;d ; e\n", "a.example.com.", 16, 3600, 1},
        {"parentheses in quotes", "a TXT \")(\"\nb A 192.0.2.1\n", "b.example.com.", RDATA_A, 3600, 1},
        {"$GENERATE", "$GENERATE 1-3 a A 192.0.2.$\n", "a.example.com.", RDATA_A, 3600, 3},
        {"$GENERATE by steps", "$GENERATE 1-9/4 a$ A 192.0.2.$\n", "a9.example.com.", RDATA_A, 3600, 1},
        {"$GENERATE with TTL and class", "$GENERATE 1-2 a$ 5 IN MX 10 b$\n", "a2.example.com.", RDATA_MX, 5,
         1},
        {"$GENERATE of quoted data", "$GENERATE 1-2 a$ MX \"10 b$\"\n", "a2.example.com.", RDATA_MX, 3600, 1},
        {"$GENERATE of strings", "$GENERATE 1-2 a$ TXT \"x y\" z\n", "a2.example.com.", 16, 3600, 1},
        {"$GENERATE leaves the owner alone", "a TXT x\n$GENERATE 1-2 b$ A 192.0.2.$\n A 192.0.2.1\n",
         "a.example.com.", RDATA_A, 3600, 1},
        {"parentheses without blanks", "a MX(10\nmail)\n", "a.example.com.", RDATA_MX, 3600, 1},
        {"dots in a glueless target", "a MX 0 .\n", "a.example.com.", RDATA_MX, 3600, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture fixture;
        char all[2048];
        struct zones *zones = load(&fixture, rows[i].text);
        show(&fixture.err, all, sizeof all);
        ck_assert_msg(zones && !fixture.err.count, "%s: findings:%s", rows[i].message, all);
        const uint8_t *name = fixture_name(&fixture, rows[i].name);
        struct zones_match match = zones_find(zones, name, dname_length(name), (uint16_t)rows[i].type);
        ck_assert_msg(match.outcome == ZONES_ANSWER, "%s: outcome %d", rows[i].message, (int)match.outcome);
        ck_assert_msg(match.rrset->ttl_s == rows[i].ttl_s, "%s: TTL %u", rows[i].message, match.rrset->ttl_s);
        ck_assert_msg(match.rrset->count == rows[i].count, "%s: %u records", rows[i].message,
                      match.rrset->count);
        zones_free(zones);
        fixture_close(&fixture);
    }
}
END_TEST

/* RFC 1035 section 5.1: without $TTL an omitted TTL is the last one stated; there has to be one. */
START_TEST(without_ttl_directive)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", "@ SOA a.b. c.d. 1 2 3 4 5\n@ 60 NS a.b.\nx A 192.0.2.1\n");
    ck_assert_ptr_null(zones_build(&fixture.config, NULL, &fixture.err));
    ck_assert_uint_eq(fixture.err.count, 1);
    ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].text, "no TTL"));
    ck_assert_uint_eq(fixture.err.findings[0].place.line, 1);
    fixture_close(&fixture);

    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.",
                 "@ 60 SOA a.b. c.d. 1 2 3 4 5\n@ NS a.b.\nx 70 A 192.0.2.1\ny A 192.0.2.1\n");
    struct zones *zones = fixture_build(&fixture);
    ck_assert_uint_eq(zones_find(zones, (const uint8_t *)"\7example\3com", 13, RDATA_NS).rrset->ttl_s, 60);
    ck_assert_uint_eq(zones_find(zones, (const uint8_t *)"\1y\7example\3com", 15, RDATA_A).rrset->ttl_s, 70);
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

/* What the data of a generated record is; as BIND's named-compilezone has it. */
START_TEST(generated_data)
{
    static const struct {
        const char *record, *data; /* of a TXT record */
        unsigned size;
    } rows[] = {
        {"x y", "\1x\1y", 4},           {"\"x y\"", "\1x\1y", 4},
        {"\"x y\" z", "\3x y\1z", 6},   {"\"\\\"x y\\\" z\"", "\3x y\1z", 6},
        {"\"x\\\\ y\"", "\2x\\\1y", 5}, {"\"x\\$\"", "\2x$", 3},
        {"\\# 2 0141", "\1A", 2},       {"\"\\# 2 0141\"", "\1A", 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture fixture;
        fixture_open(&fixture);
        fixture_zone(&fixture, "example.com.",
                     arena_printf(fixture.arena, "%s$GENERATE 1-1 a$ TXT %s\n", GOOD, rows[i].record));
        struct zones *zones = fixture_build(&fixture);
        const uint8_t *name = fixture_name(&fixture, "a1.example.com.");
        struct zones_match match = zones_find(zones, name, dname_length(name), 16);
        ck_assert_msg(match.outcome == ZONES_ANSWER, "%s: outcome %d", rows[i].record, (int)match.outcome);
        ck_assert_msg(match.rrset->size == 12 + rows[i].size, "%s: %u octets", rows[i].record,
                      match.rrset->size);
        ck_assert_msg(memcmp(match.rrset->octets + 12, rows[i].data, rows[i].size) == 0, "%s: octets",
                      rows[i].record);
        zones_free(zones);
        fixture_close(&fixture);
    }
}
END_TEST

/* RFC 1035 section 5.1. */
START_TEST(included_files)
{
    static const struct {
        const char *message, *name;
        unsigned count;
    } rows[] = {
        {"relative to the includer's origin", "one.example.com.", 1},
        {"the includer's owner goes on into the file", "first.example.com.", 2},
        {"an origin for the file", "one.sub.example.com.", 1},
        {"$ORIGIN in the file ends with it", "after.example.com.", 1},
        {"its own last owner ends with it too", "two.example.com.", 2},
        {"a file in a folder includes its neighbour", "inner.example.com.", 1},
        {"a name in quotes", "quoted.example.com.", 1},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_file(&fixture, "a.inc", "  A 192.0.2.9\none A 192.0.2.1\n$ORIGIN x\ntwo A 192.0.2.2\n");
    fixture_folder(&fixture, "in");
    fixture_file(&fixture, "in/b.inc", "$INCLUDE c.inc\n");
    fixture_file(&fixture, "in/c.inc", "inner A 192.0.2.4\n$TTL 7\n");
    fixture_file(&fixture, "with blank", "quoted A 192.0.2.4\n");
    fixture_zone(&fixture, "example.com.",
                 GOOD "first A 192.0.2.1\n"
                      "$INCLUDE a.inc ; as it is\n"
                      "  TXT first\n"
                      "two A 192.0.2.3\n"
                      "$include a.inc sub\n"
                      "after A 192.0.2.4\n"
                      "$INCLUDE in/b.inc\n"
                      "$INCLUDE \"with blank\"\n"
                      "late A 192.0.2.5\n");
    char all[2048];
    struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
    show(&fixture.err, all, sizeof all);
    ck_assert_msg(zones && !fixture.err.errors, "findings:%s", all);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const uint8_t *name = fixture_name(&fixture, rows[i].name);
        struct zones_match match = zones_find(zones, name, dname_length(name), RDATA_A);
        ck_assert_msg(match.outcome == ZONES_ANSWER, "%s: outcome %d", rows[i].message, (int)match.outcome);
        ck_assert_msg(match.rrset->count == rows[i].count, "%s: %u", rows[i].message, match.rrset->count);
    }
    const uint8_t *first = fixture_name(&fixture, "first.example.com."), *late;
    ck_assert_int_eq(zones_find(zones, first, dname_length(first), 16).outcome, ZONES_ANSWER);
    late = fixture_name(&fixture, "late.example.com."); /* RFC 2308 section 4: "after the directive" */
    ck_assert_uint_eq(zones_find(zones, late, dname_length(late), RDATA_A).rrset->ttl_s, 7);
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

START_TEST(findings_in_included_files)
{
    static const char *const mutual[] = {"$INCLUDE b.inc\n", "\n$INCLUDE a.inc\n"};
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_file(&fixture, "bad.inc", "ok A 192.0.2.1\nbad A x\nalias CNAME ok\n");
    fixture_file(&fixture, "a.inc", mutual[0]);
    fixture_file(&fixture, "b.inc", mutual[1]);
    fixture_zone(&fixture, "example.com.",
                 GOOD "alias A 192.0.2.1\n$INCLUDE bad.inc\nok A 192.0.2.1\n$INCLUDE a.inc\n");
    static const struct {
        const char *file, *text;
        unsigned line;
    } expected[] = {
        {"/bad.inc", "bad A record", 2},
        {"/b.inc", "a.inc\" includes itself", 2},
        {"/0.zone", "already, on line 1 of /", 7},
        {"/bad.inc", "other data (line 5 of /", 3},
    };
    ck_assert_ptr_null(zones_build(&fixture.config, NULL, &fixture.err));
    char all[2048];
    show(&fixture.err, all, sizeof all);
    ck_assert_msg(fixture.err.count == COUNT(expected), "%s", all);
    for (size_t i = 0; i < COUNT(expected); i++) {
        const struct err_finding *finding = &fixture.err.findings[i];
        ck_assert_msg(strstr(finding->text, expected[i].text) != NULL, "%zu:%s", i, all);
        ck_assert_msg(strstr(finding->place.file, expected[i].file) != NULL, "%zu: %s", i,
                      finding->place.file);
        ck_assert_uint_eq(finding->place.line, expected[i].line);
    }
    fixture_close(&fixture);
}
END_TEST

START_TEST(depth_of_includes)
{
    struct fixture fixture;
    fixture_open(&fixture);
    for (unsigned i = 1; i <= LOAD_DEPTH_MAX; i++)
        fixture_file(&fixture, arena_printf(fixture.arena, "%u.inc", i),
                     arena_printf(fixture.arena, "$INCLUDE %u.inc\n", i + 1));
    fixture_zone(&fixture, "example.com.", GOOD "$INCLUDE 1.inc\n");
    ck_assert_ptr_null(zones_build(&fixture.config, NULL, &fixture.err));
    ck_assert_uint_eq(fixture.err.count, 1);
    ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].text, "more than 16 deep"));
    ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].place.file, "/15.inc"));
    fixture_close(&fixture);
}
END_TEST

START_TEST(ten_mistakes)
{
    static const char text[] = "m1 A 192.0.2.999\n"
                               "m2 AAAAA 2001:db8::1\n"
                               "ok A 192.0.2.1\n"
                               "m3..x A 192.0.2.1\n"
                               "m4 9z A 192.0.2.1\n"
                               "m5 CH A 192.0.2.1\n"
                               "$INCLUDE m6\n"
                               "m7 TXT \"\n"
                               "m8 A 192.0.2.1 )\n"
                               "m9.example.org. A 192.0.2.1\n"
                               "ok CNAME m10\n";
    struct fixture fixture;
    char all[4096];
    ck_assert_ptr_null(load(&fixture, text));
    show(&fixture.err, all, sizeof all);
    ck_assert_msg(fixture.err.count == 10, "%s", all);
    ck_assert_uint_eq(fixture.err.errors, 10);
    fixture_close(&fixture);
}
END_TEST

START_TEST(unreadable_files)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone_file(&fixture, "example.com.", "/nonexistent/example.com.zone");
    fixture_zone_file(&fixture, "example.net.", "/");
    ck_assert_ptr_null(zones_build(&fixture.config, NULL, &fixture.err));
    ck_assert_uint_eq(fixture.err.count, 2);
    ck_assert_str_eq(fixture.err.findings[0].place.file, "/nonexistent/example.com.zone");
    ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].text, "No such file"));
    ck_assert_str_eq(fixture.err.findings[1].place.file, "/");
    ck_assert_ptr_nonnull(strstr(fixture.err.findings[1].text, "Is a directory"));
    fixture.config.zone_count = 0; /* nothing to remove */
    fixture_close(&fixture);
}
END_TEST

START_TEST(sample_zone)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone_file(&fixture, "example.com.", "zones/example/example.com.zone");
    fixture_steer(&fixture, "example.com.", SERVICE_A);
    fixture_steer(&fixture, "www.example.com.", SERVICE_A);
    struct zones *zones = fixture_build(&fixture);
    ck_assert_uint_eq(zones_at(zones, 0)->serial, 2026112101);
    zones_free(zones);
    fixture.config.zone_count = 0; /* the sample stays */
    fixture_close(&fixture);
}
END_TEST

CHECK_MAIN("zones/load", bad_entries, octets_that_are_no_text, good_entries, without_ttl_directive,
           generated_data, included_files, findings_in_included_files, depth_of_includes, ten_mistakes,
           unreadable_files, sample_zone)
