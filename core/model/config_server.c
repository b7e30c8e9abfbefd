// SPDX-License-Identifier: MIT
#include "core/model/config_sections.h"

#include <string.h>
#include <sys/un.h>

#include "core/model/config_address.h"
#include "core/model/config_value.h"

#define DNS_PORT             53
#define LISTEN_MAX           256
#define DATABASES_MAX        64
#define THREADS_MAX          256
#define NSID_MAX             128
#define CHARACTER_STRING_MAX 255 /* RFC 1035 section 3.3 */
/* The longest socket in run_dir has to fit into a sockaddr_un. */
#define RUN_DIR_MAX (sizeof((struct sockaddr_un *)NULL)->sun_path - sizeof "/healthd.sock")

static bool add_listen(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, struct config_index *seen, struct endpoint *out)
{
    if (!config_address_listen(loader, key->name, DNS_PORT, node, out))
        return false;
    char text[ENDPOINT_TEXT_MAX];
    endpoint_format(out, text);
    const struct config_index_slot *first = config_index_add(seen, text, strlen(text), 0, node->place);
    if (!first)
        return true;
    config_loader_error(loader, node, "`%s`: %s stands in this list twice, first at line %u", key->name, text,
                        first->place.line);
    return false;
}

static bool read_listen(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    if (!node->count || node->count > LISTEN_MAX) {
        config_loader_error(loader, node, "`%s` takes 1 to %d addresses, such as 192.0.2.1@53", key->name,
                            LISTEN_MAX);
        return false;
    }
    struct config_server *server = into;
    struct endpoint *listen = arena_array(loader->arena, node->count, sizeof *listen);
    struct config_index seen = {.arena = loader->scratch};
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= add_listen(loader, key, &node->items[i], &seen, &listen[i]);
    server->listen = listen;
    server->listen_count = node->count;
    return ok;
}

static bool read_run_dir(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    struct config_server *server = into;
    if (!config_value_path(loader, key, node, into))
        return false;
    if (strlen(server->run_dir) <= RUN_DIR_MAX)
        return true;
    config_loader_error(loader, node,
                        "`%s`: the path is longer than %zu octets, too long for the sockets in it", key->name,
                        RUN_DIR_MAX);
    return false;
}

/* --- what the server tells of itself ---------------------------------------------------------------------- */

#define WORD_NONE "none"

/* A text, or `none` for NULL. */
static bool read_text_or_none(struct config_loader *loader, const struct config_key *key,
                              const struct config_node *node, void *into)
{
    if (strcmp(node->text, WORD_NONE) != 0)
        return config_value_text(loader, key, node, into);
    *(const char **)config_keys_field(key, into) = NULL;
    return true;
}

static const struct config_key cookies_rows[] = {
    {"enabled", CONFIG_TAKES_SCALAR, .parse = config_value_bool, offsetof(struct config_cookies, enabled),
     .fallback = "true"},
    {"secret_file", CONFIG_TAKES_SCALAR, .parse = config_value_path,
     offsetof(struct config_cookies, secret_file)},
};
static const struct config_keys cookies_keys = CONFIG_KEYS("`cookies`", cookies_rows);

static bool read_cookies(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    (void)key;
    struct config_server *server = into;
    return config_keys_read(loader, &cookies_keys, node->place, node, &server->cookies);
}

static const struct config_word any_words[] = {{"one", CONFIG_ANY_ONE}, {"full", CONFIG_ANY_FULL}, {NULL, 0}};

static const struct config_key server_rows[] = {
    {"listen", CONFIG_TAKES_LIST, .parse = read_listen, .fallback = "0.0.0.0 ::"},
    {"threads", CONFIG_TAKES_SCALAR, .parse = config_value_unsigned, offsetof(struct config_server, threads),
     1, THREADS_MAX},
    {"run_dir", CONFIG_TAKES_SCALAR, .parse = read_run_dir, offsetof(struct config_server, run_dir),
     .fallback = "/run/meridian"},
    {"nsid", CONFIG_TAKES_SCALAR, .parse = config_value_text, offsetof(struct config_server, nsid), 1,
     NSID_MAX},
    {"version", CONFIG_TAKES_SCALAR, .parse = read_text_or_none, offsetof(struct config_server, version), 1,
     CHARACTER_STRING_MAX, .fallback = WORD_NONE},
    {"identity", CONFIG_TAKES_SCALAR, .parse = read_text_or_none, offsetof(struct config_server, identity), 1,
     CHARACTER_STRING_MAX},
    {"any", CONFIG_TAKES_SCALAR, .parse = config_value_word, offsetof(struct config_server, any),
     .words = any_words, .fallback = "one"},
    {"cookies", CONFIG_TAKES_MAP, .parse = read_cookies, .fallback = ""},
    {.name = "state_dir"},
    {.name = "http"},
    {.name = "watch", .fallback = "false"},
    {.name = "canaries"},
};
static const struct config_keys server_keys = CONFIG_KEYS("`server`", server_rows);

bool config_server_read(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    (void)key;
    static const char as_nsid[] = ""; /* no text of the file is here */
    struct config *config = into;
    config->server.identity = as_nsid;
    bool ok = config_keys_read(loader, &server_keys, node->place, node, &config->server);
    if (config->server.identity == as_nsid)
        config->server.identity = config->server.nsid;
    return ok;
}

/* --- geoip ------------------------------------------------------------------------------------------------ */

static bool add_database(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, struct config_index *seen,
                         struct config_database *out)
{
    const struct config_key row = {.name = key->name, .offset = offsetof(struct config_database, path)};
    if (!config_value_scalar(loader, key->name, node) || !config_value_path(loader, &row, node, out))
        return false;
    out->place = node->place;
    const struct config_index_slot *first =
        config_index_add(seen, out->path, strlen(out->path), 0, node->place);
    if (!first)
        return true;
    config_loader_error(loader, node, "`%s`: %s stands in this list twice, first at line %u", key->name,
                        config_loader_word(loader, out->path), first->place.line);
    return false;
}

static bool read_databases(struct config_loader *loader, const struct config_key *key,
                           const struct config_node *node, void *into)
{
    if (node->count > DATABASES_MAX) {
        config_loader_error(loader, node, "`%s` takes at most %d files or folders", key->name, DATABASES_MAX);
        return false;
    }
    struct config *config = into;
    struct config_database *databases = arena_array(loader->arena, node->count, sizeof *databases);
    struct config_index seen = {.arena = loader->scratch};
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= add_database(loader, key, &node->items[i], &seen, &databases[i]);
    config->databases = databases;
    config->database_count = node->count;
    return ok;
}

static const struct config_key geoip_rows[] = {
    {"databases", CONFIG_TAKES_LIST, .parse = read_databases},
};
static const struct config_keys geoip_keys = CONFIG_KEYS("`geoip`", geoip_rows);

bool config_geoip_read(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    (void)key;
    return config_keys_read(loader, &geoip_keys, node->place, node, into);
}
