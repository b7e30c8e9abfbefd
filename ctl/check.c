// SPDX-License-Identifier: MIT
/* meridian check - everything that is wrong with a configuration, at once; then what it promises. */
#include <inttypes.h>
#include <stdio.h>

#include "core/base/clock.h"
#include "core/model/config.h"
#include "ctl/command.h"
#include "geo/geo.h"
#include "zones/zones.h"

/* Until `fall` results in a row have failed, the first of them at worst a whole interval after the site died:
 * the interval and the first timeout, then for each further one the pause before it and its own timeout. */
static uint64_t detection_ms(const struct config_check *check)
{
    return (uint64_t)check->interval_ms + check->timeout_ms +
           (uint64_t)(check->fall - 1) * (check->confirm_ms + check->timeout_ms);
}

static void print_failover(const struct config *config, const struct config_service *service)
{
    char detection[CLOCK_TEXT_MAX], ttl[CLOCK_TEXT_MAX], total[CLOCK_TEXT_MAX];
    uint64_t worst_ms = 0;
    for (size_t i = 0; i < service->member_count; i++) {
        int check = service->members[i].check;
        if (check == CONFIG_NO_CHECK) {
            printf("%s: site %s has no check and is always answered\n", service->name,
                   config->sites[service->members[i].site].name);
        } else if (detection_ms(&config->checks[check]) > worst_ms) {
            worst_ms = detection_ms(&config->checks[check]);
        }
    }
    if (worst_ms == 0)
        return;
    uint64_t ttl_ms = (uint64_t)service->ttl_s * 1000;
    printf(
        "%s: a dead site leaves DNS after at most %s, and its clients ask again within %s (TTL): %s in all\n",
        service->name, clock_format_span(worst_ms, detection), clock_format_span(ttl_ms, ttl),
        clock_format_span(worst_ms + ttl_ms, total));
}

static void print_zones(const struct zones *zones)
{
    for (size_t i = 0; i < zones_count(zones); i++)
        printf("zone %s: serial %" PRIu32 "\n", zones_at(zones, i)->name, zones_at(zones, i)->serial);
}

int check_run(const struct command_context *context, int argc, char **argv)
{
    if (argc > 0) {
        fprintf(stderr, "meridian check: `%s` is too much\n", argv[0]);
        return 2;
    }
    struct err err = ERR_INIT;
    struct config *config = config_load(context->config_path, &err);
    struct zones *zones = config ? zones_build(config, NULL, &err) : NULL;
    struct geo *geo = config ? geo_build(config, &err) : NULL;
    bool ok = zones != NULL && geo != NULL;
    err_print(&err, stderr);
    if (ok) {
        print_zones(zones);
        for (size_t i = 0; i < config->service_count; i++)
            print_failover(config, &config->services[i]);
        printf("%s is correct\n", context->config_path);
    } else {
        fprintf(stderr, "%s: %zu errors\n", context->config_path, err.errors);
    }
    geo_free(geo);
    zones_free(zones);
    config_free(config);
    err_free(&err);
    return ok ? 0 : 1;
}
