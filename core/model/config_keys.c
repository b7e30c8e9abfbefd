// SPDX-License-Identifier: MIT
#include "core/model/config_keys.h"

#include <assert.h>
#include <string.h>

#define FALLBACK_ITEMS_MAX 4

static const struct config_key *find_row(const struct config_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (!strcmp(keys->rows[i].name, name))
            return &keys->rows[i];
    return NULL;
}

static const struct config_entry *find_entry(const struct config_node *map, const char *name)
{
    for (size_t i = 0; i < map->count; i++)
        if (!strcmp(map->entries[i].key.text, name))
            return &map->entries[i];
    return NULL;
}

static void report_unknown(struct config_loader *loader, const struct config_keys *keys,
                           const struct config_node *key)
{
    const char *names[CONFIG_KEYS_MAX];
    size_t count = 0;
    assert(keys->count <= CONFIG_KEYS_MAX);
    for (size_t i = 0; i < keys->count; i++)
        if (keys->rows[i].parse)
            names[count++] = keys->rows[i].name;
    const char *hint = config_loader_hint(loader, key->text, names, count, "keys");
    config_loader_error(loader, key, "unknown key `%s` in %s: %s", config_loader_word(loader, key->text),
                        keys->what, hint);
}

static bool refuse_unknown(struct config_loader *loader, const struct config_keys *keys,
                           const struct config_node *map)
{
    bool ok = true;
    for (size_t i = 0; i < map->count; i++) {
        if (find_row(keys, map->entries[i].key.text))
            continue;
        report_unknown(loader, keys, &map->entries[i].key);
        ok = false;
    }
    return ok;
}

const struct config_node *config_keys_shape(struct config_loader *loader, const char *name,
                                            enum config_shape shape, const struct config_node *node,
                                            struct config_node *empty)
{
    static const enum config_node_kind kinds[] = {CONFIG_SCALAR, CONFIG_LIST, CONFIG_MAP};
    static const char *const wanted[] = {"one value", "a list: put it in []", "a mapping of `key: value`"};
    bool null = config_scan_is_null(node);
    if (node->kind == kinds[shape] && !null)
        return node;
    if (null && shape != CONFIG_TAKES_SCALAR) {
        *empty = (struct config_node){.kind = kinds[shape], .place = node->place};
        return empty;
    }
    if (null)
        config_loader_error(loader, node, "`%s` has no value", config_loader_word(loader, name));
    else
        config_loader_error(loader, node, "`%s` takes %s", config_loader_word(loader, name), wanted[shape]);
    return NULL;
}

/* The row's default as if it stood in the file. */
static bool read_fallback(struct config_loader *loader, const struct config_key *key, struct err_place place,
                          void *into)
{
    struct config_node items[FALLBACK_ITEMS_MAX] = {0};
    size_t count = 0;
    for (const char *item = key->fallback; *item; count++) {
        assert(count < FALLBACK_ITEMS_MAX);
        int length = (int)strcspn(item, " ");
        items[count].text = arena_printf(loader->scratch, "%.*s", length, item);
        items[count].place = place;
        item += length;
        item += *item == ' ';
    }
    if (key->shape == CONFIG_TAKES_SCALAR)
        return key->parse(loader, key, &items[0], into);
    struct config_node node = {.kind = CONFIG_LIST, .place = place, .count = count, .items = items};
    if (key->shape == CONFIG_TAKES_MAP)
        node.kind = CONFIG_MAP; /* empty: there is no text for the entries of one */
    return key->parse(loader, key, &node, into);
}

static bool read_absent(struct config_loader *loader, const struct config_keys *keys,
                        const struct config_key *key, struct err_place owner, void *into)
{
    if (key->required) {
        err_add(loader->err, ERR_ERROR, owner, "`%s` is missing: %s needs it", key->name, keys->what);
        return false;
    }
    return !key->parse || !key->fallback || read_fallback(loader, key, owner, into);
}

static bool read_present(struct config_loader *loader, const struct config_key *key,
                         const struct config_entry *entry, void *into)
{
    const struct config_node *node = &entry->value;
    if (!key->parse) {
        if (key->fallback && node->kind == CONFIG_SCALAR && !strcmp(node->text, key->fallback))
            return true;
        config_loader_error(loader, &entry->key, "%s: not supported yet", key->name);
        return false;
    }
    struct config_node empty;
    node = config_keys_shape(loader, key->name, key->shape, node, &empty);
    return node && key->parse(loader, key, node, into);
}

bool config_keys_read(struct config_loader *loader, const struct config_keys *keys, struct err_place owner,
                      const struct config_node *node, void *into)
{
    bool ok = refuse_unknown(loader, keys, node);
    for (size_t i = 0; i < keys->count; i++) {
        const struct config_key *key = &keys->rows[i];
        const struct config_entry *entry = find_entry(node, key->name);
        if (entry)
            ok &= read_present(loader, key, entry, into);
        else
            ok &= read_absent(loader, keys, key, owner, into);
    }
    return ok;
}
