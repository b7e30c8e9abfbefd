// SPDX-License-Identifier: MIT
#include "tests/peers/question.h"

#include <string.h>

#include "core/base/wire.h"

enum { TYPE_SOA = 6, TYPE_OPT = 41, CLASS_IN = 1, FLAG_RD = 0x0100, PLAIN_SIZE = 512, EDNS_SIZE = 1232 };

const struct question_way question_ways[] = {
    {"udp", false, false, false, 0},
    {"udp bufsize 512", false, true, false, 512},
    {"udp bufsize 1232", false, true, false, 1232},
    {"udp bufsize 1232 do", false, true, true, 1232},
    {"udp bufsize 4096 do", false, true, true, 4096},
    {"udp bufsize 800", false, true, false, 800},
    {"udp bufsize 100", false, true, false, 100},
    {"tcp", true, false, false, 0},
    {"tcp do", true, true, true, 1232},
};
const size_t question_way_count = sizeof question_ways / sizeof *question_ways;

size_t question_limit(const struct question *q)
{
    if (q->way->tcp)
        return 65535;
    if (q->way->udp_size <= PLAIN_SIZE)
        return PLAIN_SIZE;
    return q->way->udp_size < EDNS_SIZE ? q->way->udp_size : EDNS_SIZE;
}

/* --- pieces of a message ---------------------------------------------------------------------------------- */

static void put_header(struct wire_writer *w, unsigned flags, unsigned questions, unsigned answers,
                       unsigned authorities, unsigned additionals)
{
    wire_put16(w, QUESTION_ID);
    wire_put16(w, flags);
    wire_put16(w, questions);
    wire_put16(w, answers);
    wire_put16(w, authorities);
    wire_put16(w, additionals);
}

static void put_question(struct wire_writer *w, const struct name *name, unsigned type, unsigned class)
{
    wire_put(w, name->octets, name->length);
    wire_put16(w, type);
    wire_put16(w, class);
}

static void put_opt(struct wire_writer *w, unsigned udp_size, uint32_t ttl, const void *options, size_t size)
{
    wire_put8(w, 0);
    wire_put16(w, TYPE_OPT);
    wire_put16(w, udp_size);
    wire_put32(w, ttl);
    wire_put16(w, (unsigned)size);
    wire_put(w, options, size);
}

void question_write(struct question *q, const struct name *name, uint16_t type,
                    const struct question_way *way, bool recursion_desired)
{
    struct wire_writer w = wire_writer_of(q->packet, sizeof q->packet);
    q->way = way;
    q->oddity = NULL;
    q->name = *name;
    q->type = type;
    q->class = CLASS_IN;
    put_header(&w, recursion_desired ? FLAG_RD : 0, 1, 0, 0, way->edns);
    put_question(&w, name, type, CLASS_IN);
    if (way->edns)
        put_opt(&w, way->udp_size, way->dnssec_ok ? 0x8000 : 0, "", 0);
    q->size = wire_written(&w);
}

/* --- odd packets: one row each ------------------------------------------------------------------------------ */

enum shape {
    PLAIN,       /* header and question as the row says */
    TWICE,       /* the question two times */
    NO_QUESTION, /* the header alone */
    OPT_RECORD,  /* with an OPT record: TTL and options of the row */
    OPT_TWICE,
    OPT_AS_ANSWER,
    OPT_OWNED, /* an OPT that is not owned by the root */
    OPT_CUT,   /* an option longer than the record */
    TRAILING,  /* octets behind the message */
    MISSING,   /* the header promises a record that is not there */
    CUT,       /* the question stops after its name */
    POINTER,   /* the question's name is a compression pointer to itself */
    RESERVED,  /* the question's name has a label of type 01 */
    TOO_LONG,  /* a name of 256 octets */
    SHORT,     /* half a header */
    UPDATE,    /* SOA question and an A record in the authority section */
    ANSWERED,  /* a query with a record in the answer section */
};

static const struct odd {
    const char *text;
    enum shape shape;
    unsigned flags, type, class;
    uint32_t opt_ttl;
    const char *options; /* of OPT_RECORD, the octets */
    size_t options_size;
} odds[] = {
    {"flag AD", PLAIN, 0x0020, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"flag CD", PLAIN, 0x0010, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"flag Z", PLAIN, 0x0040, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"flag AA", PLAIN, 0x0400, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"flag TC", PLAIN, 0x0200, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"flag RA", PLAIN, 0x0080, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"flag QR", PLAIN, 0x8000, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"rcode set", PLAIN, 0x0003, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"opcode IQUERY", PLAIN, 1 << 11, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"opcode STATUS", PLAIN, 2 << 11, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"opcode 3", PLAIN, 3 << 11, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"opcode NOTIFY", PLAIN, 4 << 11, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"opcode UPDATE", UPDATE, 5 << 11, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"opcode DSO", PLAIN, 6 << 11, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"opcode 15", PLAIN, 15 << 11, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"class CH", PLAIN, 0, TYPE_SOA, 3, 0, "", 0},
    {"class HS", PLAIN, 0, TYPE_SOA, 4, 0, "", 0},
    {"class NONE", PLAIN, 0, TYPE_SOA, 254, 0, "", 0},
    {"class ANY", PLAIN, 0, TYPE_SOA, 255, 0, "", 0},
    {"class 0", PLAIN, 0, TYPE_SOA, 0, 0, "", 0},
    {"class 4711", PLAIN, 0, TYPE_SOA, 4711, 0, "", 0},
    {"type 0", PLAIN, 0, 0, CLASS_IN, 0, "", 0},
    {"type OPT", PLAIN, 0, TYPE_OPT, CLASS_IN, 0, "", 0},
    {"type 128", PLAIN, 0, 128, CLASS_IN, 0, "", 0},
    {"type TKEY", PLAIN, 0, 249, CLASS_IN, 0, "", 0},
    {"type TSIG", PLAIN, 0, 250, CLASS_IN, 0, "", 0},
    {"type IXFR", PLAIN, 0, 251, CLASS_IN, 0, "", 0},
    {"type AXFR", PLAIN, 0, 252, CLASS_IN, 0, "", 0},
    {"type MAILB", PLAIN, 0, 253, CLASS_IN, 0, "", 0},
    {"type MAILA", PLAIN, 0, 254, CLASS_IN, 0, "", 0},
    {"type RRSIG", PLAIN, 0, 46, CLASS_IN, 0, "", 0},
    {"type NSEC", PLAIN, 0, 47, CLASS_IN, 0, "", 0},
    {"type 65535", PLAIN, 0, 65535, CLASS_IN, 0, "", 0},
    {"two questions", TWICE, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"no question", NO_QUESTION, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"EDNS version 1", OPT_RECORD, 0, TYPE_SOA, CLASS_IN, 0x00010000, "", 0},
    {"EDNS version 255", OPT_RECORD, 0, TYPE_SOA, CLASS_IN, 0x00ff0000, "", 0},
    {"EDNS flags", OPT_RECORD, 0, TYPE_SOA, CLASS_IN, 0x00007fff, "", 0},
    {"EDNS extended rcode", OPT_RECORD, 0, TYPE_SOA, CLASS_IN, 0x10000000, "", 0},
    {"EDNS unknown option", OPT_RECORD, 0, TYPE_SOA, CLASS_IN, 0, "\xff\xfe\x00\x02hi", 6},
    {"EDNS padding", OPT_RECORD, 0, TYPE_SOA, CLASS_IN, 0, "\x00\x0c\x00\x04\0\0\0\0", 8},
    {"EDNS keepalive over UDP", OPT_RECORD, 0, TYPE_SOA, CLASS_IN, 0, "\x00\x0b\x00\x00", 4},
    {"OPT twice", OPT_TWICE, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"OPT in the answer section", OPT_AS_ANSWER, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"OPT with an owner", OPT_OWNED, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"option cut short", OPT_CUT, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"trailing octets", TRAILING, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"missing record", MISSING, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"question cut short", CUT, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"name points to itself", POINTER, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"label type 01", RESERVED, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"name of 256 octets", TOO_LONG, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"half a header", SHORT, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
    {"record in the answer section", ANSWERED, 0, TYPE_SOA, CLASS_IN, 0, "", 0},
};

size_t question_odd_count(void)
{
    return sizeof odds / sizeof *odds;
}

static void put_address(struct wire_writer *w, const struct name *name)
{
    wire_put(w, name->octets, name->length);
    wire_put(w, "\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\xfe", 14);
}

/* Octets that stand for a name but are none. */
static void put_bad_name(struct wire_writer *w, enum shape shape)
{
    if (shape == POINTER) {
        wire_put16(w, 0xc00c);
    } else if (shape == RESERVED) {
        wire_put(w, "\x41x\0", 3);
    } else {
        for (unsigned i = 0; i < 126; i++)
            wire_put(w, "\1x", 2);
        wire_put(w, "\2xx\0", 4);
    }
    wire_put16(w, TYPE_SOA);
    wire_put16(w, CLASS_IN);
}

static void put_opts(struct wire_writer *w, const struct odd *odd)
{
    if (odd->shape == OPT_OWNED)
        wire_put(w, "\1x", 2);
    if (odd->shape == OPT_CUT)
        put_opt(w, EDNS_SIZE, 0, "\0\x03\0\x08", 4);
    else
        put_opt(w, EDNS_SIZE, odd->opt_ttl, odd->options, odd->options_size);
    if (odd->shape == OPT_TWICE)
        put_opt(w, EDNS_SIZE, 0, "", 0);
}

static void put_odd(struct wire_writer *w, const struct name *name, const struct odd *odd)
{
    enum shape shape = odd->shape;
    bool opt = shape == OPT_RECORD || shape == OPT_TWICE || shape == OPT_OWNED || shape == OPT_CUT;
    put_header(w, odd->flags, shape == TWICE ? 2 : shape != NO_QUESTION,
               shape == OPT_AS_ANSWER || shape == MISSING || shape == ANSWERED, shape == UPDATE,
               shape == OPT_TWICE ? 2 : opt);
    if (shape == POINTER || shape == RESERVED || shape == TOO_LONG)
        put_bad_name(w, shape);
    else if (shape == CUT)
        wire_put(w, name->octets, name->length);
    else if (shape != NO_QUESTION && shape != SHORT)
        put_question(w, name, odd->type, odd->class);
    if (shape == TWICE)
        put_question(w, name, odd->type, odd->class);
    if (shape == UPDATE || shape == ANSWERED)
        put_address(w, name);
    if (opt || shape == OPT_AS_ANSWER)
        put_opts(w, odd);
    if (shape == TRAILING)
        wire_put(w, "junk", 4);
}

void question_write_odd(struct question *q, const struct name *name, size_t index)
{
    const struct odd *odd = &odds[index];
    struct wire_writer w = wire_writer_of(q->packet, sizeof q->packet);
    q->way = &question_ways[odd->shape >= OPT_RECORD && odd->shape <= OPT_CUT ? 2 : 0];
    q->oddity = odd->text;
    q->name = *name;
    q->type = (uint16_t)odd->type;
    q->class = (uint16_t)odd->class;
    put_odd(&w, name, odd);
    q->size = odd->shape == SHORT ? 6 : wire_written(&w);
}
