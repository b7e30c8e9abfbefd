// SPDX-License-Identifier: MIT
#include "core/model/config_value.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/config_path.h"

const char *config_value_scalar(struct config_loader *loader, const char *name,
                                const struct config_node *node)
{
    if (node->kind == CONFIG_SCALAR && !config_scan_is_null(node))
        return node->text;
    config_loader_error(loader, node, "`%s`: a single value is expected here",
                        config_loader_word(loader, name));
    return NULL;
}

/* --- numbers ---------------------------------------------------------------------------------------------- */

/* Optional minus and digits, nothing else. Too large a number becomes the largest there is. */
static bool parse_integer(const char *text, int64_t *out)
{
    const char *digits = text + (*text == '-');
    size_t length = strspn(digits, "0123456789");
    if (!length || digits[length] || (*digits == '0' && length > 1))
        return false;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    *out = value; /* saturated by strtoll() */
    return true;
}

bool config_value_number(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, int64_t *out)
{
    const char *text = config_value_scalar(loader, key->name, node);
    if (!text)
        return false;
    int64_t value;
    if (!parse_integer(text, &value)) {
        config_loader_error(
            loader, node, "`%s`: `%s` is no whole number: write %" PRId64 " to %" PRId64 " in decimal digits",
            key->name, config_loader_word(loader, text), key->min, key->max);
        return false;
    }
    if (value < key->min || value > key->max) {
        config_loader_error(loader, node, "`%s`: %s is out of range: %" PRId64 " to %" PRId64, key->name,
                            config_loader_word(loader, text), key->min, key->max);
        return false;
    }
    *out = value;
    return true;
}

bool config_value_int(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    int64_t value;
    if (!config_value_number(loader, key, node, &value))
        return false;
    *(int *)config_keys_field(key, into) = (int)value;
    return true;
}

bool config_value_unsigned(struct config_loader *loader, const struct config_key *key,
                           const struct config_node *node, void *into)
{
    int64_t value;
    if (!config_value_number(loader, key, node, &value))
        return false;
    *(unsigned *)config_keys_field(key, into) = (unsigned)value;
    return true;
}

bool config_value_port(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    int64_t value;
    if (!config_value_number(loader, key, node, &value))
        return false;
    *(uint16_t *)config_keys_field(key, into) = (uint16_t)value;
    return true;
}

bool config_value_degrees(struct config_loader *loader, const struct config_node *node, double *out)
{
    const char *text = config_value_scalar(loader, "at", node);
    if (!text)
        return false;
    char *end = NULL;
    /* strtod() alone would take hexadecimal, nan and inf as well. */
    double value = strspn(text, "0123456789.+-") == strlen(text) ? strtod(text, &end) : 0;
    if (!end || end == text || *end) {
        config_loader_error(loader, node, "`at`: `%s` is no number of degrees: write it like -77.45",
                            config_loader_word(loader, text));
        return false;
    }
    *out = value;
    return true;
}

/* --- words ------------------------------------------------------------------------------------------------ */

bool config_value_bool(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    static const char *const yes[] = {"yes", "on", "y", "1"};
    bool *field = config_keys_field(key, into);
    if (!strcmp(node->text, "true") || !strcmp(node->text, "false")) {
        *field = *node->text == 't';
        return true;
    }
    static const char *const no[] = {"no", "off", "n", "0"};
    const char *meant = "true or false";
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (!strcasecmp(node->text, yes[i]) || !strcasecmp(node->text, "true"))
            meant = "true";
        if (!strcasecmp(node->text, no[i]) || !strcasecmp(node->text, "false"))
            meant = "false";
    }
    config_loader_error(loader, node, "`%s`: `%s` is neither true nor false: write %s", key->name,
                        config_loader_word(loader, node->text), meant);
    return false;
}

/* Those that work today. */
static size_t list_words(const struct config_word *words, const char **out)
{
    size_t count = 0;
    for (; words->word; words++)
        if (words->value != CONFIG_WORD_LATER)
            out[count++] = words->word;
    return count;
}

bool config_value_word(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    for (const struct config_word *word = key->words; word->word; word++) {
        if (strcmp(word->word, node->text) != 0)
            continue;
        if (word->value != CONFIG_WORD_LATER) {
            *(int *)config_keys_field(key, into) = word->value;
            return true;
        }
        config_loader_error(loader, node, "%s: %s: " CONFIG_VALUE_LATER, key->name, word->word);
        return false;
    }
    const char *known[CONFIG_KEYS_MAX];
    size_t count = list_words(key->words, known);
    const char *hint = config_loader_hint(loader, node->text, known, count, "words");
    config_loader_error(loader, node, "`%s`: unknown word `%s`: %s", key->name,
                        config_loader_word(loader, node->text), hint);
    return false;
}

bool config_value_text(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    int64_t length = (int64_t)strlen(node->text);
    if (length < key->min || length > key->max) {
        config_loader_error(loader, node, "`%s` has %" PRId64 " octets: it must have %" PRId64 " to %" PRId64,
                            key->name, length, key->min, key->max);
        return false;
    }
    *(const char **)config_keys_field(key, into) = arena_strdup(loader->arena, node->text);
    return true;
}

bool config_value_path(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    if (!*node->text) {
        config_loader_error(loader, node, "`%s`: a path is missing", key->name);
        return false;
    }
    const char *path = config_path_resolve(loader->arena, loader->folder, node->text);
    if (strlen(path) >= PATH_MAX) {
        config_loader_error(loader, node, "`%s`: the path is longer than %d octets", key->name, PATH_MAX - 1);
        return false;
    }
    *(const char **)config_keys_field(key, into) = path;
    return true;
}

/* --- durations -------------------------------------------------------------------------------------------- */

struct unit {
    const char *name;
    int64_t ms;
};

/* Smallest first. */
static const struct unit units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
#define UNIT_COUNT (sizeof units / sizeof *units)

static const struct unit *find_unit(const char *name)
{
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if (!strcmp(units[i].name, name))
            return &units[i];
    return NULL;
}

/* As the operator would write it: in the largest unit that fits. */
static const char *format_duration(struct config_loader *loader, int64_t ms)
{
    size_t i = UNIT_COUNT - 1;
    while (i && ms % units[i].ms)
        i--;
    return arena_printf(loader->scratch, "%" PRId64 "%s", ms ? ms / units[i].ms : 0,
                        ms ? units[i].name : "s");
}

static bool check_range(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, int64_t ms, int64_t scale)
{
    if (ms >= key->min * scale && ms <= key->max * scale)
        return true;
    config_loader_error(loader, node, "`%s`: %s is out of range: %s to %s", key->name,
                        config_loader_word(loader, node->text), format_duration(loader, key->min * scale),
                        format_duration(loader, key->max * scale));
    return false;
}

/* Digits and a unit. `bare_unit`: what a number without unit counts in, NULL to refuse it. */
static bool parse_duration(struct config_loader *loader, const struct config_key *key,
                           const struct config_node *node, const char *bare_unit, int64_t *ms)
{
    const char *text = node->text, *shown = config_loader_word(loader, text);
    size_t digits = strspn(text, "0123456789");
    if (!digits) {
        config_loader_error(loader, node, "`%s`: `%s` is no duration: write it like 500ms, 10s, 5m, 1h or 7d",
                            key->name, shown);
        return false;
    }
    if (!text[digits] && !bare_unit) {
        config_loader_error(loader, node, "`%s`: `%s` has no unit: did you mean `%ss`?", key->name, shown,
                            shown);
        return false;
    }
    const struct unit *unit = find_unit(text[digits] ? text + digits : bare_unit);
    if (!unit) {
        config_loader_error(loader, node,
                            "`%s`: `%s` is no duration: whole number and one unit of ms, s, m, h, d",
                            key->name, shown);
        return false;
    }
    int64_t value = strtoll(text, NULL, 10); /* saturated */
    *ms = value > INT64_MAX / unit->ms ? INT64_MAX : value * unit->ms;
    return true;
}

bool config_value_duration(struct config_loader *loader, const struct config_key *key,
                           const struct config_node *node, void *into)
{
    int64_t ms;
    if (!parse_duration(loader, key, node, NULL, &ms) || !check_range(loader, key, node, ms, 1))
        return false;
    *(uint32_t *)config_keys_field(key, into) = (uint32_t)ms;
    return true;
}

bool config_value_ttl(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    const int64_t second = 1000;
    int64_t ms;
    if (!parse_duration(loader, key, node, "s", &ms) || !check_range(loader, key, node, ms, second))
        return false;
    if (ms % second) {
        config_loader_error(loader, node, "`%s`: a TTL counts whole seconds", key->name);
        return false;
    }
    *(uint32_t *)config_keys_field(key, into) = (uint32_t)(ms / second);
    return true;
}
