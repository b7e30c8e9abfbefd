// SPDX-License-Identifier: MIT
#include "core/model/config_sections.h"

#include <string.h>

#include "core/model/config_value.h"

#define ROOT_ZONE "."

/* --- steered names ----------------------------------------------------------------------------------------- */

/* "www.example.com" under `example.com` means www.example.com.example.com, and hardly ever is meant to. */
static void warn_if_absolute(struct config_loader *loader, const struct config_zone *zone,
                             const struct config_node *node)
{
    uint8_t absolute[DNAME_MAX];
    const char *why;
    size_t length = strlen(node->text);
    bool has_dot = length && node->text[length - 1] == '.';
    if (has_dot || dname_labels(zone->origin) == 0 || !dname_parse(node->text, NULL, absolute, &why) ||
        !dname_is_under(absolute, zone->origin))
        return;
    const char *shown = config_loader_word(loader, node->text);
    config_loader_warning(
        loader, node->place,
        "`%s` is relative to the zone and means %s.%s: add a final dot if the zone's own name is meant",
        shown, shown, zone->name);
}

/* The owner name in `node`, below the zone's origin, into `out`. Its length, 0 with a finding. */
static size_t read_owner(struct config_loader *loader, const struct config_zone *zone,
                         const struct config_node *node, uint8_t out[DNAME_MAX])
{
    const char *why = NULL, *shown = config_loader_word(loader, node->text);
    size_t length = dname_parse(node->text, zone->origin, out, &why);
    if (!length) {
        config_loader_error(loader, node, "`%s` is no domain name: %s", shown, why);
        return 0;
    }
    if (!dname_is_under(out, zone->origin)) {
        config_loader_error(loader, node,
                            "`%s` does not lie in the zone %s: leave out the final dot, or move it", shown,
                            config_loader_word(loader, zone->name));
        return 0;
    }
    warn_if_absolute(loader, zone, node);
    return length;
}

static bool read_steer(struct config_loader *loader, const struct config_zone *zone,
                       const struct config_entry *entry, struct config_index *seen,
                       struct config_steer *steer)
{
    uint8_t owner[DNAME_MAX];
    size_t service = 0, length = read_owner(loader, zone, &entry->key, owner);
    bool ok = config_loader_resolve(loader, &loader->services, &entry->value, &service);
    if (!length)
        return false;
    const struct config_index_slot *first = config_index_add(seen, owner, length, 0, entry->key.place);
    if (first) {
        config_loader_error(loader, &entry->key, "`%s` is the same name as at line %u",
                            config_loader_word(loader, entry->key.text), first->place.line);
        ok = false;
    }
    *steer =
        (struct config_steer){arena_copy(loader->arena, owner, length), (unsigned)service, entry->key.place};
    return ok;
}

static bool read_steers(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    (void)key;
    struct config_zone *zone = into;
    struct config_steer *steer = arena_array(loader->arena, node->count, sizeof *steer);
    struct config_index seen = {.arena = loader->scratch};
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= read_steer(loader, zone, &node->entries[i], &seen, &steer[i]);
    zone->steer = steer;
    zone->steer_count = node->count;
    return ok;
}

/* --- zones ------------------------------------------------------------------------------------------------- */

static const struct config_key zone_rows[] = {
    {"file", CONFIG_TAKES_SCALAR, .parse = config_value_path, offsetof(struct config_zone, file),
     .required = true},
    {"steer", CONFIG_TAKES_MAP, .parse = read_steers},
};
static const struct config_keys zone_keys = CONFIG_KEYS("a zone", zone_rows);

static bool read_origin(struct config_loader *loader, const struct config_node *node,
                        struct config_index *seen, struct config_zone *zone)
{
    uint8_t origin[DNAME_MAX];
    const char *why = NULL, *shown = config_loader_word(loader, node->text);
    bool is_relative = !strcmp(node->text, "@");
    size_t length = is_relative ? 0 : dname_parse(node->text, NULL, origin, &why);
    if (!length) {
        config_loader_error(loader, node, "`%s` is no name of a zone: %s", shown,
                            is_relative ? "write `" ROOT_ZONE "` for the root zone" : why);
        return false;
    }
    const struct config_index_slot *first = config_index_add(seen, origin, length, 0, node->place);
    if (first) {
        config_loader_error(loader, node, "`%s` is the same zone as at line %u", shown, first->place.line);
        return false;
    }
    zone->origin = arena_copy(loader->arena, origin, length);
    return true;
}

static bool read_zone(struct config_loader *loader, const struct config_entry *entry,
                      struct config_index *seen, struct config_zone *zone)
{
    struct config_node empty;
    const struct config_node *node =
        config_keys_shape(loader, entry->key.text, CONFIG_TAKES_MAP, &entry->value, &empty);
    zone->name = arena_strdup(loader->arena, entry->key.text);
    zone->place = entry->key.place;
    return read_origin(loader, &entry->key, seen, zone) && node &&
           config_keys_read(loader, &zone_keys, entry->key.place, node, zone);
}

bool config_zones_read_directory(struct config_loader *loader, const struct config_key *key,
                                 const struct config_node *node, void *into)
{
    struct config *config = into;
    const struct config_key row = {.name = key->name, .offset = offsetof(struct config, zone_directory)};
    config->zone_directory_place = node->place;
    return config_value_path(loader, &row, node, config);
}

bool config_zones_read(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    struct config *config = into;
    if (!node->count && !config->zone_directory) {
        config_loader_error(loader, node,
                            "`%s`: there is no zone: name one and its `file`, or give a `zone_directory`",
                            key->name);
        return false;
    }
    struct config_zone *zones = arena_array(loader->arena, node->count, sizeof *zones);
    struct config_index seen = {.arena = loader->scratch};
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= read_zone(loader, &node->entries[i], &seen, &zones[i]);
    config->zones = zones;
    config->zone_count = node->count;
    return ok;
}
