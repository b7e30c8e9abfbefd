// SPDX-License-Identifier: MIT
/* The answer path from message to message, decoded by ldns: a table of questions and what is answered. */
#include "dnsd/respond.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/support/check_main.h"
#include "tests/support/lib_query.h"

static const char config_text[] =
    "server: { run_dir: . , nsid: ns-test }\n"
    "sites:\n"
    "  fra: { at: [50.03, 8.57] }\n"
    "  iad: { at: [38.95, -77.45] }\n"
    "  sin: { at: [1.36, 103.99] }\n"
    "maps:\n"
    "  default:\n"
    "    networks: { 10.1.0.0/16: [fra, iad, sin], 10.2.0.0/16: [iad, fra, sin], \"2001:db8:2::/48\": [iad] "
    "}\n"
    "    default: [sin, fra, iad]\n"
    "checks: { web: { type: http } }\n"
    "services:\n"
    "  www: { check: web, ttl: 30, members: {\n"
    "    fra: { a: [192.0.2.10, 192.0.2.11], aaaa: [\"2001:db8::10\"] },\n"
    "    iad: { a: [198.51.100.10] }, sin: { a: [203.0.113.10], aaaa: [\"2001:db8::30\"] } } }\n"
    "  duo: { mode: active-passive, check: web, ttl: 5, all_down: nodata,\n"
    "    members: { iad: { a: [198.51.100.20] }, fra: { a: [192.0.2.20] } } }\n"
    "  own: { check: web, ttl: 9, all_down: zone, members: { fra: { a: [192.0.2.30] } } }\n"
    "zones:\n"
    "  example.com: { file: com.zone, steer: { \"@\": www, www: www, \"*.users\": www, duo: duo, own: own } "
    "}\n"
    "  example.org: { file: org.zone }\n";

static const char com_zone[] =
    "$TTL 1h\n"
    "@ SOA ns1 host 7 7200 1800 1209600 300\n"
    "@ NS ns1\n"
    "@ MX 10 Mail\n"
    "ns1 A 192.0.2.53\n"
    "Mail A 192.0.2.25\n"
    "www TXT \"beside\"\n"
    "own A 192.0.2.99\n"
    "a CNAME b\n"
    "b CNAME www\n"
    "out CNAME www.example.net.\n"
    "over CNAME target.example.org.\n"
    "dangling CNAME nothing\n"
    "loop CNAME pool\n"
    "pool CNAME loop\n"
    "*.wild TXT \"star\"\n"
    "*.wildmx MX 5 mail\n"
    "*.wildcname CNAME www\n"
    "old DNAME new\n"
    "x.new A 192.0.2.77\n"
    "ring DNAME gnir\n"
    "gnir DNAME ring\n"
    "*.star CNAME same.star\n"
    "near NS ns1\n"
    "near NS own\n"
    "sub NS ns.sub\n"
    "sub NS ns.example.org.\n"
    "ns.sub A 192.0.2.54\n"
    "ns.sub AAAA 2001:db8::54\n"
    "big TXT \"0123456789012345678901234567890123456789012345678901234567890123456789\"\n"
    "big TXT \"1123456789012345678901234567890123456789012345678901234567890123456789\"\n"
    "big TXT \"2123456789012345678901234567890123456789012345678901234567890123456789\"\n"
    "big TXT \"3123456789012345678901234567890123456789012345678901234567890123456789\"\n"
    "big TXT \"4123456789012345678901234567890123456789012345678901234567890123456789\"\n"
    "big TXT \"5123456789012345678901234567890123456789012345678901234567890123456789\"\n"
    "big TXT \"6123456789012345678901234567890123456789012345678901234567890123456789\"\n";

static const char org_zone[] = "$TTL 600\n"
                               "@ SOA ns host 1 2 3 4 60\n"
                               "@ NS ns\n"
                               "ns A 192.0.2.55\n"
                               "target A 192.0.2.66\n"
                               "back CNAME www.example.com.\n";

/* --- a serving from the texts above, with a health table that tests write to -------------------------------- */

struct fixture {
    char folder[64];
    struct snapshot *snapshot;
    struct health_table *table;
    struct health_view *view;
    struct serving serving;
};

static void write_file(const struct fixture *f, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void create_table(struct fixture *f)
{
    const struct config *config = f->snapshot->config;
    struct health_slot_spec specs[16];
    struct err err = ERR_INIT;
    size_t count = 0;
    char path[128];
    for (size_t s = 0; s < config->service_count; s++)
        for (size_t m = 0; m < config->services[s].member_count; m++) {
            const struct config_member *member = &config->services[s].members[m];
            specs[count++] = (struct health_slot_spec){
                config->services[s].name, config->sites[member->site].name, member->addresses,
                (size_t)member->a_count + member->aaaa_count, HEALTH_WORD_UNKNOWN};
        }
    snprintf(path, sizeof path, "%s/health", f->folder);
    f->table = health_table_create(path, specs, count, &err);
    err_print(&err, stderr);
    ck_assert_ptr_nonnull(f->table);
}

static void set_up(struct fixture *f)
{
    struct err err = ERR_INIT;
    char path[128];
    snprintf(f->folder, sizeof f->folder, "/tmp/meridian-respond-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(f->folder));
    write_file(f, "meridian.yaml", config_text);
    write_file(f, "com.zone", com_zone);
    write_file(f, "org.zone", org_zone);
    snprintf(path, sizeof path, "%s/meridian.yaml", f->folder);
    f->snapshot = snapshot_load(path, NULL, &err);
    if (f->snapshot == NULL)
        err_print(&err, stderr);
    ck_assert_ptr_nonnull(f->snapshot);
    err_free(&err);
    create_table(f);
    f->view = health_view_create(f->snapshot->config, f->table);
    ck_assert_uint_eq(health_view_unbound(f->view), 0);
    f->serving = (struct serving){f->snapshot, f->view, NULL};
}

static void tear_down(struct fixture *f)
{
    static const char *const names[] = {"meridian.yaml", "com.zone", "org.zone", "health"};
    health_view_free(f->view);
    health_table_close(f->table);
    snapshot_free(f->snapshot);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
        unlink(path);
    }
    rmdir(f->folder);
}

/* Every address of every member up, but those of the sites named in `down`, for all services. */
static void set_down(struct fixture *f, const char *down)
{
    for (size_t i = 0; i < health_table_count(f->table); i++) {
        bool is_down = strstr(down, health_table_slot(f->table, i)->site) != NULL;
        uint64_t word = HEALTH_WORD_UNKNOWN & ~HEALTH_UNKNOWN;
        health_table_store(f->table, i, is_down ? word & ~HEALTH_ADDRESSES : word);
    }
}

/* --- questions and decoded answers -------------------------------------------------------------------------- */

static size_t ask(const struct fixture *f, const struct query_spec *spec, bool tcp, uint8_t *out)
{
    uint8_t packet[600];
    size_t size = query_write(spec, packet, sizeof packet);
    struct respond_client client = {.tcp = tcp};
    ck_assert(addr_parse("10.1.2.3", &client.addr));
    return respond(&f->serving, &client, packet, size, out);
}

static void append(char *text, size_t room, const char *more)
{
    size_t length = strlen(text);
    snprintf(text + length, room - length, "%s", more);
}

static void append_section(char *text, size_t room, ldns_rr_list *section)
{
    append(text, room, " |");
    for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++) {
        char *line = ldns_rr2str(ldns_rr_list_rr(section, i));
        for (char *c = line; *c != '\0'; c++)
            *c = *c == '\t' ? ' ' : *c == '\n' ? ';' : *c;
        append(text, room, " ");
        append(text, room, line);
        free(line);
    }
}

/* "RCODE flags | answer | authority | additional" */
static void decode(const uint8_t *message, size_t size, char *text, size_t room)
{
    ldns_pkt *packet = NULL;
    ck_assert_int_eq(ldns_wire2pkt(&packet, message, size), LDNS_STATUS_OK);
    char *rcode = ldns_pkt_rcode2str(ldns_pkt_get_rcode(packet));
    snprintf(text, room, "%s%s%s", rcode, ldns_pkt_aa(packet) ? " aa" : "", ldns_pkt_tc(packet) ? " tc" : "");
    append_section(text, room, ldns_pkt_answer(packet));
    append_section(text, room, ldns_pkt_authority(packet));
    append_section(text, room, ldns_pkt_additional(packet));
    ck_assert(ldns_pkt_qr(packet) && !ldns_pkt_ra(packet) && !ldns_pkt_ad(packet));
    ck_assert_uint_eq(ldns_pkt_id(packet), 0x4d44);
    free(rcode);
    ldns_pkt_free(packet);
}

#define SOA_COM "example.com. 300 IN SOA ns1.example.com. host.example.com. 7 7200 1800 1209600 300;"
#define SOA_ORG "example.org. 60 IN SOA ns.example.org. host.example.org. 1 2 3 4 60;"

static const struct {
    const char *message, *name;
    unsigned type;
    const char *down, *expected;
} questions[] = {
    {"static", "mail.example.com", 1, "", "NOERROR aa | mail.example.com. 3600 IN A 192.0.2.25; | |"},
    {"the question's case", "MAIL.example.COM", 1, "",
     "NOERROR aa | MAIL.example.COM. 3600 IN A 192.0.2.25; | |"},
    {"the zone file's case in RDATA", "example.com", 15, "",
     "NOERROR aa | example.com. 3600 IN MX 10 Mail.example.com.; | |"},
    {"NODATA", "mail.example.com", 16, "", "NOERROR aa | | " SOA_COM " |"},
    {"NXDOMAIN", "no.such.example.com", 1, "", "NXDOMAIN aa | | " SOA_COM " |"},
    {"not ours", "www.example.net", 1, "", "REFUSED | | |"},
    {"the root, not ours", ".", 2, "", "REFUSED | | |"},
    {"steered", "www.example.com", 1, "",
     "NOERROR aa | www.example.com. 30 IN A 192.0.2.10; www.example.com. 30 IN A 192.0.2.11; | |"},
    {"steered, the nearest is down", "www.example.com", 1, "fra",
     "NOERROR aa | www.example.com. 30 IN A 198.51.100.10; | |"},
    {"steered, only the farthest is up", "www.example.com", 1, "fra iad",
     "NOERROR aa | www.example.com. 30 IN A 203.0.113.10; | |"},
    {"steered, all down, serve-all", "www.example.com", 1, "fra iad sin",
     "NOERROR aa | www.example.com. 30 IN A 192.0.2.10; www.example.com. 30 IN A 192.0.2.11; | |"},
    {"steered, the family the next site lacks", "www.example.com", 28, "fra",
     "NOERROR aa | www.example.com. 30 IN AAAA 2001:db8::30; | |"},
    {"steered apex", "example.com", 28, "", "NOERROR aa | example.com. 30 IN AAAA 2001:db8::10; | |"},
    {"steered wildcard", "joe.users.example.com", 28, "",
     "NOERROR aa | joe.users.example.com. 30 IN AAAA 2001:db8::10; | |"},
    {"other types of a steered name", "www.example.com", 16, "",
     "NOERROR aa | www.example.com. 3600 IN TXT \"beside\"; | |"},
    {"a type nobody has", "www.example.com", 15, "", "NOERROR aa | | " SOA_COM " |"},
    {"ANY of a steered name", "duo.example.com", 255, "",
     "NOERROR aa | duo.example.com. 5 IN A 198.51.100.20; | |"},
    {"active-passive: the first", "duo.example.com", 1, "",
     "NOERROR aa | duo.example.com. 5 IN A 198.51.100.20; | |"},
    {"active-passive: the second", "duo.example.com", 1, "iad",
     "NOERROR aa | duo.example.com. 5 IN A 192.0.2.20; | |"},
    {"active-passive, all down, nodata", "duo.example.com", 1, "iad fra", "NOERROR aa | | " SOA_COM " |"},
    {"active-passive, a family nobody serves", "duo.example.com", 28, "", "NOERROR aa | | " SOA_COM " |"},
    {"all_down: zone, while up", "own.example.com", 1, "",
     "NOERROR aa | own.example.com. 9 IN A 192.0.2.30; | |"},
    {"all_down: zone", "own.example.com", 1, "fra",
     "NOERROR aa | own.example.com. 3600 IN A 192.0.2.99; | |"},
    {"CNAME asked for", "a.example.com", 5, "",
     "NOERROR aa | a.example.com. 3600 IN CNAME b.example.com.; | |"},
    {"CNAME chain to a steered name", "a.example.com", 1, "fra",
     "NOERROR aa | a.example.com. 3600 IN CNAME b.example.com.; b.example.com. 3600 IN CNAME "
     "www.example.com.; "
     "www.example.com. 30 IN A 198.51.100.10; | |"},
    {"CNAME out of what is served", "out.example.com", 1, "",
     "NOERROR aa | out.example.com. 3600 IN CNAME www.example.net.; | |"},
    {"CNAME into another zone", "over.example.com", 1, "",
     "NOERROR aa | over.example.com. 3600 IN CNAME target.example.org.; target.example.org. 600 IN A "
     "192.0.2.66; | |"},
    {"NODATA at the end of it", "over.example.com", 28, "",
     "NOERROR aa | over.example.com. 3600 IN CNAME target.example.org.; | " SOA_ORG " |"},
    {"and back", "back.example.org", 28, "",
     "NOERROR aa | back.example.org. 600 IN CNAME www.example.com.; www.example.com. 30 IN AAAA "
     "2001:db8::10; | |"},
    {"dangling CNAME", "dangling.example.com", 1, "",
     "NXDOMAIN aa | dangling.example.com. 3600 IN CNAME nothing.example.com.; | " SOA_COM " |"},
    {"CNAME loop", "loop.example.com", 1, "",
     "NOERROR aa | loop.example.com. 3600 IN CNAME pool.example.com.; "
     "pool.example.com. 3600 IN CNAME loop.example.com.; | |"},
    {"wildcard", "x.y.wild.example.com", 16, "",
     "NOERROR aa | x.y.wild.example.com. 3600 IN TXT \"star\"; | |"},
    {"wildcard, compressed RDATA", "longer.name.wildmx.example.com", 15, "",
     "NOERROR aa | longer.name.wildmx.example.com. 3600 IN MX 5 mail.example.com.; | |"},
    {"wildcard CNAME", "z.wildcname.example.com", 28, "",
     "NOERROR aa | z.wildcname.example.com. 3600 IN CNAME www.example.com.; "
     "www.example.com. 30 IN AAAA 2001:db8::10; | |"},
    {"wildcard, NODATA", "x.wild.example.com", 1, "", "NOERROR aa | | " SOA_COM " |"},
    {"empty non-terminal", "new.example.com", 1, "", "NOERROR aa | | " SOA_COM " |"},
    {"DNAME", "x.old.example.com", 1, "",
     "NOERROR aa | old.example.com. 3600 IN DNAME new.example.com.; x.old.example.com. 3600 IN CNAME "
     "x.new.example.com.; x.new.example.com. 3600 IN A 192.0.2.77; | |"},
    {"DNAME, its CNAME asked for", "y.old.example.com", 5, "",
     "NOERROR aa | old.example.com. 3600 IN DNAME new.example.com.; y.old.example.com. 3600 IN CNAME "
     "y.new.example.com.; | |"},
    {"DNAME to nothing", "y.old.example.com", 1, "",
     "NXDOMAIN aa | old.example.com. 3600 IN DNAME new.example.com.; y.old.example.com. 3600 IN CNAME "
     "y.new.example.com.; | " SOA_COM " |"},
    {"DNAME, asked for the CNAME it stands for", "y.old.example.com", 5, "",
     "NOERROR aa | old.example.com. 3600 IN DNAME new.example.com.; y.old.example.com. 3600 IN CNAME "
     "y.new.example.com.; | |"},
    {"DNAME loop: every record once", "x.ring.example.com", 1, "",
     "NOERROR aa | ring.example.com. 3600 IN DNAME gnir.example.com.; x.ring.example.com. 3600 IN CNAME "
     "x.gnir.example.com.; gnir.example.com. 3600 IN DNAME ring.example.com.; x.gnir.example.com. 3600 IN "
     "CNAME x.ring.example.com.; | |"},
    {"wildcard CNAME to itself", "x.star.example.com", 1, "",
     "NOERROR aa | x.star.example.com. 3600 IN CNAME same.star.example.com.; same.star.example.com. 3600 IN "
     "CNAME same.star.example.com.; | |"},
    {"referral to name servers with authoritative addresses, of a steered one the fallback",
     "x.near.example.com", 1, "",
     "NOERROR | | near.example.com. 3600 IN NS ns1.example.com.; near.example.com. 3600 IN NS "
     "own.example.com.; | "
     "ns1.example.com. 3600 IN A 192.0.2.53; own.example.com. 3600 IN A 192.0.2.99;"},
    {"referral with glue", "www.sub.example.com", 1, "",
     "NOERROR | | sub.example.com. 3600 IN NS ns.sub.example.com.; sub.example.com. 3600 IN NS "
     "ns.example.org.; | "
     "ns.sub.example.com. 3600 IN A 192.0.2.54; ns.sub.example.com. 3600 IN AAAA 2001:db8::54;"},
};

START_TEST(answers_questions)
{
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        uint8_t out[RESPOND_UDP_MAX];
        char text[4096];
        struct query_spec spec = {.name = questions[i].name, .type = questions[i].type, .edns = i % 2};
        set_down(&f, questions[i].down);
        decode(out, ask(&f, &spec, false, out), text, sizeof text);
        ck_assert_msg(strcmp(text, questions[i].expected) == 0, "%s:\nexpected %s\ngot      %s",
                      questions[i].message, questions[i].expected, text);
    }
    tear_down(&f);
}
END_TEST

/* --- client subnets ------------------------------------------------------------------------------------------- */

static const struct {
    const char *message, *name, *subnet, *down, *address;
    unsigned scope;
} subnets[] = {
    {"the subnet decides, not the resolver", "www.example.com", "10.2.7.0/24", "", "198.51.100.10", 16},
    {"the resolver's own", "www.example.com", "10.1.7.0/24", "", "192.0.2.10", 16},
    {"a full address", "www.example.com", "10.2.7.9/32", "", "198.51.100.10", 16},
    {"IPv6", "www.example.com", "2001:db8:2::/48", "", "198.51.100.10", 48},
    {"source 0: the resolver's address, scope 0", "www.example.com", "0.0.0.0/0", "", "192.0.2.10", 0},
    {"the nearest is down: the next, the same scope", "www.example.com", "10.2.7.0/24", "iad", "192.0.2.10",
     16},
    {"active-passive is the same for everyone", "duo.example.com", "10.1.7.0/24", "", "198.51.100.20", 0},
    {"static data", "mail.example.com", "10.2.7.0/24", "", "192.0.2.25", 0},
    {"a chain has the scope of its end", "a.example.com", "10.2.7.0/24", "", "198.51.100.10", 16},
};

START_TEST(honours_client_subnets)
{
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < sizeof subnets / sizeof *subnets; i++) {
        uint8_t option[64], out[RESPOND_UDP_MAX], expected[64];
        char text[4096];
        struct query_spec spec = {.name = subnets[i].name, .type = 1, .edns = true, .options = option};
        spec.options_size = query_ecs_of(option, subnets[i].subnet);
        set_down(&f, subnets[i].down);
        size_t size = ask(&f, &spec, false, out);
        decode(out, size, text, sizeof text);
        ck_assert_msg(strstr(text, subnets[i].address) != NULL, "%s: %s", subnets[i].message, text);
        /* The option comes back as it was, with the scope, at the end of the message. */
        memcpy(expected, option, spec.options_size);
        expected[7] = (uint8_t)subnets[i].scope;
        ck_assert_msg(memcmp(out + size - spec.options_size, expected, spec.options_size) == 0,
                      "%s: scope %u", subnets[i].message, out[size - spec.options_size + 7]);
    }
    tear_down(&f);
}
END_TEST

/* --- sizes ---------------------------------------------------------------------------------------------------- */

START_TEST(an_answer_fits_or_is_empty_with_tc)
{
    static const struct {
        const char *message;
        bool edns, tcp, fits;
        unsigned udp_size;
    } rows[] = {
        {"no EDNS: 512", false, false, false, 0},         {"EDNS 512", true, false, false, 512},
        {"EDNS 1: counts as 512", true, false, false, 1}, {"EDNS 700", true, false, true, 700},
        {"EDNS 65535", true, false, true, 65535},         {"TCP", false, true, true, 0},
    };
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static uint8_t out[RESPOND_TCP_MAX];
        char text[4096];
        struct query_spec spec = {
            .name = "big.example.com", .type = 16, .edns = rows[i].edns, .udp_size = rows[i].udp_size};
        size_t size = ask(&f, &spec, rows[i].tcp, out);
        decode(out, size, text, sizeof text);
        if (rows[i].fits)
            ck_assert_msg(size > 512 && strncmp(text, "NOERROR aa | big", 16) == 0, "%s: %s", rows[i].message,
                          text);
        else
            ck_assert_msg(size < 100 && strcmp(text, "NOERROR aa tc | | |") == 0, "%s: %s", rows[i].message,
                          text);
    }
    tear_down(&f);
}
END_TEST

START_TEST(nsid_is_told_to_who_asks)
{
    static const uint8_t option[] = {0, 3, 0, 0},
                         expected[] = {0, 3, 0, 7, 'n', 's', '-', 't', 'e', 's', 't'};
    struct fixture f;
    uint8_t out[RESPOND_UDP_MAX];
    set_up(&f);
    struct query_spec spec = {.name = "mail.example.com",
                              .type = 1,
                              .edns = true,
                              .options = option,
                              .options_size = sizeof option};
    size_t size = ask(&f, &spec, false, out);
    ck_assert_mem_eq(out + size - sizeof expected, expected, sizeof expected);
    spec.options_size = 0;
    ck_assert_uint_eq(ask(&f, &spec, false, out), size - sizeof expected);
    tear_down(&f);
}
END_TEST

START_TEST(a_flip_is_seen_by_the_next_query_and_address_by_address)
{
    struct fixture f;
    uint8_t out[RESPOND_UDP_MAX];
    char text[4096];
    set_up(&f);
    struct query_spec spec = {.name = "www.example.com", .type = 1};
    const struct health_slot *slot = health_table_find(f.table, "www", "fra");
    struct addr second;
    ck_assert(addr_parse("192.0.2.11", &second));
    uint64_t bit = UINT64_C(1) << health_slot_bit(slot, &second);
    for (size_t i = 0; i < health_table_count(f.table); i++)
        if (health_table_slot(f.table, i) == slot)
            health_table_store(f.table, i, HEALTH_WORD_UNKNOWN & ~bit);
    decode(out, ask(&f, &spec, false, out), text, sizeof text);
    ck_assert_str_eq(text, "NOERROR aa | www.example.com. 30 IN A 192.0.2.10; | |");
    tear_down(&f);
}
END_TEST

/* --- hostile messages ------------------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Well-formed questions with octets changed, cut off, or added: whatever comes out keeps the id, fits, and
 * parses; and what is no query gets nothing. */
START_TEST(hostile_messages_get_sound_answers_or_none)
{
    struct fixture f;
    uint32_t random = 1;
    unsigned answered = 0;
    set_up(&f);
    for (unsigned round = 0; round < 200000; round++) {
        uint8_t option[64], packet[600], out[RESPOND_UDP_MAX];
        struct query_spec spec = {.name = questions[round % (sizeof questions / sizeof *questions)].name,
                                  .type = questions[round % (sizeof questions / sizeof *questions)].type,
                                  .edns = true,
                                  .options = option};
        spec.options_size = query_ecs_of(option, subnets[round % (sizeof subnets / sizeof *subnets)].subnet);
        size_t size = query_write(&spec, packet, sizeof packet);
        for (unsigned i = next_random(&random) % 4; i > 0; i--)
            packet[2 + next_random(&random) % (size - 2)] = (uint8_t)next_random(&random);
        if (next_random(&random) % 4 == 0)
            size = next_random(&random) % size;
        struct respond_client client = {.addr = {.family = ADDR_V4, .octets = {10, 1, 0, 1}}};
        size_t length = respond(&f.serving, &client, packet, size, out);
        if (length == 0) {
            ck_assert(size < 12 || (packet[2] & 0x80));
            continue;
        }
        ck_assert(length >= 12 && length <= RESPOND_UDP_MAX);
        ck_assert_mem_eq(out, packet, 2);
        ck_assert(out[2] & 0x80);
        ldns_pkt *decoded = NULL;
        ck_assert_msg(ldns_wire2pkt(&decoded, out, length) == LDNS_STATUS_OK, "round %u", round);
        ldns_pkt_free(decoded);
        answered++;
    }
    ck_assert_uint_gt(answered, 100000);
    tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/respond", answers_questions, honours_client_subnets, an_answer_fits_or_is_empty_with_tc,
           nsid_is_told_to_who_asks, a_flip_is_seen_by_the_next_query_and_address_by_address,
           hostile_messages_get_sound_answers_or_none)
