// SPDX-License-Identifier: MIT
#include "core/model/config_networks.h"

#include <stdlib.h>
#include <string.h>

#include "core/model/config_address.h"
#include "core/model/config_file.h"
#include "core/model/config_sections.h"
#include "core/model/config_value.h"

#define BLANK          " \t\r"
#define SITE_SEPARATOR "," BLANK

/* The prefix in `node`, unless it was given before. */
static bool read_prefix(struct config_loader *loader, const char *name, const struct config_node *node,
                        struct config_index *seen, struct prefix *prefix)
{
    char text[PREFIX_TEXT_MAX];
    if (!config_address_prefix(loader, name, node, prefix))
        return false;
    prefix_format(prefix, text);
    const struct config_index_slot *first = config_index_add(seen, text, strlen(text), 0, node->place);
    if (!first)
        return true;
    if (strcmp(first->place.file, node->place.file) == 0)
        config_loader_error(loader, node, "`%s`: %s was already given at line %u", name, text,
                            first->place.line);
    else
        config_loader_error(loader, node, "`%s`: %s was already given at %s:%u", name, text,
                            first->place.file, first->place.line);
    return false;
}

/* Room for `more` rules behind those that the map has. NULL, with a finding, if they are too many. */
static struct config_network_rule *add_room(struct config_loader *loader, const struct config_key *key,
                                            const struct config_node *node, struct config_map *map,
                                            size_t more)
{
    if (more > CONFIG_NETWORKS_MAX - map->network_count) {
        config_loader_error(loader, node, "`%s`: more than %d networks in one map", key->name,
                            CONFIG_NETWORKS_MAX);
        return NULL;
    }
    struct config_network_rule *rules = arena_array(loader->arena, map->network_count + more, sizeof *rules);
    if (map->network_count)
        memcpy(rules, map->networks, map->network_count * sizeof *rules);
    map->networks = rules;
    return rules + map->network_count;
}

bool config_networks_read(struct config_loader *loader, const struct config_key *key,
                          const struct config_node *node, void *into)
{
    struct config_networks_draft *draft = into;
    struct config_network_rule *rules = add_room(loader, key, node, &draft->map, node->count);
    bool ok = rules != NULL;
    for (size_t i = 0; rules && i < node->count; i++) {
        const struct config_entry *entry = &node->entries[i];
        ok &= read_prefix(loader, key->name, &entry->key, &draft->seen, &rules[i].prefix) &&
              config_sites_read_list(loader, entry->key.text, &entry->value, &rules[i].list);
        draft->map.network_count++;
    }
    return ok;
}

/* --- a file of them ----------------------------------------------------------------------------------------- */

/* A line being cut into words. */
struct line {
    char *text;
    struct err_place place;
};

/* The word at `at`, which ends before an octet of `stop`: a scalar with a place of its own. Cuts the line there;
 * returns where the next word begins. */
static char *cut_word(const struct line *line, char *at, const char *stop, struct config_node *word)
{
    char *end = at + strcspn(at, stop);
    *word = (struct config_node){.kind = CONFIG_SCALAR, .place = line->place, .text = at};
    word->place.column = (unsigned)(at - line->text) + 1;
    char *next = end + strspn(end, stop);
    if (*end)
        *end = '\0';
    return next;
}

static bool read_line(struct config_loader *loader, const struct config_key *key, const struct line *line,
                      struct config_index *seen, struct config_network_rule *rule)
{
    struct config_node prefix, sites[CONFIG_SITES_MAX], *last = sites;
    struct config_node list = {.kind = CONFIG_LIST, .items = sites};
    char *at = cut_word(line, line->text + strspn(line->text, BLANK), BLANK, &prefix);
    list.place = prefix.place;
    for (; *at && list.count < CONFIG_SITES_MAX; list.count++)
        at = cut_word(line, at, SITE_SEPARATOR, last++);
    if (*at) {
        config_loader_error(loader, &prefix, "`%s`: more than %d sites in one line", key->name,
                            CONFIG_SITES_MAX);
        return false;
    }
    return read_prefix(loader, key->name, &prefix, seen, &rule->prefix) &&
           config_sites_read_list(loader, prefix.text, &list, &rule->list);
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

/* One line at `text`, cut at its end, its comment cut off; returns the next one, or NULL behind the last. */
static char *cut_line(char *text, char *end)
{
    char *newline = memchr(text, '\n', (size_t)(end - text)), *stop = newline ? newline : end;
    char *comment = memchr(text, '#', (size_t)(stop - text));
    for (char *c = text; c < stop; c++)
        *c = (char)(*c ? *c : '?'); /* a NUL is no end: what follows it counts too */
    *stop = '\0';
    if (comment)
        *comment = '\0';
    return newline ? newline + 1 : NULL;
}

/* `text` has room for a NUL behind `size`. */
static bool read_lines(struct config_loader *loader, const struct config_key *key, char *text, size_t size,
                       struct config_networks_draft *draft, struct config_network_rule *rules)
{
    struct line line = {text, {draft->map.networks_file, 0, 0}};
    bool ok = true;
    for (char *next = text, *end = text + size; next;) {
        line.text = next;
        line.place.line++;
        next = cut_line(line.text, end);
        if (!line.text[strspn(line.text, BLANK)])
            continue;
        ok &= read_line(loader, key, &line, &draft->seen, rules++);
        draft->map.network_count++;
    }
    return ok;
}

bool config_networks_file_read(struct config_loader *loader, const struct config_key *key,
                               const struct config_node *node, void *into)
{
    struct config_networks_draft *draft = into;
    size_t size;
    if (!config_value_path(loader, key, node, into))
        return false;
    const char *what = arena_printf(loader->scratch, "networks file %s", draft->map.networks_file);
    char *text = config_file_read(draft->map.networks_file, what, node->place, &size, loader->err);
    if (!text)
        return false;
    struct config_network_rule *rules = add_room(loader, key, node, &draft->map, count_lines(text, size));
    bool ok = rules && read_lines(loader, key, text, size, draft, rules);
    free(text);
    return ok;
}
