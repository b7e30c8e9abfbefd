// SPDX-License-Identifier: MIT
#include "dnsd/listen.h"

#include "tests/support/check_main.h"

static const struct {
    const char *message, *listen, *source, *sent_to;
    bool own;
} rows[] = {
    {"a client", "192.0.2.1@53", "198.51.100.1@4711", NULL, false},
    {"a client's port 53 is as good as any", "192.0.2.1@53", "198.51.100.1@53", NULL, false},
    {"our own port", "192.0.2.1@53", "192.0.2.1@53", NULL, true},
    {"another port of our address: a tool on this machine", "192.0.2.1@53", "192.0.2.1@4711", NULL, false},
    {"listening on all, sent to itself", "0.0.0.0@53", "192.0.2.1@53", "192.0.2.1", true},
    {"listening on all, a neighbour's port 53", "0.0.0.0@53", "192.0.2.2@53", "192.0.2.1", false},
    {"IPv6", "2001:db8::1@53", "2001:db8::1@53", NULL, true},
    {"IPv6, all", "::@53", "2001:db8::1@53", "2001:db8::1", true},
};

START_TEST(knows_its_own_ports)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct endpoint listen[2], source;
        struct addr sent_to = {0};
        ck_assert(endpoint_parse("203.0.113.9@5300", 0, &listen[0]) &&
                  endpoint_parse(rows[i].listen, 0, &listen[1]));
        ck_assert(endpoint_parse(rows[i].source, 0, &source));
        ck_assert(rows[i].sent_to == NULL || addr_parse(rows[i].sent_to, &sent_to));
        ck_assert_msg(listen_is_own(listen, 2, &source, &sent_to) == rows[i].own, "%s", rows[i].message);
    }
}
END_TEST

CHECK_MAIN("dnsd/listen", knows_its_own_ports)
