// SPDX-License-Identifier: MIT
#include "core/model/config_check.h"

#include "core/base/arena.h"

/* What is referred to from where answers come from. */
struct uses {
    bool *services, *maps, *checks;
};

static struct uses find_uses(const struct config *config, struct arena *arena)
{
    struct uses uses = {arena_array(arena, config->service_count, sizeof(bool)),
                        arena_array(arena, config->map_count, sizeof(bool)),
                        arena_array(arena, config->check_count, sizeof(bool))};
    for (size_t z = 0; z < config->zone_count; z++)
        for (size_t i = 0; i < config->zones[z].steer_count; i++)
            uses.services[config->zones[z].steer[i].service] = true;
    for (size_t s = 0; s < config->service_count; s++) {
        const struct config_service *service = &config->services[s];
        uses.maps[service->map] = true;
        for (size_t m = 0; m < service->member_count; m++)
            if (service->members[m].check != CONFIG_NO_CHECK)
                uses.checks[service->members[m].check] = true;
    }
    return uses;
}

void config_check(const struct config *config, const char *file, struct arena *scratch, struct err *err)
{
    struct uses uses = find_uses(config, scratch);
    for (size_t i = 1; i < config->map_count; i++) /* `default` may well be unused */
        if (!uses.maps[i])
            err_add(err, ERR_WARNING, config->maps[i].place, "map `%s` is used by no service",
                    config->maps[i].name);
    for (size_t i = 0; i < config->check_count; i++)
        if (!uses.checks[i])
            err_add(err, ERR_WARNING, config->checks[i].place,
                    "check `%s` is used by no member: it will not run", config->checks[i].name);
    for (size_t i = 0; i < config->service_count; i++)
        if (!uses.services[i])
            err_add(err, ERR_WARNING, config->services[i].place,
                    "service `%s` is never answered: no zone names it under `steer`",
                    config->services[i].name);
    if (config->service_count && !config->database_count)
        err_add(
            err, ERR_WARNING, (struct err_place){file, 0, 0},
            "no geoip databases: where clients are is unknown, only `networks` and `default` of a map apply");
}
