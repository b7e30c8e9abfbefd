// SPDX-License-Identifier: MIT
/* `rrl`: the keys that operators know from BIND, NSD and Knot. */
#include "core/model/config_sections.h"

#include "core/model/config_address.h"
#include "core/model/config_value.h"

#define RATE_MAX       100000
#define RATE_AS_RATE   UINT32_MAX /* not in the file: what `rate` says */
#define WINDOW_MAX_MS  3600000
#define SLIP_MAX       10
#define TABLE_SIZE_MIN 1024
#define TABLE_SIZE_MAX (1 << 24)
#define EXEMPT_MAX     1024

static bool read_exempt(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    if (node->count > EXEMPT_MAX) {
        config_loader_error(loader, node, "`%s` takes at most %d prefixes", key->name, EXEMPT_MAX);
        return false;
    }
    struct config_rrl *rrl = into;
    struct prefix *exempt = arena_array(loader->arena, node->count, sizeof *exempt);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= config_address_prefix(loader, key->name, &node->items[i], &exempt[i]);
    rrl->exempt = exempt;
    rrl->exempt_count = node->count;
    return ok;
}

#define FIELD(name) CONFIG_TAKES_SCALAR, .parse = config_value_unsigned, offsetof(struct config_rrl, name)

static const struct config_key rrl_rows[] = {
    {"rate", FIELD(rate), 0, RATE_MAX, .required = true},
    {"nxdomain_rate", FIELD(nxdomain_rate), 0, RATE_MAX},
    {"errors_rate", FIELD(errors_rate), 0, RATE_MAX},
    {"window", CONFIG_TAKES_SCALAR, .parse = config_value_duration, offsetof(struct config_rrl, window_ms),
     1000, WINDOW_MAX_MS, .fallback = "15s"},
    {"slip", FIELD(slip), 0, SLIP_MAX, .fallback = "2"},
    {"ipv4_prefix", FIELD(ipv4_prefix), 1, 32, .fallback = "24"},
    {"ipv6_prefix", FIELD(ipv6_prefix), 1, 128, .fallback = "56"},
    {"table_size", FIELD(table_size), TABLE_SIZE_MIN, TABLE_SIZE_MAX, .fallback = "65536"},
    {"exempt", CONFIG_TAKES_LIST, .parse = read_exempt},
};
static const struct config_keys rrl_keys = CONFIG_KEYS("`rrl`", rrl_rows);

bool config_rrl_read(struct config_loader *loader, const struct config_key *key,
                     const struct config_node *node, void *into)
{
    (void)key;
    struct config *config = into;
    struct config_rrl *rrl = &config->rrl;
    rrl->enabled = true;
    rrl->nxdomain_rate = rrl->errors_rate = RATE_AS_RATE;
    bool ok = config_keys_read(loader, &rrl_keys, node->place, node, rrl);
    if (rrl->nxdomain_rate == RATE_AS_RATE)
        rrl->nxdomain_rate = rrl->rate;
    if (rrl->errors_rate == RATE_AS_RATE)
        rrl->errors_rate = rrl->rate;
    return ok;
}
