// SPDX-License-Identifier: MIT
/* One build after another: what is shared, what is read again, what stays when a file is broken. */
#include "zones/zones.h"

#include "tests/unit/zones/fixture.h"
#include "zones/rdata.h"
#include "zones/source.h"

#define ZONE(serial)                                                                                         \
    "$TTL 1h\n@ SOA ns1 host " serial " 2 3 4 5\n  NS ns1\nns1 A 192.0.2.1\nwww A 192.0.2.2\n"

/* Until changes of the files written so far would show. */
static void settle(void)
{
    usleep((SOURCE_SETTLED_MS + 20) * 1000);
}

/* The next build; findings of the one before are dropped. */
static struct zones *build(struct fixture *fixture, const struct zones *previous)
{
    err_free(&fixture->err);
    return zones_build(&fixture->config, previous, &fixture->err);
}

static bool is_shared(const struct zones *a, const struct zones *b, size_t at)
{
    return zones_at(a, at)->negative_soa == zones_at(b, at)->negative_soa;
}

static struct zones_match find(const struct zones *zones, struct fixture *fixture, const char *text,
                               uint16_t type)
{
    const uint8_t *name = fixture_name(fixture, text);
    return zones_find(zones, name, dname_length(name), type);
}

static const char *finding(const struct fixture *fixture, size_t at)
{
    return at < fixture->err.count ? fixture->err.findings[at].text : "none";
}

START_TEST(unchanged_files_are_shared)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "a.example.", ZONE("1"));
    fixture_zone(&fixture, "b.example.", ZONE("1") "$INCLUDE b.inc\n");
    fixture_file(&fixture, "b.inc", "one A 192.0.2.1\n");
    settle();
    struct zones *first = build(&fixture, NULL);
    ck_assert_ptr_nonnull(first);
    ck_assert_uint_eq(zones_at(first, 0)->record_count, 4);
    ck_assert_uint_gt(zones_at(first, 0)->loaded_wall_ms, 1700000000000u);
    ck_assert(!zones_at(first, 0)->stale);

    fixture_file(&fixture, "0.zone", ZONE("2"));
    struct zones *second = build(&fixture, first);
    ck_assert(!is_shared(first, second, 0));
    ck_assert(is_shared(first, second, 1));
    ck_assert_uint_eq(zones_at(first, 0)->serial, 1);
    ck_assert_uint_eq(zones_at(second, 0)->serial, 2);
    ck_assert_uint_eq(zones_at(second, 1)->loaded_wall_ms, zones_at(first, 1)->loaded_wall_ms);
    zones_free(first); /* what the second shares lives on */
    ck_assert_int_eq(find(second, &fixture, "one.b.example.", RDATA_A).outcome, ZONES_ANSWER);

    fixture_file(&fixture, "b.inc", "two A 192.0.2.1\n"); /* of the same size */
    struct zones *third = build(&fixture, second);
    ck_assert(!is_shared(second, third, 1));
    ck_assert_int_eq(find(second, &fixture, "one.b.example.", RDATA_A).outcome, ZONES_ANSWER);
    ck_assert_int_eq(find(third, &fixture, "one.b.example.", RDATA_A).outcome, ZONES_NXDOMAIN);
    ck_assert_int_eq(find(third, &fixture, "two.b.example.", RDATA_A).outcome, ZONES_ANSWER);
    zones_free(third);
    zones_free(second);
    fixture_close(&fixture);
}
END_TEST

/* A file that changed right before it was read may change again within the same tick of the clock. */
START_TEST(fresh_files_are_read_again)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "a.example.", ZONE("1"));
    struct zones *first = build(&fixture, NULL), *second = build(&fixture, first);
    ck_assert(!is_shared(first, second, 0));
    zones_free(second);
    settle();
    second = build(&fixture, first);
    ck_assert(!is_shared(first, second, 0)); /* it was fresh when the first read it */
    struct zones *third = build(&fixture, second);
    ck_assert(is_shared(second, third, 0));
    zones_free(first);
    zones_free(second);
    zones_free(third);
    fixture_close(&fixture);
}
END_TEST

START_TEST(broken_zone_stays_as_it_was)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "a.example.", ZONE("7"));
    fixture_zone(&fixture, "b.example.", ZONE("1"));
    struct zones *first = build(&fixture, NULL);

    fixture_file(&fixture, "0.zone", ZONE("8") "bad A x\nbad AAAA y\n");
    fixture_file(&fixture, "1.zone", ZONE("2"));
    struct zones *second = build(&fixture, first);
    ck_assert_ptr_nonnull(second);
    ck_assert_uint_eq(fixture.err.errors, 2);
    ck_assert_uint_eq(fixture.err.warnings, 1);
    ck_assert_str_eq(finding(&fixture, 2),
                     "zone a.example.: its previous version, serial 7, stays in service");
    ck_assert_str_eq(fixture.err.findings[2].place.file, fixture.zones[0].file);
    ck_assert(zones_at(second, 0)->stale && is_shared(first, second, 0));
    ck_assert(!zones_at(second, 1)->stale);
    ck_assert_uint_eq(zones_at(second, 1)->serial, 2);
    zones_free(first);

    settle();
    struct zones *third = build(&fixture, second); /* still broken: said again */
    ck_assert_uint_eq(fixture.err.errors, 2);
    ck_assert(zones_at(third, 0)->stale);
    zones_free(second);
    unlink(fixture.zones[0].file);
    second = build(&fixture, third); /* gone: the same */
    ck_assert_ptr_nonnull(strstr(finding(&fixture, 0), "No such file"));
    ck_assert(zones_at(second, 0)->stale);
    zones_free(third);
    fixture_file(&fixture, "0.zone", ZONE("9"));
    third = build(&fixture, second);
    ck_assert_uint_eq(fixture.err.count, 0);
    ck_assert(!zones_at(third, 0)->stale);
    ck_assert_uint_eq(zones_at(third, 0)->serial, 9);
    zones_free(second);
    zones_free(third);
    fixture_close(&fixture);
}
END_TEST

START_TEST(broken_zone_without_previous_version)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "a.example.", ZONE("1"));
    struct zones *first = build(&fixture, NULL);
    fixture_zone(&fixture, "b.example.", "bad A x\n");
    ck_assert_ptr_null(build(&fixture, first));
    ck_assert_uint_ge(fixture.err.errors, 1);
    zones_free(first);
    fixture_close(&fixture);
}
END_TEST

/* --- steering ------------------------------------------------------------------------------------------- */

START_TEST(steering_of_shared_data)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "a.example.", ZONE("1"));
    fixture_steer(&fixture, "www.a.example.", SERVICE_A);
    fixture_steer(&fixture, "a.example.", SERVICE_A);
    settle();
    struct zones *first = build(&fixture, NULL);

    fixture.zones[0].steer_count = 0;
    fixture_steer(&fixture, "a.example.", SERVICE_BOTH);
    fixture_steer(&fixture, "*.b.new.a.example.", SERVICE_AAAA);
    struct zones *second = build(&fixture, first);
    ck_assert_uint_eq(fixture.err.count, 0);
    ck_assert(is_shared(first, second, 0));

    static const struct {
        const char *name;
        uint16_t type;
        enum zones_outcome first, second;
        int service;
    } rows[] = {
        {"www.a.example.", RDATA_A, ZONES_STEERED, ZONES_ANSWER, -1},
        {"a.example.", RDATA_A, ZONES_STEERED, ZONES_STEERED, SERVICE_BOTH},
        {"a.example.", RDATA_AAAA, ZONES_NODATA, ZONES_STEERED, SERVICE_BOTH},
        {"a.example.", RDATA_SOA, ZONES_ANSWER, ZONES_ANSWER, SERVICE_BOTH},
        {"a.example.", RDATA_DS, ZONES_NODATA, ZONES_NODATA, SERVICE_BOTH},
        {"x.b.new.a.example.", RDATA_AAAA, ZONES_NXDOMAIN, ZONES_STEERED, SERVICE_AAAA},
        {"b.new.a.example.", RDATA_A, ZONES_NXDOMAIN, ZONES_NODATA, -1},
        {"new.a.example.", RDATA_A, ZONES_NXDOMAIN, ZONES_NODATA, -1},
        {"x.new.a.example.", RDATA_A, ZONES_NXDOMAIN, ZONES_NXDOMAIN, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zones_match match = find(first, &fixture, rows[i].name, rows[i].type);
        ck_assert_msg(match.outcome == rows[i].first, "row %zu: first %d", i, (int)match.outcome);
        match = find(second, &fixture, rows[i].name, rows[i].type);
        ck_assert_msg(match.outcome == rows[i].second, "row %zu: second %d", i, (int)match.outcome);
        ck_assert_msg(!match.node || match.node->service == rows[i].service, "row %zu: service", i);
    }
    ck_assert_ptr_eq(zones_at(second, 0)->apex, find(second, &fixture, "a.example.", RDATA_SOA).node);
    zones_free(first);
    zones_free(second);
    fixture_close(&fixture);
}
END_TEST

/* The new file makes an alias of a steered name: it is as broken as with an error of its own. */
START_TEST(steering_that_does_not_fit)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "a.example.", ZONE("1"));
    fixture_steer(&fixture, "api.a.example.", SERVICE_A);
    fixture_zone(&fixture, "b.example.", ZONE("1"));
    struct zones *first = build(&fixture, NULL);
    fixture_file(&fixture, "0.zone", ZONE("2") "api CNAME www\n");
    fixture_file(&fixture, "1.zone", ZONE("2"));
    struct zones *second = build(&fixture, first);
    ck_assert_ptr_nonnull(second);
    ck_assert_uint_eq(fixture.err.count, 2);
    ck_assert_ptr_nonnull(strstr(finding(&fixture, 0), "is an alias by its CNAME in"));
    ck_assert_ptr_nonnull(strstr(finding(&fixture, 1), "serial 1, stays in service"));
    ck_assert(zones_at(second, 0)->stale);
    ck_assert_uint_eq(zones_at(second, 1)->serial, 2);
    ck_assert_int_eq(find(second, &fixture, "api.a.example.", RDATA_A).outcome, ZONES_STEERED);
    ck_assert_int_eq(find(second, &fixture, "api.a.example.", RDATA_CNAME).outcome, ZONES_NODATA);
    zones_free(second);
    /* A configuration that fits neither version is no zone's fault. */
    fixture_steer(&fixture, "www.b.example.", SERVICE_A);
    fixture.zones[1].steer_count = 1;
    fixture.steers[1][0].owner = fixture_name(&fixture, "www.other.");
    ck_assert_ptr_null(build(&fixture, first));
    zones_free(first);
    fixture_close(&fixture);
}
END_TEST

START_TEST(steering_in_a_zone_below)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.", ZONE("1"));
    fixture_steer(&fixture, "x.www.a.example.", SERVICE_A);
    fixture_zone(&fixture, "a.example.", ZONE("1"));
    ck_assert_ptr_null(build(&fixture, NULL));
    ck_assert_uint_eq(fixture.err.count, 1);
    ck_assert_ptr_nonnull(
        strstr(finding(&fixture, 0), "in a zone below that is served here too: a.example."));
    fixture_close(&fixture);
}
END_TEST

/* --- zone directory -------------------------------------------------------------------------------------- */

START_TEST(zone_directory)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "a.example.", ZONE("1"));
    fixture.config.zone_directory = fixture_folder(&fixture, "d");
    struct zones *zones = build(&fixture, NULL);
    ck_assert_ptr_nonnull(zones);
    ck_assert_ptr_nonnull(strstr(finding(&fixture, 0), "has no file NAME.zone"));
    ck_assert_uint_eq(zones_count(zones), 1);

    fixture_file(&fixture, "d/z.example.zone", ZONE("2"));
    fixture_file(&fixture, "d/B.example.zone", ZONE("3"));
    fixture_file(&fixture, "d/0\\04725.arpa.zone", ZONE("4"));
    fixture_file(&fixture, "d/.hidden.zone", "nonsense\n");
    fixture_file(&fixture, "d/.zone", "nonsense\n");
    fixture_file(&fixture, "d/z.example.zone~", "nonsense\n");
    fixture_file(&fixture, "d/README", "nonsense\n");
    struct zones *more = build(&fixture, zones);
    ck_assert_uint_eq(fixture.err.count, 0);
    ck_assert_uint_eq(zones_count(more), 4);
    ck_assert_uint_eq(zones_at(more, 0)->serial, 1);
    ck_assert_mem_eq(zones_at(more, 1)->origin, "\0040/25\4arpa", 11);
    ck_assert_str_eq(zones_at(more, 2)->name, "B.example");
    ck_assert_mem_eq(zones_at(more, 2)->origin, "\1b\7example", 11);
    ck_assert_int_eq(find(more, &fixture, "www.z.example.", RDATA_A).outcome, ZONES_ANSWER);
    zones_free(zones);
    zones_free(more);
    fixture_close(&fixture);
}
END_TEST

START_TEST(bad_zone_directory)
{
    static const struct {
        const char *message, *file, *text, *finding;
    } rows[] = {
        {"no name", "d/a..b.zone", ZONE("1"), "\"a..b\" is no name of a zone: empty label"},
        {"an origin", "d/@.zone", ZONE("1"), "is no name of a zone"},
        {"a zone of the configuration", "d/a.example.zone", ZONE("1"),
         "configured twice, first at meridian.yaml:7"},
        {"the same but for case", "d/B.Example.zone", ZONE("1"), "configured twice, first with"},
        {"a broken zone", "d/c.example.zone", ZONE("1") "bad A x\n", "bad A record"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture fixture;
        fixture_open(&fixture);
        fixture_zone(&fixture, "a.example.", ZONE("1"))->place = (struct err_place){"meridian.yaml", 7, 3};
        fixture.config.zone_directory = fixture_folder(&fixture, "d");
        fixture_file(&fixture, "d/b.example.zone", ZONE("1"));
        fixture_file(&fixture, rows[i].file, rows[i].text);
        ck_assert_msg(!build(&fixture, NULL), "%s: loaded", rows[i].message);
        ck_assert_msg(fixture.err.errors >= 1, "%s: no error", rows[i].message);
        ck_assert_msg(strstr(finding(&fixture, 0), rows[i].finding) != NULL, "%s: %s", rows[i].message,
                      finding(&fixture, 0));
        ck_assert_ptr_nonnull(strstr(fixture.err.findings[0].place.file, "/d/"));
        fixture_close(&fixture);
    }
}
END_TEST

START_TEST(missing_zone_directory)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture.config.zone_directory = "/nonexistent";
    fixture.config.zone_directory_place = (struct err_place){"meridian.yaml", 3, 17};
    ck_assert_ptr_null(build(&fixture, NULL));
    ck_assert_str_eq(finding(&fixture, 0),
                     "cannot read the zone directory /nonexistent: No such file or directory");
    ck_assert_uint_eq(fixture.err.findings[0].place.line, 3);
    fixture_close(&fixture);
}
END_TEST

/* The same file under `zones`: there for its steering. */
START_TEST(directory_and_zones)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture.config.zone_directory = fixture_folder(&fixture, "d");
    const char *file = fixture_file(&fixture, "d/a.example.zone", ZONE("1"));
    const char *link = arena_printf(fixture.arena, "%s/link", fixture.folder);
    ck_assert_int_eq(symlink(file, link), 0);
    fixture_zone_file(&fixture, "a.example.", link);
    fixture_steer(&fixture, "www.a.example.", SERVICE_A);
    struct zones *zones = fixture_build(&fixture);
    ck_assert_uint_eq(zones_count(zones), 1);
    ck_assert_int_eq(find(zones, &fixture, "www.a.example.", RDATA_A).outcome, ZONES_STEERED);
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

CHECK_MAIN("zones/zones", unchanged_files_are_shared, fresh_files_are_read_again, broken_zone_stays_as_it_was,
           broken_zone_without_previous_version, steering_of_shared_data, steering_that_does_not_fit,
           steering_in_a_zone_below, zone_directory, bad_zone_directory, missing_zone_directory,
           directory_and_zones)
