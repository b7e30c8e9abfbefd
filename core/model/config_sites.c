// SPDX-License-Identifier: MIT
#include "core/model/config_sections.h"

#include <string.h>

#include "core/model/config_value.h"

#define BIAS_MAX      99
#define LATITUDE_MAX  90
#define LONGITUDE_MAX 180

static bool check_degrees(struct config_loader *loader, const struct config_node *node, const char *what,
                          double value, double max, const char *hint)
{
    if (value >= -max && value <= max)
        return true;
    config_loader_error(loader, node, "`at`: %s %s is out of range: -%.0f to %.0f%s", what,
                        config_loader_word(loader, node->text), max, max, hint);
    return false;
}

static bool read_at(struct config_loader *loader, const struct config_key *key,
                    const struct config_node *node, void *into)
{
    struct config_site *site = into;
    if (node->count != 2) {
        config_loader_error(loader, node,
                            "`%s` takes [latitude, longitude] with decimal points, such as [50.03, 8.57]",
                            key->name);
        return false;
    }
    const struct config_node *items = node->items;
    double latitude, longitude;
    bool ok = config_value_degrees(loader, &items[0], &latitude);
    if (!config_value_degrees(loader, &items[1], &longitude) || !ok)
        return false;
    bool swapped = latitude >= -LONGITUDE_MAX && latitude <= LONGITUDE_MAX && longitude >= -LATITUDE_MAX &&
                   longitude <= LATITUDE_MAX;
    const char *hint = "";
    if (swapped)
        hint = arena_printf(loader->scratch, ": the latitude comes first, did you mean [%s, %s]?",
                            config_loader_word(loader, items[1].text),
                            config_loader_word(loader, items[0].text));
    ok = check_degrees(loader, &items[0], "latitude", latitude, LATITUDE_MAX, hint);
    ok &= check_degrees(loader, &items[1], "longitude", longitude, LONGITUDE_MAX, "");
    site->latitude = latitude;
    site->longitude = longitude;
    return ok;
}

static const struct config_key site_rows[] = {
    {"at", CONFIG_TAKES_LIST, .parse = read_at, .required = true},
    {"bias", CONFIG_TAKES_SCALAR, .parse = config_value_int, offsetof(struct config_site, bias), -BIAS_MAX,
     BIAS_MAX},
    {.name = "capacity"},
    {.name = "load"},
};
static const struct config_keys site_keys = CONFIG_KEYS("a site", site_rows);

static bool read_site(struct config_loader *loader, const struct config_entry *entry,
                      struct config_site *site)
{
    struct config_node empty;
    const struct config_node *node =
        config_keys_shape(loader, entry->key.text, CONFIG_TAKES_MAP, &entry->value, &empty);
    site->place = entry->key.place;
    return node && config_keys_read(loader, &site_keys, entry->key.place, node, site);
}

bool config_sites_read(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    struct config *config = into;
    config_loader_declare(loader, &loader->sites, node);
    if (node->count > CONFIG_SITES_MAX)
        config_loader_error(loader, &node->entries[CONFIG_SITES_MAX].key, "`%s`: more than %d sites",
                            key->name, CONFIG_SITES_MAX);
    struct config_site *sites = arena_array(loader->arena, node->count, sizeof *sites);
    bool ok = node->count <= CONFIG_SITES_MAX;
    for (size_t i = 0; i < node->count; i++) {
        sites[i].name = loader->sites.names[i];
        ok &= read_site(loader, &node->entries[i], &sites[i]);
    }
    config->sites = sites;
    config->site_count = node->count;
    return ok;
}

/* --- references to sites ------------------------------------------------------------------------------------ */

bool config_sites_read_list(struct config_loader *loader, const char *name, const struct config_node *node,
                            struct config_site_list *out)
{
    const char *shown = config_loader_word(loader, name);
    struct config_node empty;
    node = config_keys_shape(loader, name, CONFIG_TAKES_LIST, node, &empty);
    if (!node)
        return false;
    if (!node->count) {
        config_loader_error(loader, node, "`%s` names no site", shown);
        return false;
    }
    uint8_t *sites = arena_alloc(loader->arena, node->count);
    uint64_t seen = 0; /* CONFIG_SITES_MAX bits; sites past the limit were reported with their section */
    bool ok = true;
    for (size_t i = 0; i < node->count; i++) {
        size_t site = 0;
        if (!config_loader_resolve(loader, &loader->sites, &node->items[i], &site)) {
            ok = false;
            continue;
        }
        uint64_t bit = site < CONFIG_SITES_MAX ? 1ull << site : 0;
        if (seen & bit) {
            config_loader_error(loader, &node->items[i], "`%s`: site `%s` stands in this list twice", shown,
                                loader->sites.names[site]);
            ok = false;
        }
        seen |= bit;
        sites[i] = (uint8_t)site;
    }
    out->sites = sites;
    out->count = node->count;
    return ok;
}
