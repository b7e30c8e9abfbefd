// SPDX-License-Identifier: MIT
/* The scope of whole answers: what operators complain of in other servers, by name. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dnsd/respond.h"
#include "dnsd/widen.h"
#include "tests/support/check_main.h"
#include "tests/support/lib_query.h"
#include "tests/unit/dnsd/widen_fixture.h"

static const char config_text[] =
    "sites:\n"
    "  fra: { at: [50.03, 8.57] }\n"
    "  iad: { at: [38.95, -77.45] }\n"
    "  sin: { at: [1.36, 103.99] }\n"
    "maps:\n"
    "  default:\n"
    "    networks: { 10.0.0.0/8: [fra], 10.20.0.0/16: [iad], 10.20.30.0/24: [sin, iad], \"2001:db8::/32\": "
    "[sin] "
    "}\n"
    "    default: [sin, fra, iad]\n"
    "  fenced:\n"
    "    networks: { 10.0.0.0/9: [fra] }\n"
    "    default: [iad]\n"
    "    fence: true\n"
    "services:\n"
    "  www: { members: { fra: { a: [192.0.2.1] }, iad: { a: [192.0.2.2] }, sin: { a: [192.0.2.3] } } }\n"
    "  duo: { mode: active-passive, members: { fra: { a: [192.0.2.7] }, iad: { a: [192.0.2.8] } } }\n"
    "  uno: { members: { fra: { a: [192.0.2.1] } } }\n"
    "  six: { members: { fra: { a: [192.0.2.1], aaaa: [\"2001:db8::1\"] }, iad: { a: [192.0.2.2] } } }\n"
    "  few: { map: fenced, all_down: nodata, members: { iad: { a: [192.0.2.2] } } }\n"
    "  own: { all_down: zone, members: { fra: { a: [192.0.2.1] }, iad: { a: [192.0.2.2] } } }\n"
    "  not: { all_down: nodata, members: { fra: { a: [192.0.2.1] }, iad: { a: [192.0.2.2] } } }\n"
    "zones: { example.com: { file: com.zone, steer: { www: www, duo: duo, uno: uno, six: six, few: few,\n"
    "                                                 own: own, not: not } } }\n";

static const struct {
    const char *message, *name;
    unsigned type;
    const char *subnet, *down;
    unsigned answers; /* records */
    unsigned scope;
} rows[] = {
    {"nested overrides: the outermost, up to the next", "www", 1, "10.1.0.0/24", "", 1, 12},
    {"nested overrides: the one in the middle, beside the innermost", "www", 1, "10.20.31.0/24", "", 1, 24},
    {"nested overrides: the innermost", "www", 1, "10.20.30.0/24", "", 1, 24},
    {"nested overrides: a source longer than the scope", "www", 1, "10.20.30.77/32", "", 1, 24},
    {"nested overrides that make no difference any more", "www", 1, "10.20.31.0/24", "sin", 1, 16},
    {"nested overrides, none of which makes a difference", "www", 1, "10.20.31.0/24", "sin iad", 1, 0},
    {"source 0", "www", 1, "0.0.0.0/0", "", 1, 0},
    {"source 0, IPv6", "www", 1, "::/0", "", 1, 0},
    {"constant answer: one site", "uno", 1, "10.20.30.0/24", "", 1, 0},
    {"constant answer: one site of the family", "six", 28, "10.20.30.0/24", "", 1, 0},
    {"constant answer: active-passive", "duo", 1, "10.20.30.0/24", "", 1, 0},
    {"NODATA of a type", "www", 16, "10.20.30.0/24", "", 0, 0},
    {"NXDOMAIN", "nothing", 1, "10.20.30.0/24", "", 0, 0},
    {"NODATA for some: behind a fence, true for them only", "few", 1, "10.1.0.0/24", "", 0, 9},
    {"the others", "few", 1, "10.129.0.0/24", "", 1, 9},
    {"NODATA for all: the only site is down", "few", 1, "10.1.0.0/24", "iad", 0, 0},
    {"all down, nodata: the same for everyone", "not", 1, "10.20.30.0/24", "fra iad", 0, 0},
    {"all down, zone: the same for everyone", "own", 1, "10.20.30.0/24", "fra iad", 1, 0},
    {"all down, serve-all: as when all are up", "www", 1, "10.20.30.0/24", "fra iad sin", 1, 24},
    {"default answer", "www", 1, "192.168.0.0/24", "", 1, 1},
    {"default answer, IPv6", "www", 1, "fd00::/48", "", 1, 1},
    {"IPv6: as wide as Teredo beside it allows", "www", 1, "2001:db8:1::/48", "", 1, 21},
};

static void check_row(struct widen_fixture *f, size_t i)
{
    uint8_t option[64], out[RESPOND_UDP_MAX];
    char name[64];
    snprintf(name, sizeof name, "%s.example.com", rows[i].name);
    struct query_spec spec = {.name = name, .type = rows[i].type, .edns = true, .options = option};
    spec.options_size = query_ecs_of(option, rows[i].subnet);
    widen_fixture_down(f, rows[i].down);
    widen_fixture_settle(f);
    struct serving serving = {f->snapshot, f->health, f->view};
    uint8_t packet[600];
    struct respond_client client = {.addr = {.family = ADDR_V4, .octets = {10, 1, 2, 3}}};
    size_t size = respond(&serving, &client, packet, query_write(&spec, packet, sizeof packet), out);
    ck_assert_uint_gt(size, spec.options_size);
    unsigned scope = out[size - spec.options_size + 7], answers = out[7];
    ck_assert_msg(answers == rows[i].answers, "%s: %u records", rows[i].message, answers);
    ck_assert_msg(scope == rows[i].scope, "%s: scope %u", rows[i].message, scope);
}

START_TEST(complaints)
{
    struct widen_fixture f;
    widen_fixture_set_up(&f, config_text, false);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&f, i);
    widen_fixture_tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/scope", complaints)
