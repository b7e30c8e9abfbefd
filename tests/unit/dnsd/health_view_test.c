// SPDX-License-Identifier: MIT
/* The daemons may have loaded different versions of the configuration: what both know is shared, what only
 * dnsd knows counts as up. */
#include "dnsd/health_view.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"

#define UP_1 0x1u
#define UP_2 0x2u
#define UP_4 0x4u

static struct addr address(const char *text)
{
    struct addr addr;
    ck_assert(addr_parse(text, &addr));
    return addr;
}

/* dnsd's configuration: service www, member fra with 192.0.2.1, 192.0.2.2, 2001:db8::1; member iad. */
static uint32_t up_of(const struct health_slot_spec *spec, size_t member, size_t *unbound)
{
    char path[] = "/tmp/meridian-view-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    unlink(path);

    struct err err = ERR_INIT;
    struct health_table *table = health_table_create(path, spec, 1, &err);
    ck_assert_ptr_nonnull(table);
    const struct addr fra[] = {address("192.0.2.1"), address("192.0.2.2"), address("2001:db8::1")};
    const struct addr iad[] = {address("198.51.100.1")};
    const struct config_site sites[] = {{.name = "fra"}, {.name = "iad"}};
    const struct config_member members[] = {{.site = 0, .addresses = fra, .a_count = 2, .aaaa_count = 1},
                                            {.site = 1, .addresses = iad, .a_count = 1}};
    const struct config_service service = {.name = "www", .members = members, .member_count = 2};
    const struct config config = {.sites = sites, .site_count = 2, .services = &service, .service_count = 1};
    struct health_view *view = health_view_create(&config, table);
    uint32_t up = health_view_up(view, member);
    *unbound = health_view_unbound(view);
    health_view_free(view);
    health_table_close(table);
    unlink(path);
    return up;
}

static const struct {
    const char *message;
    const char *service, *site;
    const char *addresses[3];
    uint64_t up; /* the bits healthd has set */
    uint32_t expected;
    size_t unbound;
} rows[] = {
    {"the same configuration, all up", "www", "fra", {"192.0.2.1", "192.0.2.2", "2001:db8::1"}, 7, 7, 1},
    {"the same, the second down", "www", "fra", {"192.0.2.1", "192.0.2.2", "2001:db8::1"}, 5, UP_1 | UP_4, 1},
    {"another order", "www", "fra", {"2001:db8::1", "192.0.2.2", "192.0.2.1"}, UP_1, UP_4, 1},
    {"one address not known to healthd", "www", "fra", {"192.0.2.1", "2001:db8::1"}, 0, UP_2, 1},
    {"one address only healthd knows",
     "www",
     "fra",
     {"192.0.2.9", "192.0.2.1", "192.0.2.2"},
     1 | 4,
     UP_2 | UP_4,
     1},
    {"a member healthd does not know", "www", "sin", {"192.0.2.1"}, 0, UINT32_MAX, 2},
    {"a service healthd does not know", "web", "fra", {"192.0.2.1"}, 0, UINT32_MAX, 2},
};

START_TEST(binds_addresses_not_positions)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addr addresses[3];
        size_t count = 0, unbound;
        while (count < 3 && rows[i].addresses[count] != NULL) {
            addresses[count] = address(rows[i].addresses[count]);
            count++;
        }
        struct health_slot_spec spec = {rows[i].service, rows[i].site, addresses, count, rows[i].up};
        uint32_t up = up_of(&spec, 0, &unbound);
        ck_assert_msg(up == rows[i].expected, "%s: %x", rows[i].message, up);
        ck_assert_msg(unbound == rows[i].unbound, "%s: %zu unbound", rows[i].message, unbound);
    }
}
END_TEST

START_TEST(without_a_table_all_is_up)
{
    const struct addr a = address("192.0.2.1");
    const struct config_site site = {.name = "fra"};
    const struct config_member member = {.site = 0, .addresses = &a, .a_count = 1};
    const struct config_service service = {.name = "www", .members = &member, .member_count = 1};
    const struct config config = {.sites = &site, .site_count = 1, .services = &service, .service_count = 1};
    struct health_view *view = health_view_create(&config, NULL);
    ck_assert_uint_eq(health_view_up(view, 0) & UP_1, UP_1);
    health_view_free(view);
}
END_TEST

CHECK_MAIN("dnsd/health_view", binds_addresses_not_positions, without_a_table_all_is_up)
