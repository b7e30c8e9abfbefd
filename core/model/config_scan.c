// SPDX-License-Identifier: MIT
#include "core/model/config_scan.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/base/mem.h"
#include "core/model/config_problem.h"

#define UTF8_BOM  "\xef\xbb\xbf"
#define CHUNK_MAX 1024          /* octets given to libyaml at a time */
#define TOO_DEEP  "input error" /* libyaml's words for a reader that gave up */

struct scan {
    const char *text; /* without a byte order mark */
    size_t size;
    const char *file;
    struct arena *arena;
    struct err *err;
    yaml_parser_t parser;
    yaml_document_t document;
    size_t given; /* octets handed to the parser */
    size_t nodes;
};

static struct err_place place_of(const struct scan *scan, yaml_mark_t mark)
{
    return (struct err_place){scan->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

bool config_scan_is_null(const struct config_node *node)
{
    return node->kind == CONFIG_SCALAR && !node->quoted &&
           (!*node->text || !strcmp(node->text, "~") || !strcmp(node->text, "null"));
}

/* --- nodes of libyaml -> nodes of ours ---------------------------------------------------------------- */

static bool convert(struct scan *scan, int id, unsigned depth, struct config_node *out);

static void convert_scalar(struct scan *scan, const yaml_node_t *node, struct config_node *out)
{
    size_t length = node->data.scalar.length;
    if (memchr(node->data.scalar.value, '\0', length))
        err_add(scan->err, ERR_ERROR, out->place, "this value contains a NUL character");
    char *text = arena_alloc(scan->arena, length + 1);
    if (length)
        memcpy(text, node->data.scalar.value, length);
    out->text = text;
    out->quoted = node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

static bool convert_list(struct scan *scan, const yaml_node_t *node, unsigned depth, struct config_node *out)
{
    const yaml_node_item_t *ids = node->data.sequence.items.start;
    size_t count = (size_t)(node->data.sequence.items.top - ids);
    struct config_node *items = arena_array(scan->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        if (!convert(scan, ids[i], depth + 1, &items[i]))
            return false;
    out->items = items;
    out->count = count;
    return true;
}

/* By text; equal ones in the order of the file. */
static int compare_keys(const void *a, const void *b)
{
    const struct config_entry *x = *(struct config_entry *const *)a;
    const struct config_entry *y = *(struct config_entry *const *)b;
    int order = strcmp(x->key.text, y->key.text);
    return order ? order : (x > y) - (x < y);
}

/* Reports each key that was there before and clears its text. */
static void report_duplicates(struct scan *scan, struct config_entry *entries, size_t count)
{
    struct config_entry **sorted = mem_resize(NULL, count, sizeof(struct config_entry *));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &entries[i];
    qsort(sorted, count, sizeof *sorted, compare_keys);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (strcmp(sorted[i]->key.text, sorted[first]->key.text) != 0) {
            first = i;
            continue;
        }
        err_add(scan->err, ERR_ERROR, sorted[i]->key.place,
                "this key was already given at line %u: keep one of the two", sorted[first]->key.place.line);
        sorted[i]->key.text = NULL;
    }
    free(sorted);
}

static size_t drop_duplicates(struct scan *scan, struct config_entry *entries, size_t count)
{
    if (count < 2)
        return count;
    report_duplicates(scan, entries, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (entries[i].key.text)
            entries[kept++] = entries[i];
    return kept;
}

static bool convert_map(struct scan *scan, const yaml_node_t *node, unsigned depth, struct config_node *out)
{
    const yaml_node_pair_t *pairs = node->data.mapping.pairs.start;
    size_t count = (size_t)(node->data.mapping.pairs.top - pairs), kept = 0;
    struct config_entry *entries = arena_array(scan->arena, count, sizeof *entries);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *key = yaml_document_get_node(&scan->document, pairs[i].key);
        if (key->type != YAML_SCALAR_NODE) {
            err_add(scan->err, ERR_ERROR, place_of(scan, key->start_mark),
                    "a key must be a plain word, not a list or a mapping");
            continue;
        }
        if (!convert(scan, pairs[i].key, depth + 1, &entries[kept].key) ||
            !convert(scan, pairs[i].value, depth + 1, &entries[kept].value))
            return false;
        kept++;
    }
    out->entries = entries;
    out->count = drop_duplicates(scan, entries, kept);
    return true;
}

static bool within_limits(struct scan *scan, const struct config_node *node, unsigned depth)
{
    if (depth > CONFIG_SCAN_DEPTH_MAX) {
        err_add(scan->err, ERR_ERROR, node->place,
                "nested deeper than %d levels: does an anchor contain its own alias?", CONFIG_SCAN_DEPTH_MAX);
        return false;
    }
    if (++scan->nodes > CONFIG_SCAN_NODES_MAX) {
        err_add(scan->err, ERR_ERROR, node->place, "more than %d values, every use of an alias counted",
                CONFIG_SCAN_NODES_MAX);
        return false;
    }
    return true;
}

/* A tag would be a request that nobody carries out. */
static void check_tag(struct scan *scan, const yaml_node_t *node, const struct config_node *out)
{
    static const char *const plain[] = {[YAML_SCALAR_NODE] = YAML_STR_TAG,
                                        [YAML_SEQUENCE_NODE] = YAML_SEQ_TAG,
                                        [YAML_MAPPING_NODE] = YAML_MAP_TAG};
    if (node->tag && strcmp((const char *)node->tag, plain[node->type]) != 0)
        err_add(scan->err, ERR_ERROR, out->place,
                "YAML tags (`!...`) have no meaning here: write the value alone");
}

/* False if the whole document has to be given up. */
static bool convert(struct scan *scan, int id, unsigned depth, struct config_node *out)
{
    const yaml_node_t *node = yaml_document_get_node(&scan->document, id);
    out->place = place_of(scan, node->start_mark);
    if (!within_limits(scan, out, depth))
        return false;
    check_tag(scan, node, out);
    switch (node->type) {
    case YAML_SEQUENCE_NODE:
        out->kind = CONFIG_LIST;
        return convert_list(scan, node, depth, out);
    case YAML_MAPPING_NODE:
        out->kind = CONFIG_MAP;
        return convert_map(scan, node, depth, out);
    case YAML_SCALAR_NODE:
    case YAML_NO_NODE:
        break;
    }
    out->kind = CONFIG_SCALAR;
    convert_scalar(scan, node, out);
    return true;
}

/* --- what libyaml does not understand ------------------------------------------------------------------ */

static bool begins_character(char octet)
{
    return ((unsigned char)octet & 0xc0) != 0x80;
}

static struct err_place place_of_offset(const struct scan *scan, size_t offset)
{
    struct err_place place = {scan->file, 1, 1};
    for (size_t i = 0; i < offset && i < scan->size; i++) {
        if (scan->text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (begins_character(scan->text[i])) {
            place.column++;
        }
    }
    return place;
}

static char octet_at(const struct scan *scan, yaml_mark_t mark)
{
    size_t i = 0;
    for (size_t line = 0; line < mark.line && i < scan->size; i++)
        line += scan->text[i] == '\n';
    for (size_t column = 0; i < scan->size; i++)
        if (begins_character(scan->text[i]) && column++ == mark.column)
            break;
    return i < scan->size ? scan->text[i] : '\0';
}

static void report_encoding(const struct scan *scan)
{
    const yaml_parser_t *parser = &scan->parser;
    struct err_place place = place_of_offset(scan, parser->problem_offset);
    if (!strcmp(parser->problem, TOO_DEEP))
        err_add(scan->err, ERR_ERROR, place_of(scan, parser->mark),
                "nested deeper than %d levels: are brackets not closed?", CONFIG_SCAN_DEPTH_MAX);
    else if (strstr(parser->problem, "control characters"))
        err_add(scan->err, ERR_ERROR, place, "control character 0x%02X: remove it",
                (unsigned)parser->problem_value);
    else
        err_add(scan->err, ERR_ERROR, place, "not UTF-8 from here on (%s): save the file as UTF-8",
                parser->problem);
}

static void report_problem(const struct scan *scan)
{
    const yaml_parser_t *parser = &scan->parser;
    if (parser->error == YAML_READER_ERROR && parser->problem) {
        report_encoding(scan);
        return;
    }
    if (parser->error == YAML_MEMORY_ERROR || !parser->problem) {
        err_add(scan->err, ERR_ERROR, (struct err_place){scan->file, 0, 0},
                "not enough memory to read the file");
        return;
    }
    const char *text = config_problem_text(parser->problem, octet_at(scan, parser->problem_mark));
    /* What is not closed is found at its end; where it opens helps more. */
    if (parser->context && parser->context_mark.line != parser->problem_mark.line)
        err_add(scan->err, ERR_ERROR, place_of(scan, parser->problem_mark),
                "%s (what is read here begins at line %zu)", text, parser->context_mark.line + 1);
    else
        err_add(scan->err, ERR_ERROR, place_of(scan, parser->problem_mark), "%s", text);
}

/* --- documents ------------------------------------------------------------------------------------------ */

static const struct config_node *convert_document(struct scan *scan)
{
    struct config_node *root = arena_alloc(scan->arena, sizeof *root);
    if (!yaml_document_get_root_node(&scan->document)) {
        err_add(scan->err, ERR_ERROR, (struct err_place){scan->file, 1, 1},
                "the file is empty: it needs at least a `zones` section");
        return NULL;
    }
    const int root_id = 1; /* libyaml numbers nodes from 1, the root first */
    return convert(scan, root_id, 1, root) ? root : NULL;
}

static void refuse_further_document(struct scan *scan)
{
    if (!yaml_parser_load(&scan->parser, &scan->document)) {
        report_problem(scan);
        return;
    }
    if (yaml_document_get_root_node(&scan->document))
        err_add(scan->err, ERR_ERROR, place_of(scan, scan->document.start_mark),
                "a second YAML document begins here: one file holds one configuration");
    yaml_document_delete(&scan->document);
}

/* libyaml's time grows with the square of the bracket depth: it gets the text in small pieces, and no more once
 * it is too deep. */
static int give_chunk(void *context, unsigned char *out, size_t room, size_t *given)
{
    struct scan *scan = context;
    if (scan->parser.flow_level > CONFIG_SCAN_DEPTH_MAX)
        return 0;
    size_t left = scan->size - scan->given, most = room < CHUNK_MAX ? room : CHUNK_MAX;
    *given = left < most ? left : most;
    if (*given)
        memcpy(out, scan->text + scan->given, *given);
    scan->given += *given;
    return 1;
}

static const struct config_node *scan_text(struct scan *scan)
{
    yaml_parser_set_encoding(&scan->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input(&scan->parser, give_chunk, scan);
    if (!yaml_parser_load(&scan->parser, &scan->document)) {
        report_problem(scan);
        return NULL;
    }
    const struct config_node *root = convert_document(scan);
    yaml_document_delete(&scan->document);
    if (root)
        refuse_further_document(scan);
    return root;
}

const struct config_node *config_scan(const char *text, size_t size, const char *file, struct arena *arena,
                                      struct err *err)
{
    struct scan scan = {.text = text, .size = size, .file = file, .arena = arena, .err = err};
    /* Skipped here, or columns of the first line would be one off. */
    size_t bom = sizeof UTF8_BOM - 1;
    if (size >= bom && !memcmp(text, UTF8_BOM, bom)) {
        scan.text += bom;
        scan.size -= bom;
    }
    if (!yaml_parser_initialize(&scan.parser)) {
        err_add(err, ERR_ERROR, (struct err_place){file, 0, 0}, "not enough memory to read the file");
        return NULL;
    }
    const struct config_node *root = scan_text(&scan);
    yaml_parser_delete(&scan.parser);
    return root;
}
