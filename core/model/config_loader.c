// SPDX-License-Identifier: MIT
#include "core/model/config_loader.h"

#include <string.h>

#define WORD_MAX   60 /* octets of the operator's text in a finding */
#define LISTED_MAX 20 /* names listed when none is near */

const char *config_loader_word(struct config_loader *loader, const char *text)
{
    size_t length = strlen(text), shown = length;
    if (length > WORD_MAX)
        for (shown = WORD_MAX; shown && ((unsigned char)text[shown] & 0xc0) == 0x80;)
            shown--; /* never half a UTF-8 character */
    char *word = arena_printf(loader->scratch, "%.*s%s", (int)shown, text, shown < length ? "..." : "");
    for (char *c = word; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    return word;
}

const char *config_loader_hint(struct config_loader *loader, const char *word, const char *const *candidates,
                               size_t count, const char *kinds)
{
    if (!count)
        return arena_printf(loader->scratch, "there are no %s", kinds);
    if (loader->err->errors > ERR_FINDINGS_MAX)
        return ""; /* not kept any more: save the search */
    const char *meant = err_suggest(word, candidates, count);
    if (meant)
        return arena_printf(loader->scratch, "did you mean `%s`?", meant);
    const char *list = candidates[0];
    for (size_t i = 1; i < count && i < LISTED_MAX; i++)
        list = arena_printf(loader->scratch, "%s, %s", list, candidates[i]);
    if (count > LISTED_MAX)
        list = arena_printf(loader->scratch, "%s and %zu more", list, count - LISTED_MAX);
    return arena_printf(loader->scratch, "known %s: %s", kinds, list);
}

static bool is_name_octet(char octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9') || (octet && strchr("._-", octet));
}

static void check_name(struct config_loader *loader, const char *kind, const struct config_node *node)
{
    const char *at = node->text;
    while (is_name_octet(*at))
        at++;
    if (*at || at == node->text)
        config_loader_error(loader, node, "`%s` is no name of a %s: use letters, digits, `.`, `_` and `-`",
                            config_loader_word(loader, node->text), kind);
    else if (at - node->text > CONFIG_NAME_MAX)
        config_loader_error(loader, node, "the name of a %s has at most %d characters", kind,
                            CONFIG_NAME_MAX);
}

void config_loader_declare(struct config_loader *loader, struct config_names *names,
                           const struct config_node *section)
{
    const char **all = arena_array(loader->arena, names->count + section->count, sizeof *all);
    if (names->count)
        memcpy(all, names->names, names->count * sizeof *all);
    names->names = all;
    names->index.arena = loader->scratch;
    for (size_t i = 0; i < section->count; i++) {
        const struct config_node *key = &section->entries[i].key;
        check_name(loader, names->kind, key);
        if (config_index_add(&names->index, key->text, strlen(key->text), names->count, key->place))
            continue;
        names->names[names->count++] = arena_strdup(loader->arena, key->text);
    }
}

bool config_loader_resolve(struct config_loader *loader, const struct config_names *names,
                           const struct config_node *node, size_t *number)
{
    if (node->kind != CONFIG_SCALAR || config_scan_is_null(node)) {
        config_loader_error(loader, node, "the name of a %s is expected here", names->kind);
        return false;
    }
    const struct config_index_slot *slot = config_index_find(&names->index, node->text, strlen(node->text));
    if (slot) {
        *number = slot->value;
        return true;
    }
    const char *hint =
        config_loader_hint(loader, node->text, (const char *const *)names->names, names->count, names->kinds);
    config_loader_error(loader, node, "unknown %s `%s`: %s", names->kind,
                        config_loader_word(loader, node->text), hint);
    return false;
}
