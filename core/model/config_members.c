// SPDX-License-Identifier: MIT
#include "core/model/config_sections.h"

#include <string.h>

#include "core/model/config_address.h"
#include "core/model/config_value.h"

struct member_draft {
    struct config_index *seen; /* addresses of the whole service */
    struct addr a[CONFIG_ADDRESSES_MAX], aaaa[CONFIG_ADDRESSES_MAX];
    size_t a_count, aaaa_count;
    int check;
    struct endpoint probe;
};

/* --- addresses --------------------------------------------------------------------------------------------- */

static bool read_address(struct config_loader *loader, const char *name, enum addr_family family,
                         const struct config_node *node, struct config_index *seen, struct addr *out)
{
    if (!config_address_host(loader, name, family, node, out))
        return false;
    const struct config_index_slot *first =
        config_index_add(seen, out->octets, addr_bits(out) / 8, 0, node->place);
    if (!first)
        return true;
    config_loader_error(loader, node, "`%s`: %s already is an address of this service, at line %u", name,
                        config_loader_word(loader, node->text), first->place.line);
    return false;
}

static bool read_addresses(struct config_loader *loader, const char *name, enum addr_family family,
                           const struct config_node *node, struct config_index *seen, struct addr *out,
                           size_t *count)
{
    if (node->count > CONFIG_ADDRESSES_MAX) {
        config_loader_error(loader, &node->items[CONFIG_ADDRESSES_MAX],
                            "`%s`: a member has at most %d addresses", name, CONFIG_ADDRESSES_MAX);
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= read_address(loader, name, family, &node->items[i], seen, &out[i]);
    *count = node->count;
    return ok;
}

static bool read_a(struct config_loader *loader, const struct config_key *key, const struct config_node *node,
                   void *into)
{
    struct member_draft *draft = into;
    return read_addresses(loader, key->name, ADDR_V4, node, draft->seen, draft->a, &draft->a_count);
}

static bool read_aaaa(struct config_loader *loader, const struct config_key *key,
                      const struct config_node *node, void *into)
{
    struct member_draft *draft = into;
    return read_addresses(loader, key->name, ADDR_V6, node, draft->seen, draft->aaaa, &draft->aaaa_count);
}

static bool read_probe(struct config_loader *loader, const struct config_key *key,
                       const struct config_node *node, void *into)
{
    struct member_draft *draft = into;
    if (!config_address_target(loader, key->name, node, &draft->probe))
        return false;
    if (draft->check != CONFIG_NO_CHECK)
        return true;
    config_loader_error(loader, node, "`%s` without a check: name one with `check`", key->name);
    return false;
}

/* --- one member -------------------------------------------------------------------------------------------- */

static const struct config_key member_rows[] = {
    {"a", CONFIG_TAKES_LIST, .parse = read_a},
    {"aaaa", CONFIG_TAKES_LIST, .parse = read_aaaa},
    {"check", CONFIG_TAKES_SCALAR, .parse = config_checks_refer, offsetof(struct member_draft, check)},
    {"probe", CONFIG_TAKES_SCALAR, .parse = read_probe}, /* below `check`: it needs one */
    {.name = "weight", .fallback = "100"},
    {.name = "cname"},
    {.name = "min_healthy", .fallback = "1"},
    {.name = "capacity"},
    {.name = "load"},
};
static const struct config_keys member_keys = CONFIG_KEYS("a member", member_rows);

static bool complete_member(struct config_loader *loader, const struct config_node *site,
                            const struct member_draft *draft, struct config_member *member)
{
    size_t count = draft->a_count + draft->aaaa_count;
    const char *name = config_loader_word(loader, site->text);
    if (!count || count > CONFIG_ADDRESSES_MAX) {
        config_loader_error(loader, site,
                            "member `%s` has %zu addresses: give it 1 to %d under `a` and `aaaa`", name,
                            count, CONFIG_ADDRESSES_MAX);
        return false;
    }
    struct addr *addresses = arena_array(loader->arena, count, sizeof *addresses);
    memcpy(addresses, draft->a, draft->a_count * sizeof *addresses);
    memcpy(addresses + draft->a_count, draft->aaaa, draft->aaaa_count * sizeof *addresses);
    member->addresses = addresses;
    member->a_count = (uint8_t)draft->a_count;
    member->aaaa_count = (uint8_t)draft->aaaa_count;
    member->check = draft->check;
    member->probe = draft->probe;
    return true;
}

static bool read_member(struct config_loader *loader, const struct config_entry *entry, int service_check,
                        struct config_index *seen, struct config_member *member)
{
    struct config_node empty;
    const struct config_node *node =
        config_keys_shape(loader, entry->key.text, CONFIG_TAKES_MAP, &entry->value, &empty);
    struct member_draft draft = {.seen = seen, .check = service_check};
    size_t site = 0;
    bool known = config_loader_resolve(loader, &loader->sites, &entry->key, &site);
    member->site = (uint8_t)site;
    member->place = entry->key.place;
    return node && config_keys_read(loader, &member_keys, entry->key.place, node, &draft) &&
           complete_member(loader, &entry->key, &draft, member) && known;
}

bool config_members_read(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    struct config_members_draft *draft = into;
    struct config_service *service = &draft->service;
    if (!node->count) {
        config_loader_error(loader, node, "`%s`: the service has no member: name a site and its addresses",
                            key->name);
        return false;
    }
    struct config_index seen = {.arena = loader->scratch};
    struct config_member *members = arena_array(loader->arena, node->count, sizeof *members);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++) {
        ok &= read_member(loader, &node->entries[i], draft->check, &seen, &members[i]);
        service->has_a |= members[i].a_count > 0;
        service->has_aaaa |= members[i].aaaa_count > 0;
    }
    service->members = members;
    service->member_count = node->count;
    return ok;
}
