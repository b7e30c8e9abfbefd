// SPDX-License-Identifier: MIT
/* The checks that speak HTTP or TLS. */
#include "core/model/config_checks.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/pattern.h"

#define STATUS_MIN      100 /* RFC 9110 section 15 */
#define STATUS_MAX      599
#define TARGET_MAX      2048
#define NAME_MAX_OCTETS 253
#define BODY_MAX        1024
#define HEADERS_MAX     32
#define HEADER_MAX      1024
#define POINTER_MAX     512
#define DAYS_MAX        3650
#define FIRST_PRINTABLE 0x21
#define LAST_PRINTABLE  0x7e

/* --- the request ------------------------------------------------------------------------------------------- */

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

static const struct config_word method_words[] = {{"GET", 0}, {"HEAD", 1}, {NULL, CONFIG_WORD_LATER}};

static bool read_method(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    const struct config_key row = {.name = key->name, .words = key->words};
    int head = 0;
    if (!config_value_word(loader, &row, node, &head))
        return false;
    ((struct config_check *)into)->http.head = head;
    return true;
}

/* Characters of a token (RFC 9110 section 5.6.2). */
static bool is_field_name(const char *text)
{
    static const char token[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    return *text && !text[strspn(text, token)];
}

/* The fields that frame the message are not the operator's to set. */
static const char *why_not_settable(const char *name)
{
    static const char *const framing[] = {"Connection", "Content-Length", "Transfer-Encoding", "Upgrade",
                                          "TE"};
    if (!strcasecmp(name, "Host"))
        return "is set with `host`";
    for (size_t i = 0; i < sizeof framing / sizeof *framing; i++)
        if (!strcasecmp(name, framing[i]))
            return "is set by the prober itself";
    return NULL;
}

static const char *read_header(struct config_loader *loader, const struct config_key *key,
                               const struct config_entry *entry)
{
    const char *name = entry->key.text, *shown = config_loader_word(loader, name);
    const char *value = config_value_scalar(loader, name, &entry->value);
    if (!value)
        return NULL;
    if (!is_field_name(name)) {
        config_loader_error(loader, &entry->key, "`%s`: `%s` is no name of a header field", key->name, shown);
        return NULL;
    }
    if (why_not_settable(name)) {
        config_loader_error(loader, &entry->key, "`%s`: %s %s", key->name, shown, why_not_settable(name));
        return NULL;
    }
    for (const char *c = value; *c; c++) /* RFC 9110 section 5.5 */
        if ((*c < ' ' && *c != '\t') || *c == 0x7f) {
            config_loader_error(loader, &entry->value, "`%s`: the value of %s holds a control character",
                                key->name, shown);
            return NULL;
        }
    if (strlen(name) + strlen(value) > HEADER_MAX) {
        config_loader_error(loader, &entry->value, "`%s`: %s is longer than %d octets", key->name, shown,
                            HEADER_MAX);
        return NULL;
    }
    /* libcurl takes "Name:" for an order to leave the field out, "Name;" for an empty value. */
    return arena_printf(loader->arena, *value ? "%s: %s" : "%s;", name, value);
}

static bool read_headers(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    struct config_check *check = into;
    if (node->count > HEADERS_MAX) {
        config_loader_error(loader, &node->entries[HEADERS_MAX].key, "`%s`: more than %d header fields",
                            key->name, HEADERS_MAX);
        return false;
    }
    const char **headers = arena_array(loader->arena, node->count, sizeof *headers);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++) {
        headers[i] = read_header(loader, key, &node->entries[i]);
        ok &= headers[i] != NULL;
    }
    check->http.headers = headers;
    check->http.header_count = node->count;
    return ok;
}

/* --- the answer -------------------------------------------------------------------------------------------- */

/* "204" or "300-399". */
static bool read_status_range(struct config_loader *loader, const struct config_key *key,
                              const struct config_node *node, struct config_status_range *out)
{
    const char *text = config_value_scalar(loader, key->name, node);
    const char *dash = text && *text != '-' ? strchr(text, '-') : NULL;
    struct config_node first = *node, last = *node;
    int64_t from, to;
    if (!text)
        return false;
    if (dash) {
        first.text = arena_printf(loader->scratch, "%.*s", (int)(dash - text), text);
        last.text = dash + 1;
    }
    if (!config_value_number(loader, key, &first, &from) || !config_value_number(loader, key, &last, &to))
        return false;
    if (from > to) {
        config_loader_error(loader, node, "`%s`: %s ends before it begins", key->name, text);
        return false;
    }
    *out = (struct config_status_range){(uint16_t)from, (uint16_t)to};
    return true;
}

/* Marks the codes of `range`; false if one of them was marked before. */
static bool mark(bool seen[STATUS_MAX + 1], const struct config_status_range *range)
{
    bool fresh = true;
    for (unsigned code = range->first; code <= range->last; code++) {
        fresh &= !seen[code];
        seen[code] = true;
    }
    return fresh;
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
    struct config_status_range *ranges = arena_array(loader->arena, node->count, sizeof *ranges);
    bool seen[STATUS_MAX + 1] = {false}, ok = true;
    for (size_t i = 0; i < node->count; i++) {
        if (!read_status_range(loader, key, &node->items[i], &ranges[i])) {
            ok = false;
        } else if (!mark(seen, &ranges[i])) {
            config_loader_error(loader, &node->items[i], "`%s`: %s stands in this list twice", key->name,
                                node->items[i].text);
            ok = false;
        }
    }
    check->http.status = ranges;
    check->http.status_count = node->count;
    return ok;
}

static bool read_body_regex(struct config_loader *loader, const struct config_key *key,
                            const struct config_node *node, void *into)
{
    char why[PATTERN_WHY_MAX];
    struct pattern *pattern = pattern_create(node->text, why);
    if (!pattern) {
        config_loader_error(loader, node, "`%s`: `%s` is no regular expression: %s", key->name,
                            config_loader_word(loader, node->text), why);
        return false;
    }
    pattern_free(pattern);
    return config_value_text(loader, key, node, into);
}

/* --- a value in JSON --------------------------------------------------------------------------------------- */

struct json_draft {
    const char *pointer;
    const char *operands[CONFIG_JSON_GREATER_THAN + 1]; /* by operator */
};

/* RFC 6901 section 3 */
static bool read_pointer(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    const char *text = node->text, *shown = config_loader_word(loader, text);
    if (*text && *text != '/') {
        config_loader_error(loader, node, "`%s`: `%s` must begin with `/`: did you mean `/%s`?", key->name,
                            shown, shown);
        return false;
    }
    for (const char *c = text; (c = strchr(c, '~')); c++)
        if (c[1] != '0' && c[1] != '1') {
            config_loader_error(loader, node, "`%s`: `%s`: write ~ as ~0, and / in a name as ~1", key->name,
                                shown);
            return false;
        }
    return config_value_text(loader, key, node, into);
}

static bool read_number(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    char *end;
    (void)strtod(node->text, &end);
    if (end == node->text || *end || node->text[strspn(node->text, "0123456789.+-eE")]) {
        config_loader_error(loader, node, "`%s`: `%s` is no number", key->name,
                            config_loader_word(loader, node->text));
        return false;
    }
    return config_value_text(loader, key, node, into);
}

#define OPERAND(operator) offsetof(struct json_draft, operands[operator])
static const struct config_key json_rows[] = {
    {"pointer", CONFIG_TAKES_SCALAR, .parse = read_pointer, offsetof(struct json_draft, pointer), 0,
     POINTER_MAX, .required = true},
    {"equals", CONFIG_TAKES_SCALAR, .parse = config_value_text, OPERAND(CONFIG_JSON_EQUALS), 0, BODY_MAX},
    {"not_equals", CONFIG_TAKES_SCALAR, .parse = config_value_text, OPERAND(CONFIG_JSON_NOT_EQUALS), 0,
     BODY_MAX},
    {"less_than", CONFIG_TAKES_SCALAR, .parse = read_number, OPERAND(CONFIG_JSON_LESS_THAN), 1, BODY_MAX},
    {"greater_than", CONFIG_TAKES_SCALAR, .parse = read_number, OPERAND(CONFIG_JSON_GREATER_THAN), 1,
     BODY_MAX},
};
#undef OPERAND
static const struct config_keys json_keys = CONFIG_KEYS("a `json` comparison", json_rows);

static bool read_json(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    struct config_json *json = config_keys_field(key, into);
    struct json_draft draft = {.pointer = NULL};
    unsigned given = 0;
    if (!config_keys_read(loader, &json_keys, node->place, node, &draft))
        return false;
    for (int o = 0; o <= CONFIG_JSON_GREATER_THAN; o++) {
        if (!draft.operands[o])
            continue;
        given++;
        *json = (struct config_json){draft.pointer, (enum config_json_operator)o, draft.operands[o]};
    }
    if (given == 1)
        return true;
    config_loader_error(
        loader, node, "`%s` takes one of `equals`, `not_equals`, `less_than` and `greater_than`", key->name);
    return false;
}

/* --- certificates ------------------------------------------------------------------------------------------ */

static bool is_server_name(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    return *text && *text != '.' && strlen(text) <= NAME_MAX_OCTETS && !text[strspn(text, allowed)];
}

static bool read_sni(struct config_loader *loader, const struct config_key *key,
                     const struct config_node *node, void *into)
{
    if (is_server_name(node->text))
        return config_value_text(loader, key, node, into);
    config_loader_error(loader, node, "`%s`: `%s` is no host name", key->name,
                        config_loader_word(loader, node->text));
    return false;
}

static bool read_verify(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    if (!config_value_bool(loader, key, node, into))
        return false;
    if (!*(bool *)config_keys_field(key, into))
        config_loader_warning(
            loader, node->place,
            "`verify: false`: who answers is not looked at, so that a stranger's server, or "
            "one with a certificate no client accepts, counts as healthy");
    return true;
}

/* The name without a port: what stands in certificates. An address stands for itself. */
static bool complete_name(struct config_loader *loader, const struct config_node *node,
                          struct config_check *check)
{
    struct endpoint unused;
    const char *host = check->http.host;
    if (check->tls.name || !host || *host == '[' || endpoint_parse(host, 1, &unused))
        return true;
    const char *name = arena_printf(loader->arena, "%.*s", (int)strcspn(host, ":"), host);
    if (is_server_name(name)) {
        check->tls.name = name;
        return true;
    }
    config_loader_error(loader, config_checks_value(node, "host"),
                        "`host`: `%s` cannot stand in a certificate: name the server with `sni`",
                        config_loader_word(loader, host));
    return false;
}

/* --- the types --------------------------------------------------------------------------------------------- */

static bool complete_http(struct config_loader *loader, const struct config_node *node,
                          struct config_check *check)
{
    static const char *const of_body[] = {"body", "body_regex", "json"};
    for (size_t i = 0; check->http.head && i < sizeof of_body / sizeof *of_body; i++) {
        const struct config_node *value = config_checks_value(node, of_body[i]);
        if (!value)
            continue;
        config_loader_error(loader, value, "`%s` with `method: HEAD`: the answer to HEAD has no body",
                            of_body[i]);
        return false;
    }
    return true;
}

static bool complete_https(struct config_loader *loader, const struct config_node *node,
                           struct config_check *check)
{
    return complete_http(loader, node, check) && complete_name(loader, node, check);
}

#define FIELD(name) CONFIG_CHECK_FIELD(name)
#define HTTP_ROWS                                                                                            \
    {"path",     CONFIG_TAKES_SCALAR, .parse = read_request_target, FIELD(http.path), 1,                     \
     TARGET_MAX, .fallback = "/"},                                                                           \
        {"host", CONFIG_TAKES_SCALAR, .parse = read_host, FIELD(http.host), 1, NAME_MAX_OCTETS},             \
        {"method", CONFIG_TAKES_SCALAR, .parse = read_method, .words = method_words, .fallback = "GET"},     \
        {"headers", CONFIG_TAKES_MAP, .parse = read_headers},                                                \
        {"status",          CONFIG_TAKES_LIST, .parse = read_status,                                         \
         .min = STATUS_MIN, .max = STATUS_MAX, .fallback = "200"},                                           \
        {"body", CONFIG_TAKES_SCALAR, .parse = config_value_text, FIELD(http.body), 1, BODY_MAX},            \
        {"body_regex",    CONFIG_TAKES_SCALAR, .parse = read_body_regex, FIELD(http.body_regex), 1,          \
         PATTERN_TEXT_MAX},                                                                                  \
    {                                                                                                        \
        "json", CONFIG_TAKES_MAP, .parse = read_json, FIELD(http.json)                                       \
    }
#define TLS_ROWS                                                                                             \
    {"sni", CONFIG_TAKES_SCALAR, .parse = read_sni, FIELD(tls.name), 1, NAME_MAX_OCTETS},                    \
        {"ca_file", CONFIG_TAKES_SCALAR, .parse = config_value_path, FIELD(tls.ca_file)},                    \
        {"verify", CONFIG_TAKES_SCALAR, .parse = read_verify, FIELD(tls.verify), .fallback = "true"},        \
    {                                                                                                        \
        "min_days_left", CONFIG_TAKES_SCALAR, .parse = config_value_unsigned, FIELD(tls.min_days_left), 1,   \
                                              DAYS_MAX                                                       \
    }

static const struct config_key http_rows[] = {CONFIG_CHECK_COMMON_ROWS,
                                              CONFIG_CHECK_PORT_ROW(.fallback = "80"), HTTP_ROWS};
static const struct config_key https_rows[] = {CONFIG_CHECK_COMMON_ROWS,
                                               CONFIG_CHECK_PORT_ROW(.fallback = "443"), HTTP_ROWS, TLS_ROWS};
static const struct config_key tls_rows[] = {CONFIG_CHECK_COMMON_ROWS,
                                             CONFIG_CHECK_PORT_ROW(.fallback = "443"), TLS_ROWS};

const struct config_check_kind config_checks_http = {CONFIG_KEYS("an http check", http_rows), complete_http};
const struct config_check_kind config_checks_https = {CONFIG_KEYS("an https check", https_rows),
                                                      complete_https};
const struct config_check_kind config_checks_tls = {CONFIG_KEYS("a tls check", tls_rows), NULL};
