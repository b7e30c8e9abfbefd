// SPDX-License-Identifier: MIT
/* meridian status - services and sites as the health table has them: what dnsd answers by, also when healthd
 * is not running. */
#include <inttypes.h>
#include <stdio.h>

#include "core/base/clock.h"
#include "core/model/config.h"
#include "core/model/health_table.h"
#include "ctl/command.h"

static void print_heartbeat(const struct health_table *table)
{
    char text[CLOCK_TEXT_MAX];
    uint64_t age_ms = health_table_age_ms(table, clock_monotonic_ns()), pid = health_table_writer_pid(table);
    if (age_ms <= HEALTH_TABLE_STALE_MS)
        printf("healthd: running, pid %" PRIu64 ", last sign of life %s ago\n\n", pid,
               clock_format_span(age_ms, text));
    else if (age_ms == UINT64_MAX)
        printf("healthd: NOT RUNNING since this machine booted; what follows is the last known state\n\n");
    else
        printf("healthd: NOT RUNNING for %s (was pid %" PRIu64 "); what follows is the last known state\n\n",
               clock_format_span(age_ms, text), pid);
}

static uint32_t up_addresses(const struct health_slot *slot, uint64_t word)
{
    uint32_t mask = slot->address_count < 32 ? (UINT32_C(1) << slot->address_count) - 1 : UINT32_MAX;
    return (uint32_t)(word & HEALTH_ADDRESSES) & mask;
}

static const char *state_text(const struct health_slot *slot, uint64_t word)
{
    uint32_t up = up_addresses(slot, word);
    if (up == 0)
        return "down";
    if (word & HEALTH_UNKNOWN)
        return "unknown"; /* counts as up */
    if ((unsigned)__builtin_popcount(up) < slot->address_count)
        return "partly up";
    return word & HEALTH_UNSTABLE ? "up (unstable)" : "up";
}

static void print_member(const struct config *config, const struct config_service *service,
                         const struct config_member *member, const struct health_table *table)
{
    const char *site = config->sites[member->site].name;
    const struct health_slot *slot = health_table_find(table, service->name, site);
    uint64_t word = slot ? atomic_load_explicit(&slot->word, memory_order_acquire) : HEALTH_WORD_UNKNOWN;
    printf("%-16s %-12s %-14s", service->name, site, slot ? state_text(slot, word) : "not in table");
    for (int i = 0; i < member->a_count + member->aaaa_count; i++) {
        char text[ADDR_TEXT_MAX];
        int bit = slot ? health_slot_bit(slot, &member->addresses[i]) : -1;
        bool up = bit < 0 || (word >> bit & 1);
        printf(" %s%s", addr_format(&member->addresses[i], text), up ? "" : " (down)");
    }
    printf("\n");
}

static struct health_table *open_table(const struct config *config, struct err *err)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", config->server.run_dir, HEALTH_TABLE_FILE);
    return health_table_open(path, err);
}

int status_run(const struct command_context *context, int argc, char **argv)
{
    if (argc > 0) {
        fprintf(stderr, "meridian status: `%s` is too much\n", argv[0]);
        return 2;
    }
    struct err err = ERR_INIT;
    struct config *config = config_load(context->config_path, &err);
    struct health_table *table = config ? open_table(config, &err) : NULL;
    err_print(&err, stderr);
    if (table != NULL) {
        print_heartbeat(table);
        printf("%-16s %-12s %-14s %s\n", "SERVICE", "SITE", "STATE", "ADDRESSES");
        for (size_t s = 0; s < config->service_count; s++)
            for (size_t m = 0; m < config->services[s].member_count; m++)
                print_member(config, &config->services[s], &config->services[s].members[m], table);
    }
    int status = table != NULL ? 0 : 1;
    health_table_close(table);
    config_free(config);
    err_free(&err);
    return status;
}
