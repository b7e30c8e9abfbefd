// SPDX-License-Identifier: MIT
/* The two options that take what is left over, in messages of which little is. */
#include "dnsd/opt.h"

#include <string.h>

#include "dnsd/protocol.h"
#include "tests/support/check_main.h"

enum { FIXED = OPT_SIZE, KEEPALIVE = 6, PADDING = 4 };

static const struct {
    const char *message;
    bool tcp; /* with keepalive and padding asked for */
    unsigned error;
    const char *text;
    size_t used, room; /* octets before the record, and for it */
    size_t expected;   /* octets of the record */
} rows[] = {
    {"nothing asked for", false, 0, NULL, 50, 1000, FIXED},
    {"an error", false, 20, NULL, 50, 1000, FIXED + 6},
    {"with a text", false, 18, "because", 50, 1000, FIXED + 13},
    {"the text just fits", false, 18, "because", 50, FIXED + 13, FIXED + 13},
    {"it does not", false, 18, "because", 50, FIXED + 12, FIXED + 6},
    {"nor does the error", false, 18, "because", 50, FIXED + 5, FIXED},
    {"padding to 468", true, 0, NULL, 50, 1000, 468 - 50},
    {"which is reached already", true, 0, NULL, 468 - FIXED - KEEPALIVE - PADDING, 1000,
     FIXED + KEEPALIVE + PADDING},
    {"an octet more: the next block", true, 0, NULL, 469 - FIXED - KEEPALIVE - PADDING, 1000,
     FIXED + KEEPALIVE + PADDING + 467},
    {"padding as far as there is room", true, 0, NULL, 50, 100, 100},
    {"an error leaves room for the padding option", true, 18, "because", 50, FIXED + KEEPALIVE + PADDING + 13,
     FIXED + KEEPALIVE + PADDING + 13},
    {"the text would not", true, 18, "because", 50, FIXED + KEEPALIVE + PADDING + 12,
     FIXED + KEEPALIVE + PADDING + 12},
    {"nor the error", true, 18, "because", 50, FIXED + KEEPALIVE + PADDING + 5,
     FIXED + KEEPALIVE + PADDING + 5},
};

START_TEST(what_is_left_over_is_used_and_no_more)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t octets[2000];
        const struct query query = {.edns = true, .keepalive = rows[i].tcp, .padding = rows[i].tcp};
        const struct opt_offer offer = {.idle_ms = rows[i].tcp ? 10000 : 0};
        const struct opt_result result = {.error = (uint16_t)rows[i].error, .text = rows[i].text};
        struct wire_writer w = wire_writer_of(octets, rows[i].used + rows[i].room);
        memset(wire_reserve(&w, rows[i].used), 0xff, rows[i].used);
        ck_assert_uint_le(opt_size(&query, &offer), rows[i].room);
        opt_put(&w, &query, &offer, &result);
        size_t got = wire_written(&w) - rows[i].used;
        ck_assert_msg(w.ok && got == rows[i].expected, "%s: %zu octets", rows[i].message, got);
        ck_assert_uint_eq(wire_load16(octets + rows[i].used + 9), got - OPT_SIZE);
    }
}
END_TEST

CHECK_MAIN("dnsd/opt", what_is_left_over_is_used_and_no_more)
