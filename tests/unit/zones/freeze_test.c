// SPDX-License-Identifier: MIT
/* Finished octets, decoded by ldns as the answer section of a message. */
#include "zones/freeze.h"

#include <ctype.h>
#include <ldns/ldns.h>

#include "core/base/wire.h"
#include "tests/unit/zones/fixture.h"
#include "zones/rdata.h"

#define MESSAGE_MAX 66000
#define TEXT_MAX    4096

static const char ZONE[] = "$ORIGIN Example.COM.\n"
                           "$TTL 300\n"
                           "@ 3600 SOA Ns1 host.master.example.net. 7 2 3 4 60\n"
                           "@ NS Ns1\n"
                           "@ NS ns.example.net.\n"
                           "@ MX 10 Mail.eXample.com.\n"
                           "@ MX 20 @\n"
                           "ns1 A 192.0.2.1\n"
                           "mail A 192.0.2.2\n"
                           "mail 60 A 192.0.2.3\n"
                           "alias CNAME Target.sub\n"
                           "away CNAME example.net.\n"
                           "*.wild MX 5 Mail\n"
                           "*.wild PTR @\n"
                           "moved DNAME New\n"
                           "_sip._tcp SRV 1 2 5060 ns1\n"
                           "cut NS ns.Cut\n"
                           "cut NS ns.other\n"
                           "cut NS ns1\n"
                           "cut NS ns.example.net.\n"
                           "other NS ns.other\n"
                           "NS.cut A 192.0.2.53\n"
                           "ns.Cut AAAA 2001:db8::53\n"
                           "Ns.otheR A 192.0.2.54\n"
                           "all TXT \"a;b\" \"c(d\" \"quo\\\"te\" plain\n"
                           "all CAA 0 issue \"ca.example.net\"\n"
                           "all HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1\n"
                           "all SVCB 0 svc.example.net.\n"
                           "all TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000\n"
                           "all SSHFP 4 2 0000000000000000000000000000000000000000000000000000000000000000\n"
                           "all LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m\n"
                           "all NAPTR 1 2 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" .\n"
                           "all RRSIG A 8 3 300 20300101000000 20200101000000 1 example.com. AAAA\n"
                           "all TYPE65280 \\# 4 01020304\n"
                           "all TYPE65281 \\# 0\n"
                           "all DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000\n";

/* The text of the answer section, one record a line, blanks for tabs. */
static void format_answers(ldns_pkt *packet, char out[TEXT_MAX])
{
    out[0] = '\0';
    ldns_rr_list *answers = ldns_pkt_answer(packet);
    for (size_t i = 0; i < ldns_rr_list_rr_count(answers); i++) {
        char *text = ldns_rr2str(ldns_rr_list_rr(answers, i));
        for (char *c = text; *c; c++)
            *c = *c == '\t' ? ' ' : *c;
        ck_assert_uint_lt(strlen(out) + strlen(text), TEXT_MAX);
        memcpy(out + strlen(out), text, strlen(text) + 1);
        free(text);
    }
}

/* Answers the question `name` with the RRset as zones.h says, and reads the message back. */
static void decode(const char *message, const char *name, const uint8_t *owner,
                   const struct zones_rrset *rrset, char out[TEXT_MAX])
{
    static uint8_t octets[MESSAGE_MAX];
    uint8_t question[DNAME_MAX];
    const char *why = "";
    size_t length = dname_parse(name, NULL, question, &why);
    struct wire_writer writer = wire_writer_of(octets, sizeof octets);
    const uint16_t header[] = {1, 0x8400, 1, rrset->count, 0, 0};
    for (size_t i = 0; i < COUNT(header); i++)
        wire_put16(&writer, header[i]);
    wire_put(&writer, question, length);
    wire_put16(&writer, rrset->type);
    wire_put16(&writer, 1);
    uint8_t *answer = wire_reserve(&writer, rrset->size);
    memcpy(answer, rrset->octets, rrset->size);
    int shift = (int)length - (int)dname_length(owner);
    for (size_t i = 0; i < rrset->origin_ref_count; i++) {
        uint8_t *pointer = answer + rrset->origin_refs[i];
        ck_assert(i == 0 || rrset->origin_refs[i] > rrset->origin_refs[i - 1]);
        wire_store16(pointer, (unsigned)(wire_load16(pointer) + shift));
    }
    ldns_pkt *packet = NULL;
    ldns_status status = ldns_wire2pkt(&packet, octets, wire_written(&writer));
    ck_assert_msg(status == LDNS_STATUS_OK, "%s: %s", message, ldns_get_errorstr_by_id(status));
    format_answers(packet, out);
    ldns_pkt_free(packet);
}

struct row {
    const char *message, *name;
    unsigned type;
    unsigned size; /* 0: not looked at */
    const char *text;
};

#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"

START_TEST(finished_octets)
{
    static const struct row rows[] = {
        {"SOA: MNAME below the origin, RNAME elsewhere", "example.com.", RDATA_SOA, 12 + 6 + 25 + 20,
         "example.com. 3600 IN SOA Ns1.example.com. host.master.example.net. 7 2 3 4 60\n"},
        {"NS: one compressed", "example.com.", RDATA_NS, 12 + 6 + 12 + 16,
         "example.com. 300 IN NS Ns1.example.com.\nexample.com. 300 IN NS ns.example.net.\n"},
        {"MX: compressed without regard to case; the origin itself", "example.com.", RDATA_MX,
         12 + 9 + 12 + 4,
         "example.com. 300 IN MX 10 Mail.example.com.\nexample.com. 300 IN MX 20 example.com.\n"},
        {"CNAME", "alias.example.com.", RDATA_CNAME, 12 + 13,
         "alias.example.com. 300 IN CNAME Target.sub.example.com.\n"},
        {"CNAME out of the zone", "away.example.com.", RDATA_CNAME, 12 + 13,
         "away.example.com. 300 IN CNAME example.net.\n"},
        {"wildcard asked for itself", "*.wild.example.com.", RDATA_MX, 12 + 9,
         "*.wild.example.com. 300 IN MX 5 Mail.example.com.\n"},
        {"wildcard, longer question", "a.longer.wild.example.com.", RDATA_MX, 12 + 9,
         "a.longer.wild.example.com. 300 IN MX 5 Mail.example.com.\n"},
        {"wildcard, question as long", "a.wild.example.com.", RDATA_PTR, 12 + 2,
         "a.wild.example.com. 300 IN PTR example.com.\n"},
        {"DNAME is not compressed", "moved.example.com.", RDATA_DNAME, 12 + 17,
         "moved.example.com. 300 IN DNAME New.Example.COM.\n"},
        {"SRV is not compressed", "_sip._tcp.example.com.", 33, 12 + 6 + 17,
         "_sip._tcp.example.com. 300 IN SRV 1 2 5060 ns1.Example.COM.\n"},
        {"TXT", "all.example.com.", 16, 0,
         "all.example.com. 300 IN TXT \"a;b\" \"c(d\" \"quo\\\"te\" \"plain\"\n"},
        {"CAA", "all.example.com.", 257, 0, "all.example.com. 300 IN CAA 0 issue \"ca.example.net\"\n"},
        {"HTTPS", "all.example.com.", 65, 0,
         "all.example.com. 300 IN HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1\n"},
        {"SVCB", "all.example.com.", 64, 0, "all.example.com. 300 IN SVCB 0 svc.example.net.\n"},
        {"TLSA", "all.example.com.", 52, 0, "all.example.com. 300 IN TLSA 3 1 1 " ZEROES "\n"},
        {"SSHFP", "all.example.com.", 44, 0, "all.example.com. 300 IN SSHFP 4 2 " ZEROES "\n"},
        {"LOC", "all.example.com.", 29, 0,
         "all.example.com. 300 IN LOC 52 22 23.000 N 04 53 32.000 E -2m 0.00m 10000m 10m\n"},
        {"NAPTR", "all.example.com.", 35, 0,
         "all.example.com. 300 IN NAPTR 1 2 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" .\n"},
        {"RRSIG", "all.example.com.", 46, 0,
         "all.example.com. 300 IN RRSIG A 8 3 300 20300101000000 20200101000000 1 example.com. AAAA\n"},
        {"unknown type", "all.example.com.", 65280, 16, "all.example.com. 300 IN TYPE65280 \\# 4 01020304\n"},
        {"unknown type without data", "all.example.com.", 65281, 12,
         "all.example.com. 300 IN TYPE65281 \\# 0\n"},
        {"DS", "all.example.com.", 43, 0, "all.example.com. 300 IN DS 1 8 2 " ZEROES "\n"},
    };
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", ZONE);
    struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
    ck_assert_ptr_nonnull(zones);
    ck_assert_uint_eq(fixture.err.count, 1); /* the TTLs at mail */
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char text[TEXT_MAX];
        const uint8_t *name = fixture_name(&fixture, row->name);
        struct zones_match match = zones_find(zones, name, dname_length(name), (uint16_t)row->type);
        ck_assert_msg(match.outcome == ZONES_ANSWER, "%s: outcome %d", row->message, (int)match.outcome);
        ck_assert_msg(!row->size || match.rrset->size == row->size, "%s: size %u", row->message,
                      match.rrset->size);
        decode(row->message, row->name, match.node->owner, match.rrset, text);
        ck_assert_msg(strcmp(text, row->text) == 0, "%s: %s", row->message, text);
    }
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

START_TEST(ttl_and_soa)
{
    struct fixture fixture;
    char text[TEXT_MAX];
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", ZONE);
    fixture_zone(&fixture, "example.net.",
                 "$TTL 30\n@ SOA ns.example.org. h 4294967295 2 3 4 3600\n@ NS ns.example.org.\n");
    struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
    ck_assert_ptr_nonnull(zones);

    const struct zone *zone = zones_at(zones, 0);
    ck_assert_uint_eq(zone->serial, 7);
    ck_assert_uint_eq(zone->negative_soa->ttl_s, 60); /* MINIMUM is smaller */
    decode("negative SOA", "example.com.", zone->origin, zone->negative_soa, text);
    ck_assert_str_eq(text, "example.com. 60 IN SOA Ns1.example.com. host.master.example.net. 7 2 3 4 60\n");
    ck_assert_uint_eq(zones_at(zones, 1)->negative_soa->ttl_s, 30); /* the TTL is smaller */
    ck_assert_uint_eq(zones_at(zones, 1)->serial, 4294967295u);

    struct zones_match mail = zones_find(zones, (const uint8_t *)"\4mail\7example\3com", 18, RDATA_A);
    ck_assert_uint_eq(mail.rrset->ttl_s, 60); /* the smallest, RFC 2181 section 5.2 */
    decode("smallest TTL", "mail.example.com.", mail.node->owner, mail.rrset, text);
    ck_assert_str_eq(text, "mail.example.com. 60 IN A 192.0.2.2\nmail.example.com. 60 IN A 192.0.2.3\n");
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

START_TEST(glue)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_zone(&fixture, "example.com.", ZONE);
    struct zones *zones = zones_build(&fixture.config, NULL, &fixture.err);
    ck_assert_ptr_nonnull(zones);

    struct zones_match match = zones_find(zones, (const uint8_t *)"\1x\3cut\7example\3com", 19, RDATA_A);
    ck_assert_int_eq(match.outcome, ZONES_REFERRAL);
    ck_assert_uint_eq(match.node->glue_count, 3); /* ns.example.net is elsewhere */
    static const struct {
        const char *name;
        size_t length;
        const char *a;
        bool aaaa;
    } rows[] = {
        {"\2ns\3Cut", 7, "\300\0\2\65", true},
        {"\2ns\5other", 9, "\300\0\2\66", false},
        {"\3ns1", 4, "\300\0\2\1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct zones_glue *server = &match.node->glue[i];
        ck_assert_mem_eq(match.rrset->octets + server->name_at, rows[i].name, rows[i].length);
        ck_assert_mem_eq(server->a->octets + 12, rows[i].a, 4);
        ck_assert_int_eq(server->aaaa != NULL, rows[i].aaaa);
    }
    ck_assert_ptr_eq(match.node->cut, match.node);
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

/* In the root zone nothing is gained by compressing against the origin. */
START_TEST(root_origin)
{
    struct fixture fixture;
    char text[TEXT_MAX];
    fixture_open(&fixture);
    fixture_zone(&fixture, ".", "$TTL 30\n@ SOA a.nic. h.nic. 1 2 3 4 5\n@ NS a.nic.\na.nic A 192.0.2.1\n");
    struct zones *zones = fixture_build(&fixture);
    struct zones_match match = zones_find(zones, (const uint8_t *)"", 1, RDATA_NS);
    ck_assert_uint_eq(match.rrset->origin_ref_count, 0);
    decode("NS", ".", match.node->owner, match.rrset, text);
    ck_assert_str_eq(text, ". 30 IN NS a.nic.\n");
    zones_free(zones);
    fixture_close(&fixture);
}
END_TEST

CHECK_MAIN("zones/freeze", finished_octets, ttl_and_soa, glue, root_origin)
