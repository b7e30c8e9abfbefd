// SPDX-License-Identifier: MIT
#include "tests/replay/world.h"

#include <fcntl.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "dnsd/health_watch.h"
#include "dnsd/respond.h"
#include "healthd/publish.h"
#include "healthd/target.h"
#include "tests/support/lib_query.h"

#define PATH_ROOM     256
#define FINDINGS_ROOM 4096

struct dnsd {
    struct snapshot *snapshot; /* NULL: does not run */
    struct health_view *view;
    struct health_watch watch;
};

struct healthd {
    struct config *config; /* NULL: does not run */
    struct targets *targets;
    struct publish *publish;
};

struct world {
    char folder[PATH_ROOM], config_path[2 * PATH_ROOM], table_path[2 * PATH_ROOM];
    uint64_t now_ms;
    struct log log; /* of the daemons: nobody reads it */
    struct dnsd dnsd;
    struct healthd healthd;
    char findings[FINDINGS_ROOM];
};

struct world *world_create(const char *folder)
{
    struct world *world = mem_alloc(sizeof *world);
    snprintf(world->folder, sizeof world->folder, "%s", folder);
    snprintf(world->config_path, sizeof world->config_path, "%s/meridian.yaml", folder);
    snprintf(world->table_path, sizeof world->table_path, "%s/%s", folder, HEALTH_TABLE_FILE);
    world->log = (struct log){LOG_ERROR, false, open("/dev/null", O_WRONLY | O_CLOEXEC)};
    return world;
}

void world_free(struct world *world)
{
    world_stop_dnsd(world);
    world_stop_healthd(world);
    close(world->log.fd);
    free(world);
}

void world_write_file(struct world *world, const char *name, const char *text)
{
    char path[2 * PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s", world->folder, name);
    FILE *file = fopen(path, "we");
    if (file != NULL) {
        fputs(text, file);
        fclose(file);
    }
}

/* The errors of a failed load as one text; warnings are not failures. */
static const char *failure(struct world *world, bool failed, struct err *err)
{
    size_t used = 0;
    world->findings[0] = '\0';
    for (size_t i = 0; failed && i < err->count && used < sizeof world->findings; i++) {
        char line[1024];
        err_format(&err->findings[i], line, sizeof line);
        used += (size_t)snprintf(world->findings + used, sizeof world->findings - used, "%s\n", line);
    }
    err_free(err);
    return failed ? world->findings : NULL;
}

/* --- healthd ----------------------------------------------------------------------------------------------- */

static void free_healthd(struct healthd *healthd)
{
    publish_free(healthd->publish);
    targets_free(healthd->targets);
    config_free(healthd->config);
    *healthd = (struct healthd){NULL, NULL, NULL};
}

static void recall(struct world *world, struct targets *targets)
{
    struct err err = ERR_INIT;
    struct health_table *previous = health_table_open(world->table_path, &err);
    if (previous != NULL)
        publish_recall(targets, previous);
    health_table_close(previous);
    err_free(&err);
}

/* What healthd does when it starts, or with `inherit` when it reloads. */
static const char *take_up(struct world *world, bool inherit)
{
    struct err err = ERR_INIT;
    struct healthd next = {.config = config_load(world->config_path, &err)};
    if (next.config != NULL) {
        next.targets = targets_build(next.config);
        if (inherit)
            targets_inherit(next.targets, world->healthd.targets);
        else
            recall(world, next.targets);
        next.publish = publish_create(world->table_path, next.targets, &err);
    }
    bool failed = next.publish == NULL;
    if (failed) {
        free_healthd(&next);
    } else {
        free_healthd(&world->healthd);
        world->healthd = next;
        publish_beat(next.publish, world->now_ms * 1000000);
    }
    return failure(world, failed, &err);
}

const char *world_start_healthd(struct world *world)
{
    return take_up(world, false);
}

const char *world_reload_healthd(struct world *world)
{
    return take_up(world, true);
}

void world_stop_healthd(struct world *world)
{
    free_healthd(&world->healthd);
}

static bool is_meant(const struct target_slot *slot, size_t address, const char *site_or_address)
{
    char text[ADDR_TEXT_MAX];
    return strcmp(slot->site, site_or_address) == 0 ||
           strcmp(addr_format(&slot->member->addresses[address], text), site_or_address) == 0;
}

/* True if some slot of the target is meant. */
static bool is_target_meant(const struct targets *targets, const struct target *target,
                            const char *site_or_address)
{
    for (size_t i = 0; i < target->slot_count; i++) {
        const struct target_slot *slot = &targets->slots[target->slots[i]];
        for (size_t a = 0; a < slot->address_count; a++)
            if (slot->targets[a] == target && is_meant(slot, a, site_or_address))
                return true;
    }
    return false;
}

bool world_probe(struct world *world, const char *site_or_address, bool pass)
{
    struct targets *targets = world->healthd.targets;
    bool any = false;
    for (size_t i = 0; targets != NULL && i < targets->count; i++) {
        struct target *target = &targets->items[i];
        if (!is_target_meant(targets, target, site_or_address))
            continue;
        verdict_step(&target->verdict, &target->settings, pass ? VERDICT_PASS : VERDICT_FAIL, world->now_ms);
        for (size_t s = 0; s < target->slot_count; s++)
            publish_slot(world->healthd.publish, targets, target->slots[s]);
        any = true;
    }
    return any;
}

/* --- dnsd -------------------------------------------------------------------------------------------------- */

static void set_view(struct dnsd *dnsd, const struct health_table *table)
{
    health_view_free(dnsd->view);
    dnsd->view = health_view_create(dnsd->snapshot->config, table);
}

const char *world_reload_dnsd(struct world *world)
{
    struct err err = ERR_INIT;
    struct dnsd *dnsd = &world->dnsd;
    struct snapshot *next = snapshot_load(world->config_path, dnsd->snapshot, &err);
    if (next != NULL) {
        struct snapshot *old = dnsd->snapshot;
        dnsd->snapshot = next;
        set_view(dnsd, dnsd->watch.table);
        snapshot_free(old);
    }
    return failure(world, next == NULL, &err);
}

const char *world_start_dnsd(struct world *world)
{
    health_watch_init(&world->dnsd.watch, world->folder, &world->log);
    const char *why = world_reload_dnsd(world);
    if (why != NULL)
        health_watch_free(&world->dnsd.watch);
    return why;
}

void world_stop_dnsd(struct world *world)
{
    if (world->dnsd.snapshot == NULL)
        return;
    health_view_free(world->dnsd.view);
    snapshot_free(world->dnsd.snapshot);
    health_watch_free(&world->dnsd.watch);
    world->dnsd = (struct dnsd){.snapshot = NULL};
}

bool world_is_stale(const struct world *world)
{
    return world->dnsd.watch.stale;
}

void world_set_time(struct world *world, uint64_t now_ms)
{
    world->now_ms = now_ms;
    if (world->healthd.publish != NULL)
        publish_beat(world->healthd.publish, now_ms * 1000000);
    if (world->dnsd.snapshot == NULL)
        return;
    struct health_table *found = health_watch_tick(&world->dnsd.watch, now_ms * 1000000, &world->log);
    if (found == NULL)
        return;
    set_view(&world->dnsd, found);
    health_watch_adopt(&world->dnsd.watch, found);
}

/* --- questions --------------------------------------------------------------------------------------------- */

static void append(char *out, size_t room, const char *word)
{
    size_t length = strlen(out);
    snprintf(out + length, room - length, "%s%s", length ? " " : "", word);
}

/* The records of the asked type at the end of the chain, in ascending order of their text. */
static void append_answer(const ldns_pkt *packet, ldns_rr_type type, char *out, size_t room)
{
    ldns_rr_list *answer = ldns_pkt_answer(packet);
    uint32_t ttl_s = 0;
    ldns_rr_list_sort(answer);
    for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
        const ldns_rr *record = ldns_rr_list_rr(answer, i);
        if (ldns_rr_get_type(record) != type)
            continue;
        char *text = ldns_rdf2str(ldns_rr_rdf(record, 0));
        append(out, room, text);
        free(text);
        ttl_s = ldns_rr_ttl(record);
    }
    char ttl[32];
    snprintf(ttl, sizeof ttl, "TTL %u", ttl_s);
    append(out, room, ttl);
}

static bool has_type(const ldns_pkt *packet, ldns_rr_type type)
{
    ldns_rr_list *answer = ldns_pkt_answer(packet);
    for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++)
        if (ldns_rr_get_type(ldns_rr_list_rr(answer, i)) == type)
            return true;
    return false;
}

static void describe(const uint8_t *message, size_t size, const char *type, char *out, size_t room)
{
    ldns_pkt *packet = NULL;
    ldns_rr_type number = ldns_get_rr_type_by_name(type);
    out[0] = '\0';
    if (ldns_wire2pkt(&packet, message, size) != LDNS_STATUS_OK) {
        append(out, room, "not decodable");
        return;
    }
    char *rcode = ldns_pkt_rcode2str(ldns_pkt_get_rcode(packet));
    if (ldns_pkt_get_rcode(packet) != LDNS_RCODE_NOERROR) {
        append(out, room, rcode);
    } else if (!has_type(packet, number)) {
        append(out, room, "NODATA");
    } else {
        append(out, room, type);
        append_answer(packet, number, out, room);
    }
    free(rcode);
    ldns_pkt_free(packet);
}

void world_query(struct world *world, const char *name, const char *type, const struct addr *resolver,
                 const struct prefix *subnet, char *out, size_t room)
{
    uint8_t option[64], packet[512], answer[RESPOND_UDP_MAX];
    struct query_spec spec = {.name = name,
                              .type = (unsigned)ldns_get_rr_type_by_name(type),
                              .edns = subnet != NULL,
                              .options = option};
    if (world->dnsd.snapshot == NULL) {
        snprintf(out, room, "no dnsd");
        return;
    }
    if (subnet != NULL)
        spec.options_size = query_ecs_option(option, subnet->addr.family == ADDR_V4 ? 1 : 2, subnet->length,
                                             0, subnet->addr.octets, (subnet->length + 7u) / 8);
    struct serving serving = {world->dnsd.snapshot, world->dnsd.view};
    struct respond_client client = {.addr = *resolver};
    size_t size = respond(&serving, &client, packet, query_write(&spec, packet, sizeof packet), answer);
    describe(answer, size, type, out, room);
    if (subnet == NULL)
        return;
    /* The client subnet option stands last in the message, and the scope before its address. */
    char scope[32];
    snprintf(scope, sizeof scope, "SCOPE %u", answer[size - (subnet->length + 7u) / 8 - 1]);
    append(out, room, scope);
}

const char *world_state(struct world *world, const char *service, const char *site)
{
    struct err err = ERR_INIT;
    struct health_table *table = health_table_open(world->table_path, &err);
    const struct health_slot *slot = table ? health_table_find(table, service, site) : NULL;
    const char *state = "none";
    if (slot != NULL) {
        uint64_t word = atomic_load(&slot->word);
        uint64_t mask = slot->address_count < 32 ? (1ull << slot->address_count) - 1 : HEALTH_ADDRESSES;
        uint64_t up = word & mask;
        state = up == 0 ? "down" : word & HEALTH_UNKNOWN ? "unknown" : up == mask ? "up" : "partly up";
    }
    health_table_close(table);
    err_free(&err);
    return state;
}
