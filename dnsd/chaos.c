// SPDX-License-Identifier: MIT
#include "dnsd/chaos.h"

#include <string.h>

#include "core/base/wire.h"
#include "dnsd/protocol.h"

#define NAME(octets) (const uint8_t *)octets, sizeof octets

static const struct {
    const uint8_t *name;
    size_t size;
    bool is_version;
} names[] = {
    {NAME("\7version\4bind"), true},
    {NAME("\7version\6server"), true},
    {NAME("\2id\6server"), false},
    {NAME("\10hostname\4bind"), false},
};

const char *chaos_text(const struct config_server *config, const struct query *query)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].size == query->name_length && memcmp(names[i].name, query->name, names[i].size) == 0)
            return names[i].is_version ? config->version : config->identity;
    return NULL;
}

size_t chaos_record(const char *text, uint8_t *out)
{
    /* TTL 0: the next query may reach another server of the set. */
    static const uint8_t head[] = {POINTER >> 8, HEADER_SIZE, 0, TYPE_TXT, 0, CLASS_CH, 0, 0, 0, 0};
    size_t length = strlen(text);
    memcpy(out, head, sizeof head);
    wire_store16(out + sizeof head, (unsigned)length + 1);
    out[RECORD_FIXED_SIZE] = (uint8_t)length;
    memcpy(out + RECORD_FIXED_SIZE + 1, text, length);
    return RECORD_FIXED_SIZE + 1 + length;
}
