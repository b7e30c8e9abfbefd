// SPDX-License-Identifier: MIT
/* meridian geo ADDRESS[/LENGTH] - what the databases and the rules make of a client. Reads files only: it says what
 * dnsd would make of them if it loaded them now. */
#include <stdio.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/model/config.h"
#include "ctl/command.h"
#include "geo/geo.h"

/* An address is a network of full length. */
static bool read_client(const char *text, struct addr *client, unsigned *length)
{
    struct prefix prefix;
    bool host_bits = false;
    if (addr_parse(text, client)) {
        *length = addr_bits(client);
        return true;
    }
    if (prefix_parse(text, &prefix, &host_bits)) {
        *client = prefix.addr;
        *length = prefix.length;
        return true;
    }
    fprintf(stderr, "meridian geo: `%s` %s\n", text,
            host_bits ? "has bits set past its length" : "is neither an address nor a network");
    return false;
}

static bool find_map(const struct config *config, const char *name, size_t *map)
{
    for (*map = 0; *map < config->map_count; ++*map)
        if (name == NULL || strcmp(config->maps[*map].name, name) == 0)
            return true;
    fprintf(stderr, "meridian geo: there is no map `%s`; there are:", name);
    for (size_t i = 0; i < config->map_count; i++)
        fprintf(stderr, " %s", config->maps[i].name);
    fprintf(stderr, "\n");
    return false;
}

static void print_databases(const struct geo_explanation *found)
{
    for (size_t i = 0; i < found->record_count; i++) {
        const struct geo_record *record = &found->records[i];
        char date[CLOCK_TEXT_MAX];
        clock_format(record->build_epoch_s * 1000, date);
        printf("database:  %s of %.10s: ", record->path, date);
        if (record->found)
            printf("has a record for its /%u\n", record->length);
        else
            printf("knows nothing of its /%u\n", record->length);
    }
}

static void print_place(const struct geo_explanation *found)
{
    printf("place:    ");
    if (!*found->country && !found->has_location && found->asn == 0)
        printf(" unknown");
    if (*found->country)
        printf(" %s%s%s", found->country, *found->subdivision ? "-" : "", found->subdivision);
    if (*found->continent)
        printf(" (%s)", found->continent);
    if (found->has_location || found->has_centroid)
        printf(" at %.4f, %.4f%s", found->latitude, found->longitude,
               found->has_centroid ? ", the middle of the country" : "");
    if (found->asn != 0)
        printf(", AS%u", found->asn);
    printf("\n");
}

static void print_sites(const struct config *config, const struct geo_explanation *found)
{
    printf("sites:     best first\n");
    for (size_t i = 0; i < found->site_count; i++) {
        const struct config_site *site = &config->sites[found->sites[i]];
        printf("  %2zu. %-16s", i + 1, site->name);
        if (found->km[i] >= 0)
            printf(" %6.0f km", found->km[i]);
        if (found->km[i] >= 0 && site->bias != 0)
            printf(", counts as %.0f km (bias %d)", found->biased_km[i], site->bias);
        printf("\n");
    }
}

static void print_explanation(const struct config *config, const struct config_map *map,
                              const struct addr *client, unsigned length, const struct geo_explanation *found)
{
    char text[PREFIX_TEXT_MAX];
    struct prefix prefix = {*client, (uint8_t)length};
    printf("client:    %s", prefix_format(&prefix, text));
    if (found->counted_as.family != ADDR_NONE)
        printf(", counts as %s", addr_format(&found->counted_as, text));
    printf("\n");
    print_databases(found);
    print_place(found);
    printf("rule:      %s%s%s of map %s%s\n", geo_rule_name(found->rule), *found->rule_key ? " " : "",
           found->rule_key, map->name, map->fence ? ", which is fenced" : "");
    prefix.length = found->scope;
    addr_mask(&prefix.addr, found->scope);
    printf("scope:     %s has the same list\n", prefix_format(&prefix, text));
    print_sites(config, found);
}

static int explain(const struct command_context *context, const struct config *config, const char *text,
                   struct arena *arena, struct err *err)
{
    struct geo_explanation found;
    struct addr client;
    unsigned length;
    size_t map;
    if (!read_client(text, &client, &length) || !find_map(config, context->map, &map))
        return 2;
    if (!geo_explain(config, map, &client, length, arena, &found, err))
        return 1;
    print_explanation(config, &config->maps[map], &client, length, &found);
    return 0;
}

int geo_run(const struct command_context *context, int argc, char **argv)
{
    if (argc != 1) {
        fprintf(stderr, "meridian geo: give one address or network: meridian geo 192.0.2.0/24\n");
        return 2;
    }
    struct err err = ERR_INIT;
    struct arena *arena = arena_create();
    struct config *config = config_load(context->config_path, &err);
    int status = config ? explain(context, config, argv[0], arena, &err) : 1;
    err_print(&err, stderr);
    config_free(config);
    arena_free(arena);
    err_free(&err);
    return status;
}
