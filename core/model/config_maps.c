// SPDX-License-Identifier: MIT
#include "core/model/config_sections.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "core/model/config_codes.h"
#include "core/model/config_networks.h"
#include "core/model/config_value.h"

#define DEFAULT_MAP "default"
#define MAPS_MAX    1000
#define ASN_MAX     UINT32_MAX

static_assert(sizeof((struct config_code_rule *)NULL)->code > CONFIG_CODES_MAX, "a code and its NUL");

/* --- autonomous systems ----------------------------------------------------------------------------------- */

static bool read_asn(struct config_loader *loader, const struct config_key *key,
                     const struct config_entry *entry, struct config_asn_rule *rule)
{
    const struct config_key range = {.name = key->name, .min = 1, .max = ASN_MAX};
    const char *text = entry->key.text;
    int64_t asn = 0;
    if (!strncasecmp(text, "AS", 2) && text[2] && strspn(text + 2, "0123456789") == strlen(text + 2)) {
        const char *shown = config_loader_word(loader, text);
        config_loader_error(loader, &entry->key, "`%s`: write the number alone: `%s` instead of `%s`",
                            key->name, shown + 2, shown);
        return false;
    }
    if (!config_value_number(loader, &range, &entry->key, &asn))
        return false;
    rule->asn = (uint32_t)asn;
    return config_sites_read_list(loader, text, &entry->value, &rule->list);
}

static bool read_asns(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    struct config_map *map = into;
    struct config_asn_rule *rules = arena_array(loader->arena, node->count, sizeof *rules);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= read_asn(loader, key, &node->entries[i], &rules[i]);
    map->asns = rules;
    map->asn_count = node->count;
    return ok;
}

/* --- codes ------------------------------------------------------------------------------------------------ */

struct code_kind {
    bool (*is_code)(const char *code);
    const char *expected;
};

static const struct code_kind continent_kind = {config_codes_is_continent, "AF, AN, AS, EU, NA, OC or SA"};
static const struct code_kind country_kind = {config_codes_is_country, "an ISO 3166-1 code, such as DE"};
static const struct code_kind subdivision_kind = {config_codes_is_subdivision,
                                                  "an ISO 3166-2 code, such as US-CA"};

static bool check_code(struct config_loader *loader, const char *name, const struct code_kind *kind,
                       const struct config_node *node)
{
    if (kind->is_code(node->text))
        return true;
    const char *shown = config_loader_word(loader, node->text);
    char *upper = arena_strdup(loader->scratch, node->text);
    for (char *c = upper; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    if (kind->is_code(upper))
        config_loader_error(loader, node, "`%s`: codes are upper case: did you mean `%s`?", name, upper);
    else if (!strcmp(upper, "UK"))
        config_loader_error(loader, node, "`%s`: unknown code `%s`: did you mean `GB`?", name, shown);
    else
        config_loader_error(loader, node, "`%s`: unknown code `%s`: it must be %s", name, shown,
                            kind->expected);
    return false;
}

static bool read_code(struct config_loader *loader, const char *name, const struct code_kind *kind,
                      const struct config_entry *entry, struct config_code_rule *rule)
{
    if (!check_code(loader, name, kind, &entry->key))
        return false;
    memcpy(rule->code, entry->key.text, strlen(entry->key.text) + 1);
    return config_sites_read_list(loader, entry->key.text, &entry->value, &rule->list);
}

static bool read_codes(struct config_loader *loader, const char *name, const struct code_kind *kind,
                       const struct config_node *node, const struct config_code_rule **out, size_t *count)
{
    struct config_code_rule *rules = arena_array(loader->arena, node->count, sizeof *rules);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= read_code(loader, name, kind, &node->entries[i], &rules[i]);
    *out = rules;
    *count = node->count;
    return ok;
}

static bool read_continents(struct config_loader *loader, const struct config_key *key,
                            const struct config_node *node, void *into)
{
    struct config_map *map = into;
    return read_codes(loader, key->name, &continent_kind, node, &map->continents, &map->continent_count);
}

static bool read_countries(struct config_loader *loader, const struct config_key *key,
                           const struct config_node *node, void *into)
{
    struct config_map *map = into;
    return read_codes(loader, key->name, &country_kind, node, &map->countries, &map->country_count);
}

static bool read_subdivisions(struct config_loader *loader, const struct config_key *key,
                              const struct config_node *node, void *into)
{
    struct config_map *map = into;
    return read_codes(loader, key->name, &subdivision_kind, node, &map->subdivisions,
                      &map->subdivision_count);
}

/* --- maps ------------------------------------------------------------------------------------------------- */

static bool read_default(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    struct config_map *map = into;
    return config_sites_read_list(loader, key->name, node, &map->default_sites);
}

static const struct config_key map_rows[] = {
    {"networks", CONFIG_TAKES_MAP, .parse = config_networks_read},
    {"networks_file", CONFIG_TAKES_SCALAR, .parse = config_networks_file_read,
     offsetof(struct config_map, networks_file)},
    {"asns", CONFIG_TAKES_MAP, .parse = read_asns},
    {"subdivisions", CONFIG_TAKES_MAP, .parse = read_subdivisions},
    {"countries", CONFIG_TAKES_MAP, .parse = read_countries},
    {"continents", CONFIG_TAKES_MAP, .parse = read_continents},
    {"default", CONFIG_TAKES_LIST, .parse = read_default},
    {"fence", CONFIG_TAKES_SCALAR, .parse = config_value_bool, offsetof(struct config_map, fence),
     .fallback = "false"},
};
static const struct config_keys map_keys = CONFIG_KEYS("a map", map_rows);

static bool read_map(struct config_loader *loader, const struct config_entry *entry, struct config_map *map)
{
    struct config_node empty;
    const struct config_node *node =
        config_keys_shape(loader, entry->key.text, CONFIG_TAKES_MAP, &entry->value, &empty);
    struct config_networks_draft draft = {.map.place = entry->key.place, .seen.arena = loader->scratch};
    bool ok = node && config_keys_read(loader, &map_keys, entry->key.place, node, &draft);
    *map = draft.map;
    return ok;
}

bool config_maps_read(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    if (node->count > MAPS_MAX) {
        config_loader_error(loader, &node->entries[MAPS_MAX].key, "`%s`: more than %d maps", key->name,
                            MAPS_MAX);
        return false;
    }
    struct config *config = into;
    struct config_map *maps = arena_array(loader->arena, node->count + 1, sizeof *maps);
    /* `default` is number 0, wherever it stands and even if it does not. */
    const struct config_node default_name = {.kind = CONFIG_SCALAR, .text = DEFAULT_MAP};
    const struct config_entry default_entry = {.key = default_name};
    const struct config_node default_only = {.kind = CONFIG_MAP, .count = 1, .entries = &default_entry};
    config_loader_declare(loader, &loader->maps, &default_only);
    config_loader_declare(loader, &loader->maps, node);
    maps[0].place.file = loader->file;
    bool ok = true;
    for (size_t i = 0, next = 1; i < node->count; i++) {
        bool is_default = !strcmp(node->entries[i].key.text, DEFAULT_MAP);
        ok &= read_map(loader, &node->entries[i], &maps[is_default ? 0 : next]);
        next += !is_default;
    }
    for (size_t i = 0; i < loader->maps.count; i++)
        maps[i].name = loader->maps.names[i];
    config->maps = maps;
    config->map_count = loader->maps.count;
    return ok;
}
