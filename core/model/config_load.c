// SPDX-License-Identifier: MIT
#include "core/model/config.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/model/config_check.h"
#include "core/model/config_file.h"
#include "core/model/config_path.h"
#include "core/model/config_scan.h"
#include "core/model/config_sections.h"

/* In the order in which sections refer to each other. */
static const struct config_key section_rows[] = {
    {"server", CONFIG_TAKES_MAP, .parse = config_server_read, .fallback = ""},
    {"rrl", CONFIG_TAKES_MAP, .parse = config_rrl_read},
    {"geoip", CONFIG_TAKES_MAP, .parse = config_geoip_read},
    {"sites", CONFIG_TAKES_MAP, .parse = config_sites_read},
    {"maps", CONFIG_TAKES_MAP, .parse = config_maps_read, .fallback = ""},
    {"checks", CONFIG_TAKES_MAP, .parse = config_checks_read},
    {"services", CONFIG_TAKES_MAP, .parse = config_services_read},
    {"zone_directory", CONFIG_TAKES_SCALAR, .parse = config_zones_read_directory},
    {"zones", CONFIG_TAKES_MAP, .parse = config_zones_read, .fallback = ""},
    {.name = "brake"},
    {.name = "canaries"},
};
static const struct config_keys sections = CONFIG_KEYS("the configuration", section_rows);

static void read_root(struct config_loader *loader, const struct config_node *root)
{
    if (root->kind != CONFIG_MAP) {
        config_loader_error(loader, root, "expected sections such as `server:` and `zones:`");
        return;
    }
    struct err_place nowhere = {loader->file, 0, 0};
    if (config_keys_read(loader, &sections, nowhere, root, loader->config))
        config_check(loader->config, loader->file, loader->scratch, loader->err);
}

/* --- findings in the order of the file --------------------------------------------------------------------- */

/* Sections are read in their own order; people read from the top. Equal places keep their order. */
static int compare_places(const struct err_finding *a, const struct err_finding *b)
{
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    return (a->place.column > b->place.column) - (a->place.column < b->place.column);
}

static void sort_findings(struct err_finding *findings, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct err_finding moved = findings[i];
        size_t to = i;
        for (; to && compare_places(&moved, &findings[to - 1]) < 0; to--)
            findings[to] = findings[to - 1];
        findings[to] = moved;
    }
}

/* --- load -------------------------------------------------------------------------------------------------- */

static struct config *create_config(void)
{
    struct arena *arena = arena_create();
    struct config *config = arena_alloc(arena, sizeof *config);
    config->arena = arena;
    return config;
}

struct config *config_load(const char *path, struct err *err)
{
    size_t size, errors_before = err->errors, findings_before = err->count;
    char *text = config_file_read(path, &size, err);
    if (!text)
        return NULL;
    struct config *config = create_config();
    struct arena *scratch = arena_create();
    struct config_loader loader = {
        .config = config,
        .arena = config->arena,
        .scratch = scratch,
        .err = err,
        .file = arena_strdup(config->arena, path),
        .folder = config_path_folder(scratch, path),
        .sites = {.kind = "site", .kinds = "sites"},
        .maps = {.kind = "map", .kinds = "maps"},
        .checks = {.kind = "check", .kinds = "checks"},
        .services = {.kind = "service", .kinds = "services"},
    };
    const struct config_node *root = config_scan(text, size, loader.file, scratch, err);
    if (root)
        read_root(&loader, root);
    sort_findings(err->findings + findings_before, err->count - findings_before);
    free(text);
    arena_free(scratch);
    if (err->errors == errors_before)
        return config;
    config_free(config);
    return NULL;
}

void config_free(struct config *config)
{
    if (config)
        arena_free(config->arena);
}
