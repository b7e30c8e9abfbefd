// SPDX-License-Identifier: MIT
#include "core/model/config_checks.h"

#include <assert.h>
#include <string.h>

#include "core/model/config_sections.h"

#define CHECKS_MAX         100000
#define TIMEOUT_DEFAULT_MS 2000
#define CONFIRM_DEFAULT_MS 1000

static_assert(sizeof(enum config_check_type) == sizeof(int), "config_value_word() writes an int");

const struct config_word config_checks_types[] = {
    {"http", CONFIG_CHECK_HTTP}, {"https", CONFIG_CHECK_HTTPS}, {"tls", CONFIG_CHECK_TLS},
    {"tcp", CONFIG_CHECK_TCP},   {"dns", CONFIG_CHECK_DNS},     {"icmp", CONFIG_CHECK_ICMP},
    {"exec", CONFIG_CHECK_EXEC}, {"push", CONFIG_WORD_LATER},   {"all", CONFIG_WORD_LATER},
    {"any", CONFIG_WORD_LATER},  {"not", CONFIG_WORD_LATER},    {"at_least", CONFIG_WORD_LATER},
    {NULL, CONFIG_WORD_LATER},
};

static const struct config_check_kind *const kinds[CONFIG_CHECK_TYPES] = {
    [CONFIG_CHECK_HTTP] = &config_checks_http, [CONFIG_CHECK_HTTPS] = &config_checks_https,
    [CONFIG_CHECK_TLS] = &config_checks_tls,   [CONFIG_CHECK_TCP] = &config_checks_tcp,
    [CONFIG_CHECK_DNS] = &config_checks_dns,   [CONFIG_CHECK_ICMP] = &config_checks_icmp,
    [CONFIG_CHECK_EXEC] = &config_checks_exec,
};

const struct config_node *config_checks_value(const struct config_node *check, const char *key)
{
    for (size_t i = 0; i < check->count; i++)
        if (!strcmp(check->entries[i].key.text, key))
            return &check->entries[i].value;
    return NULL;
}

/* --- one check --------------------------------------------------------------------------------------------- */

static uint32_t at_most(uint32_t value, uint32_t limit)
{
    return value < limit ? value : limit;
}

static bool complete_times(struct config_loader *loader, const struct config_node *node,
                           struct config_check *check)
{
    const struct config_node *timeout = config_checks_value(node, "timeout");
    const struct config_node *confirm = config_checks_value(node, "confirm");
    if (!timeout)
        check->timeout_ms = at_most(TIMEOUT_DEFAULT_MS, check->interval_ms);
    if (!confirm)
        check->confirm_ms = at_most(CONFIRM_DEFAULT_MS, check->interval_ms);
    if (check->timeout_ms > check->interval_ms) {
        config_loader_error(loader, timeout, "`timeout` %s is longer than the interval of %u ms",
                            timeout->text, check->interval_ms);
        return false;
    }
    if (check->confirm_ms > check->interval_ms)
        config_loader_warning(
            loader, confirm->place,
            "`confirm` %s is longer than the interval of %u ms: failures are confirmed late", confirm->text,
            check->interval_ms);
    return true;
}

/* The type decides which keys there are, so it is read first; without it nothing else can be judged. */
static bool read_type(struct config_loader *loader, const struct config_node *owner,
                      const struct config_node *node, struct config_check *check)
{
    static const struct config_key row = {"type", CONFIG_TAKES_SCALAR, .parse = config_value_word,
                                          CONFIG_CHECK_FIELD(type), .words = config_checks_types};
    struct config_node empty;
    const struct config_node *value = config_checks_value(node, row.name);
    if (!value) {
        config_loader_error(loader, owner, "`type` is missing: a check needs it");
        return false;
    }
    value = config_keys_shape(loader, row.name, row.shape, value, &empty);
    return value && row.parse(loader, &row, value, check);
}

static bool read_check(struct config_loader *loader, const struct config_entry *entry,
                       struct config_check *check)
{
    struct config_node empty;
    const struct config_node *node =
        config_keys_shape(loader, entry->key.text, CONFIG_TAKES_MAP, &entry->value, &empty);
    check->place = entry->key.place;
    if (!node)
        return false;
    if (!strcmp(entry->key.text, CONFIG_CHECK_NONE)) {
        config_loader_error(loader, &entry->key, "a check cannot have the name `%s`: it stands for no check",
                            CONFIG_CHECK_NONE);
        return false;
    }
    if (!read_type(loader, &entry->key, node, check))
        return false;
    const struct config_check_kind *kind = kinds[check->type];
    return config_keys_read(loader, &kind->keys, entry->key.place, node, check) &&
           complete_times(loader, node, check) && (!kind->complete || kind->complete(loader, node, check));
}

/* --- the section ------------------------------------------------------------------------------------------- */

bool config_checks_read(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    struct config *config = into;
    if (node->count > CHECKS_MAX) {
        config_loader_error(loader, &node->entries[CHECKS_MAX].key, "`%s`: more than %d checks", key->name,
                            CHECKS_MAX);
        return false;
    }
    config_loader_declare(loader, &loader->checks, node);
    struct config_check *checks = arena_array(loader->arena, node->count, sizeof *checks);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++) {
        checks[i].name = loader->checks.names[i];
        ok &= read_check(loader, &node->entries[i], &checks[i]);
    }
    config->checks = checks;
    config->check_count = node->count;
    return ok;
}

bool config_checks_refer(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    int *check = config_keys_field(key, into);
    size_t number;
    if (!strcmp(node->text, CONFIG_CHECK_NONE)) {
        *check = CONFIG_NO_CHECK;
        return true;
    }
    bool known = config_loader_resolve(loader, &loader->checks, node, &number);
    *check = known ? (int)number : 0; /* not "no check": one mistake is to give one finding */
    return known;
}
