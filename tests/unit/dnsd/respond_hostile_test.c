// SPDX-License-Identifier: MIT
/* Any flags, any options, any octets: what must hold of every response. */
#include <string.h>

#include "tests/unit/dnsd/edns_fixture.h"

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Any options, sound or not, a few at a time. Returns their size. */
static size_t random_options(uint32_t *random, uint8_t out[256])
{
    static const uint8_t codes[] = {3, 8, 10, 10, 11, 12, 15, 255};
    static const uint8_t sizes[] = {0, 0, 2, 7, 8, 8, 16, 24, 40, 41};
    struct wire_writer w = wire_writer_of(out, 256);
    for (unsigned i = next_random(random) % 5; i > 0; i--) {
        size_t size = sizes[next_random(random) % sizeof sizes];
        wire_put16(&w, codes[next_random(random) % sizeof codes]);
        wire_put16(&w, (unsigned)size);
        for (; size > 0; size--)
            wire_put8(&w, next_random(random) & 0xff);
    }
    return wire_written(&w);
}

static size_t count_opt(const ldns_pkt *packet)
{
    return ldns_pkt_edns(packet) ? 1 : 0;
}

/* What must hold of any response to `packet`: id, question and opcode as asked, within the limits, sound. */
static void check_response(const uint8_t *packet, size_t size, const struct query_spec *spec, bool changed,
                           bool tcp, const uint8_t *out, size_t length, unsigned round)
{
    size_t limit = !spec->edns || spec->udp_size < 512 ? 512 : spec->udp_size > 1232 ? 1232 : spec->udp_size;
    ck_assert_msg(length >= 12 && length <= (tcp       ? RESPOND_TCP_MAX
                                             : changed ? RESPOND_UDP_MAX
                                                       : limit),
                  "round %u: %zu octets of %zu", round, length, limit);
    ck_assert_mem_eq(out, packet, 2);
    ck_assert((out[2] & 0xf8) == (0x80 | (packet[2] & 0x78)));
    ldns_pkt *decoded = NULL;
    ck_assert_msg(ldns_wire2pkt(&decoded, out, length) == LDNS_STATUS_OK, "round %u", round);
    if (out[5] == 1) { /* the question: octet by octet, up to class */
        size_t end = 12;
        while (packet[end] != 0)
            end += packet[end] + 1u;
        ck_assert_uint_le(end + 5, size);
        ck_assert_mem_eq(out + 12, packet + 12, end + 5 - 12);
    }
    /* ldns takes OPT out of the section: another would still be there. */
    for (size_t i = 0; i < ldns_rr_list_rr_count(ldns_pkt_additional(decoded)); i++)
        ck_assert_int_ne(ldns_rr_get_type(ldns_rr_list_rr(ldns_pkt_additional(decoded), i)),
                         LDNS_RR_TYPE_OPT);
    ck_assert_uint_le(count_opt(decoded), changed || spec->edns ? 1 : 0);
    ldns_pkt_free(decoded);
}

START_TEST(hostile_options_get_sound_answers)
{
    static const char *const names[] = {"both.example.com",
                                        "X.IN.example.com",
                                        "www.EXAMPLE.com",
                                        "y.spin.example.com",
                                        "no.example.com",
                                        "example.net",
                                        ".",
                                        "a.d1.example.com"};
    static const uint16_t types[] = {1, 28, 16, 255, 252, 250, 43, 0, 65535};
    static uint8_t out[RESPOND_TCP_MAX];
    struct fixture f;
    uint32_t random = 3;
    unsigned answered = 0;
    set_up(&f, "server: { nsid: "
               "a-name-server-identifier-that-is-as-long-as-an-operator-may-want-it-to-be-one-hundred-"
               "and-twenty-eight-octets-no-more-xxxxx"
               ", any: full }\n");
    for (unsigned round = 0; round < 200000; round++) {
        uint8_t options[256], packet[600];
        struct query_spec spec = {.name = names[next_random(&random) % 8],
                                  .type = types[next_random(&random) % 9],
                                  .flags = next_random(&random) % 8 ? 0 : next_random(&random) & 0x7fff,
                                  .edns = next_random(&random) % 8 != 0,
                                  .udp_size = 1 + next_random(&random) % 2000,
                                  .options = options};
        bool tcp = next_random(&random) % 4 == 0, changed = next_random(&random) % 4 == 0;
        spec.options_size = random_options(&random, options);
        size_t size = query_write(&spec, packet, sizeof packet);
        if (changed)
            packet[2 + next_random(&random) % (size - 2)] = (uint8_t)next_random(&random);
        struct respond_client client = client_of(tcp);
        size_t length = respond(&f.serving, &client, packet, size, out);
        ck_assert((length == 0) == ((packet[2] & 0x80) != 0));
        if (length == 0)
            continue;
        check_response(packet, size, &spec, changed, tcp, out, length, round);
        answered++;
    }
    ck_assert_uint_gt(answered, 150000);
    tear_down(&f);
}
END_TEST

CHECK_MAIN("dnsd/respond, hostile", hostile_options_get_sound_answers)
