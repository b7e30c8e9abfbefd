// SPDX-License-Identifier: MIT
#include "core/model/config_sections.h"

#include <assert.h>

#include "core/model/config_value.h"

#define SERVICES_MAX 100000
#define TTL_MAX      86400

static bool refer_map(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    size_t number;
    if (!config_loader_resolve(loader, &loader->maps, node, &number))
        return false;
    *(unsigned *)config_keys_field(key, into) = (unsigned)number;
    return true;
}

static_assert(sizeof(enum config_mode) == sizeof(int), "config_value_word() writes an int");
static_assert(sizeof(enum config_all_down) == sizeof(int), "config_value_word() writes an int");

static const struct config_word mode_words[] = {
    {"active-active", CONFIG_ACTIVE_ACTIVE},
    {"active-passive", CONFIG_ACTIVE_PASSIVE},
    {NULL, CONFIG_WORD_LATER},
};

/* The only one there is needs no field. */
static const struct config_word balance_words[] = {
    {"nearest", 0},
    {"weighted", CONFIG_WORD_LATER},
    {"hash", CONFIG_WORD_LATER},
    {"round-robin", CONFIG_WORD_LATER},
    {NULL, CONFIG_WORD_LATER},
};

static const struct config_word all_down_words[] = {
    {"serve-all", CONFIG_ALL_DOWN_SERVE_ALL}, {"zone", CONFIG_ALL_DOWN_ZONE},
    {"nodata", CONFIG_ALL_DOWN_NODATA},       {"last-good", CONFIG_WORD_LATER},
    {"fallback", CONFIG_WORD_LATER},          {NULL, CONFIG_WORD_LATER},
};

static bool read_balance(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    (void)into;
    int unused;
    return config_value_word(loader, key, node, &unused);
}

#define FIELD(name) offsetof(struct config_members_draft, service.name)
static const struct config_key service_rows[] = {
    {"mode", CONFIG_TAKES_SCALAR, .parse = config_value_word, FIELD(mode), .words = mode_words,
     .fallback = "active-active"},
    {"map", CONFIG_TAKES_SCALAR, .parse = refer_map, FIELD(map), .fallback = "default"},
    {"balance", CONFIG_TAKES_SCALAR, .parse = read_balance, .words = balance_words},
    {"check", CONFIG_TAKES_SCALAR, .parse = config_checks_refer, offsetof(struct config_members_draft, check),
     .fallback = CONFIG_CHECK_NONE},
    {"ttl", CONFIG_TAKES_SCALAR, .parse = config_value_ttl, FIELD(ttl_s), 0, TTL_MAX, .fallback = "30"},
    {"members", CONFIG_TAKES_MAP, .parse = config_members_read,
     .required = true}, /* below `check`: members inherit it */
    {"all_down", CONFIG_TAKES_SCALAR, .parse = config_value_word, FIELD(all_down), .words = all_down_words,
     .fallback = "serve-all"},
    {.name = "answers", .fallback = "1"},
    {.name = "failback"},
    {.name = "min_healthy", .fallback = "1"},
    {.name = "brake"},
    {.name = "ttl_unstable"},
    {.name = "key"},
    {.name = "max_addresses"},
    {.name = "family"},
    {.name = "capacity"},
    {.name = "load"},
    {.name = "fallback"},
};
#undef FIELD
static const struct config_keys service_keys = CONFIG_KEYS("a service", service_rows);

static bool read_service(struct config_loader *loader, const struct config_entry *entry,
                         struct config_service *service)
{
    struct config_node empty;
    const struct config_node *node =
        config_keys_shape(loader, entry->key.text, CONFIG_TAKES_MAP, &entry->value, &empty);
    struct config_members_draft draft = {.service = *service, .check = CONFIG_NO_CHECK};
    draft.service.place = entry->key.place;
    bool ok = node && config_keys_read(loader, &service_keys, entry->key.place, node, &draft);
    *service = draft.service;
    return ok;
}

bool config_services_read(struct config_loader *loader, const struct config_key *key,
                          const struct config_node *node, void *into)
{
    struct config *config = into;
    if (node->count > SERVICES_MAX) {
        config_loader_error(loader, &node->entries[SERVICES_MAX].key, "`%s`: more than %d services",
                            key->name, SERVICES_MAX);
        return false;
    }
    config_loader_declare(loader, &loader->services, node);
    struct config_service *services = arena_array(loader->arena, node->count, sizeof *services);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++) {
        services[i].name = loader->services.names[i];
        ok &= read_service(loader, &node->entries[i], &services[i]);
    }
    config->services = services;
    config->service_count = node->count;
    return ok;
}
