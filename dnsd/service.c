// SPDX-License-Identifier: MIT
#include "dnsd/service.h"

#include <string.h>

#include "core/base/wire.h"
#include "dnsd/protocol.h"

static void put_record(struct wire_writer *w, uint16_t type, uint32_t ttl_s, const uint8_t *address,
                       size_t size)
{
    wire_put16(w, POINTER | HEADER_SIZE);
    wire_put16(w, type);
    wire_put16(w, CLASS_IN);
    wire_put32(w, ttl_s);
    wire_put16(w, (unsigned)size);
    wire_put(w, address, size);
}

static struct service_member build_member(const struct config_member *from, uint32_t ttl_s,
                                          struct arena *arena)
{
    size_t a_size = (size_t)from->a_count * SERVICE_A_SIZE;
    size_t size = a_size + (size_t)from->aaaa_count * SERVICE_AAAA_SIZE;
    uint8_t *records = arena_alloc(arena, size);
    struct wire_writer w = wire_writer_of(records, size);
    for (unsigned i = 0; i < from->a_count; i++)
        put_record(&w, TYPE_A, ttl_s, from->addresses[i].octets, 4);
    for (unsigned i = from->a_count; i < (unsigned)from->a_count + from->aaaa_count; i++)
        put_record(&w, TYPE_AAAA, ttl_s, from->addresses[i].octets, 16);
    return (struct service_member){
        .site = from->site,
        .a_count = from->a_count,
        .aaaa_count = from->aaaa_count,
        .a = records,
        .aaaa = records + a_size,
    };
}

static void build(const struct config *config, const struct config_service *from, size_t first_member,
                  struct arena *arena, struct service *service)
{
    struct service_member *members = arena_array(arena, from->member_count, sizeof *members);
    *service = (struct service){
        .mode = from->mode,
        .all_down = from->all_down,
        .map = from->map,
        .fenced = config->maps[from->map].fence,
        .first_member = first_member,
        .member_count = from->member_count,
        .members = members,
    };
    memset(service->member_of_site, SERVICE_NO_MEMBER, sizeof service->member_of_site);
    for (size_t i = 0; i < from->member_count; i++) {
        members[i] = build_member(&from->members[i], from->ttl_s, arena);
        service->member_of_site[members[i].site] = (uint8_t)i;
    }
}

const struct service *service_build_all(const struct config *config, struct arena *arena)
{
    struct service *services = arena_array(arena, config->service_count, sizeof *services);
    size_t members = 0;
    for (size_t i = 0; i < config->service_count; i++) {
        build(config, &config->services[i], members, arena, &services[i]);
        members += config->services[i].member_count;
    }
    return services;
}
