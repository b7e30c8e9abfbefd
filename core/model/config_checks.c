// SPDX-License-Identifier: MIT
#include "core/model/config_sections.h"

#include <assert.h>
#include <string.h>

#include "core/model/config_value.h"

#define CHECKS_MAX      100000
#define MS              1
#define SECOND          1000
#define HOUR            3600000
#define TIMEOUT_DEFAULT (2 * SECOND)
#define CONFIRM_DEFAULT (1 * SECOND)
#define STREAK_MAX      100 /* fall, rise */
#define STATUS_MIN      100 /* RFC 9110 section 15 */
#define STATUS_MAX      599
#define TARGET_MAX      2048
#define HOST_MAX        255
#define BODY_MAX        1024
#define FIRST_PRINTABLE 0x21
#define LAST_PRINTABLE  0x7e

/* --- the parts of an HTTP request -------------------------------------------------------------------------- */

/* Nothing that could end a line or a word of the request (RFC 9112 section 3). */
static bool check_printable(struct config_loader *loader, const char *name, const struct config_node *node)
{
    for (const char *c = node->text; *c; c++) {
        if (*c >= FIRST_PRINTABLE && *c <= LAST_PRINTABLE)
            continue;
        config_loader_error(loader, node,
                            "`%s` may only hold printable ASCII without spaces: write others as %%XX", name);
        return false;
    }
    return true;
}

static bool read_request_target(struct config_loader *loader, const struct config_key *key,
                                const struct config_node *node, void *into)
{
    if (*node->text != '/') {
        const char *shown = config_loader_word(loader, node->text);
        config_loader_error(loader, node, "`%s`: `%s` must begin with `/`: did you mean `/%s`?", key->name,
                            shown, shown);
        return false;
    }
    return check_printable(loader, key->name, node) && config_value_text(loader, key, node, into);
}

static bool read_host(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    if (strchr(node->text, '/')) {
        config_loader_error(loader, node, "`%s` takes a host name, not a URL: the path goes under `path`",
                            key->name);
        return false;
    }
    return check_printable(loader, key->name, node) && config_value_text(loader, key, node, into);
}

static bool read_status(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    if (!node->count) {
        config_loader_error(loader, node,
                            "`%s` accepts no status code: no answer could ever count as healthy", key->name);
        return false;
    }
    struct config_check *check = into;
    uint16_t *codes = arena_array(loader->arena, node->count, sizeof *codes);
    bool seen[STATUS_MAX + 1] = {false}, ok = true;
    for (size_t i = 0; i < node->count; i++) {
        int64_t code;
        if (!config_value_number(loader, key, &node->items[i], &code)) {
            ok = false;
            continue;
        }
        if (seen[code]) {
            config_loader_error(loader, &node->items[i], "`%s`: %d stands in this list twice", key->name,
                                (int)code);
            ok = false;
        }
        seen[code] = true;
        codes[i] = (uint16_t)code;
    }
    check->status = codes;
    check->status_count = node->count;
    return ok;
}

/* --- one check --------------------------------------------------------------------------------------------- */

static_assert(sizeof(enum config_check_type) == sizeof(int), "config_value_word() writes an int");

static const struct config_word type_words[] = {
    {"http", CONFIG_CHECK_HTTP}, {"https", CONFIG_WORD_LATER}, {"tcp", CONFIG_WORD_LATER},
    {"tls", CONFIG_WORD_LATER},  {"dns", CONFIG_WORD_LATER},   {"icmp", CONFIG_WORD_LATER},
    {"exec", CONFIG_WORD_LATER}, {"push", CONFIG_WORD_LATER},  {"all", CONFIG_WORD_LATER},
    {"any", CONFIG_WORD_LATER},  {"not", CONFIG_WORD_LATER},   {"at_least", CONFIG_WORD_LATER},
    {NULL, CONFIG_WORD_LATER},
};

#define FIELD(name) offsetof(struct config_check, name)
static const struct config_key check_rows[] = {
    {"type", CONFIG_TAKES_SCALAR, .parse = config_value_word, FIELD(type), .words = type_words,
     .required = true},
    {"port", CONFIG_TAKES_SCALAR, .parse = config_value_port, FIELD(port), 1, UINT16_MAX, .fallback = "80"},
    {"path", CONFIG_TAKES_SCALAR, .parse = read_request_target, FIELD(path), 1, TARGET_MAX, .fallback = "/"},
    {"host", CONFIG_TAKES_SCALAR, .parse = read_host, FIELD(host), 1, HOST_MAX},
    {"status", CONFIG_TAKES_LIST, .parse = read_status, FIELD(status), STATUS_MIN, STATUS_MAX,
     .fallback = "200"},
    {"body", CONFIG_TAKES_SCALAR, .parse = config_value_text, FIELD(body), 1, BODY_MAX},
    {"interval", CONFIG_TAKES_SCALAR, .parse = config_value_duration, FIELD(interval_ms), 100 * MS, HOUR,
     .fallback = "10s"},
    /* timeout and confirm depend on the interval if absent: see complete_check() */
    {"timeout", CONFIG_TAKES_SCALAR, .parse = config_value_duration, FIELD(timeout_ms), 10 * MS, HOUR},
    {"confirm", CONFIG_TAKES_SCALAR, .parse = config_value_duration, FIELD(confirm_ms), 10 * MS, HOUR},
    {"fall", CONFIG_TAKES_SCALAR, .parse = config_value_unsigned, FIELD(fall), 1, STREAK_MAX,
     .fallback = "3"},
    {"rise", CONFIG_TAKES_SCALAR, .parse = config_value_unsigned, FIELD(rise), 1, STREAK_MAX,
     .fallback = "2"},
    {.name = "family"},
};
#undef FIELD
static const struct config_keys check_keys = CONFIG_KEYS("a check", check_rows);

static uint32_t at_most(uint32_t value, uint32_t limit)
{
    return value < limit ? value : limit;
}

static bool complete_check(struct config_loader *loader, const struct config_node *node,
                           struct config_check *check)
{
    if (!check->timeout_ms)
        check->timeout_ms = at_most(TIMEOUT_DEFAULT, check->interval_ms);
    if (!check->confirm_ms)
        check->confirm_ms = at_most(CONFIRM_DEFAULT, check->interval_ms);
    for (size_t i = 0; i < node->count; i++) {
        const char *name = node->entries[i].key.text;
        const struct config_node *value = &node->entries[i].value;
        if (!strcmp(name, "timeout") && check->timeout_ms > check->interval_ms) {
            config_loader_error(loader, value, "`timeout` %s is longer than the interval of %u ms",
                                value->text, check->interval_ms);
            return false;
        }
        if (!strcmp(name, "confirm") && check->confirm_ms > check->interval_ms)
            config_loader_warning(
                loader, value->place,
                "`confirm` %s is longer than the interval of %u ms: failures are confirmed late", value->text,
                check->interval_ms);
    }
    return true;
}

/* A type that is decided but not built has keys of its own: the type alone is reported then. */
static bool is_later_type(const struct config_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct config_entry *entry = &node->entries[i];
        if (strcmp(entry->key.text, "type") != 0 || entry->value.kind != CONFIG_SCALAR)
            continue;
        for (const struct config_word *word = type_words; word->word; word++)
            if (word->value == CONFIG_WORD_LATER && !strcmp(word->word, entry->value.text))
                return true;
    }
    return false;
}

static bool read_type_alone(struct config_loader *loader, const struct config_node *node,
                            struct config_check *check)
{
    for (size_t i = 0; i < node->count; i++)
        if (!strcmp(node->entries[i].key.text, check_rows[0].name))
            return config_value_word(loader, &check_rows[0], &node->entries[i].value, check);
    return false;
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
    if (is_later_type(node))
        return read_type_alone(loader, node, check);
    return config_keys_read(loader, &check_keys, entry->key.place, node, check) &&
           complete_check(loader, node, check);
}

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
