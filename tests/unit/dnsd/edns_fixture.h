// SPDX-License-Identifier: MIT
/* A small zone served by a configuration whose beginning a test chooses; questions with options in hex; answers as a
 * line of text. */
#pragma once

#include "dnsd/respond.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/lib_query.h"

#define NOW_MS UINT64_C(1559731985000) /* of RFC 9018 appendix A.1 */
#define CLIENT "198.51.100.100"

static const char zone_text[] =
    "$TTL 1h\n"
    "@ SOA ns1 host 7 7200 1800 1209600 300\n"
    "@ NS ns1\n"
    "ns1 A 192.0.2.53\n"
    "both A 192.0.2.1\nboth AAAA 2001:db8::1\nboth TXT \"text\"\n"
    "mix TXT \"beside\"\nmix A 192.0.2.99\n"
    "*.star A 192.0.2.2\n"
    "*.spin CNAME x.spin\n"
    "one CNAME two\ntwo CNAME one\n"
    "d1 DNAME d2\nd2 DNAME d1\n"
    "in NS ns1.in\nin NS ns2.in\nin NS ns3.in\nin NS ns4.in\nin NS ns5.in\nin NS ns6.in\nin NS ns7.in\n"
    "ns1.in A 192.0.2.1\nns2.in A 192.0.2.2\nns3.in A 192.0.2.3\nns4.in A 192.0.2.4\nns5.in A 192.0.2.5\n"
    "ns6.in A 192.0.2.6\nns7.in A 192.0.2.7\nns1.in AAAA 2001:db8::1\nns2.in AAAA 2001:db8::2\n"
    "ns3.in AAAA 2001:db8::3\nns4.in AAAA 2001:db8::4\nns5.in AAAA 2001:db8::5\nns6.in AAAA 2001:db8::6\n"
    "ns7.in AAAA 2001:db8::7\n"
    "sib NS ns1.in\nsib NS ns2.in\nsib NS ns3.in\nsib NS ns4.in\nsib NS ns5.in\nsib NS ns6.in\nsib NS "
    "ns7.in\n"
    "m CNAME n0\n"
    "n0 CNAME n1\nn1 CNAME n2\nn2 CNAME n3\nn3 CNAME n4\n"
    "n4 CNAME n5\nn5 CNAME n6\nn6 CNAME n7\nn7 CNAME n8\n"
    "n8 CNAME n9\nn9 CNAME n10\nn10 CNAME n11\nn11 CNAME n12\n"
    "n12 CNAME n13\nn13 CNAME n14\nn14 CNAME n15\nn15 CNAME n16\n"
    "n16 A 192.0.2.16\n"
    "sib NS ns.sib\nns.sib A 192.0.2.8\n";

/* --- a serving from the text above and a configuration's beginning -------------------------------------------- */

struct fixture {
    char folder[64];
    struct snapshot *snapshot;
    struct health_view *view;
    struct serving serving;
};

static inline void write_file(const struct fixture *f, const char *name, const char *head, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%s%s", head, text);
    fclose(file);
}

/* With `more` at the end of the zone. */
static inline void set_up_zone(struct fixture *f, const char *config_head, const char *more)
{
    struct err err = ERR_INIT;
    char path[128];
    snprintf(f->folder, sizeof f->folder, "/tmp/meridian-edns-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(f->folder));
    write_file(f, "zone", zone_text, more);
    write_file(f, "secrets", "e5e973e5a6b2a43f48e7dc849e37bfcf\n", "");
    snprintf(path, sizeof path, "%s/secrets", f->folder);
    chmod(path, 0600);
    write_file(f, "meridian.yaml", config_head,
               "sites: { fra: { at: [50, 8] } }\n"
               "services: { www: { members: { fra: { a: [192.0.2.10], aaaa: [\"2001:db8::10\"] } } } }\n"
               "zones: { example.com: { file: zone, steer: { www: www, mix: www, \"*.users\": www } } }\n");
    snprintf(path, sizeof path, "%s/meridian.yaml", f->folder);
    f->snapshot = snapshot_load(path, NULL, &err);
    if (f->snapshot == NULL)
        err_print(&err, stderr);
    ck_assert_ptr_nonnull(f->snapshot);
    err_free(&err);
    f->view = health_view_create(f->snapshot->config, NULL);
    f->serving = (struct serving){.snapshot = f->snapshot, .health = f->view};
}

static inline void set_up(struct fixture *f, const char *config_head)
{
    set_up_zone(f, config_head, "");
}

static inline void tear_down(struct fixture *f)
{
    static const char *const names[] = {"meridian.yaml", "zone", "secrets"};
    health_view_free(f->view);
    snapshot_free(f->snapshot);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
        unlink(path);
    }
    rmdir(f->folder);
}

#define COOKIES "cookies: { secret_file: secrets }"
#define SERVER  "server: { nsid: ns-1, version: \"v 1\", " COOKIES " }\n"

/* --- questions, and answers as a line of text ----------------------------------------------------------------- */

static inline size_t octets_of(const char *hex, uint8_t *out)
{
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        unsigned octet;
        ck_assert_int_eq(sscanf(hex + 2 * i, "%2x", &octet), 1);
        out[i] = (uint8_t)octet;
    }
    return size;
}

static inline struct respond_client client_of(bool tcp)
{
    struct respond_client client = {.tcp = tcp, .idle_ms = tcp ? 10000 : 0, .now_ms = NOW_MS};
    ck_assert(addr_parse(CLIENT, &client.addr));
    return client;
}

/* " code=hex" for every option but padding, of which only the length counts. */
static inline void append_options(char *text, size_t room, ldns_pkt *packet)
{
    ldns_rdf *data = ldns_pkt_edns_data(packet);
    if (data == NULL)
        return;
    struct wire_reader r = wire_reader_of(ldns_rdf_data(data), ldns_rdf_size(data));
    while (wire_left(&r) > 0) {
        unsigned code = wire_u16(&r), size = wire_u16(&r);
        const uint8_t *octets = wire_take(&r, size);
        ck_assert_ptr_nonnull(octets);
        size_t at = strlen(text);
        at += (size_t)snprintf(text + at, room - at, " %u=", code);
        for (unsigned i = 0; i < size && code != OPTION_PADDING; i++)
            at += (size_t)snprintf(text + at, room - at, "%02x", octets[i]);
    }
}

/* "RCODE flags question/answer/authority/additional options"; "silence" for no response. The last count includes
 * the OPT record, which ldns leaves out of its own. */
static inline const char *decode(const uint8_t *message, size_t size, char text[1024])
{
    ldns_pkt *packet = NULL;
    if (size == 0)
        return "silence";
    ck_assert_int_eq(ldns_wire2pkt(&packet, message, size), LDNS_STATUS_OK);
    unsigned rcode = (unsigned)ldns_pkt_get_rcode(packet) | (unsigned)ldns_pkt_edns_extended_rcode(packet)
                                                                << 4;
    snprintf(text, 1024, "%u%s%s%s %u/%u/%u/%u", rcode, ldns_pkt_aa(packet) ? " aa" : "",
             ldns_pkt_tc(packet) ? " tc" : "", ldns_pkt_edns_do(packet) ? " do" : "",
             ldns_pkt_qdcount(packet), ldns_pkt_ancount(packet), ldns_pkt_nscount(packet),
             (unsigned)wire_load16(message + 10));
    append_options(text, 1024, packet);
    ldns_pkt_free(packet);
    return text;
}

static inline size_t ask(const struct fixture *f, const struct query_spec *spec, const char *options,
                         bool tcp, uint8_t *out)
{
    uint8_t packet[600], octets[200];
    struct query_spec full = *spec;
    struct respond_client client = client_of(tcp);
    full.options = octets;
    full.options_size = octets_of(options, octets);
    return respond(&f->serving, &client, packet, query_write(&full, packet, sizeof packet), out);
}
