// SPDX-License-Identifier: MIT
#include "tests/support/lib_query.h"

#include <assert.h>

#include "core/base/addr.h"

void query_put_name(struct wire_writer *w, const char *name)
{
    while (*name != '\0' && *name != '.') {
        size_t length = strcspn(name, ".");
        wire_put8(w, (unsigned)length);
        wire_put(w, name, length);
        name += length + (name[length] == '.');
    }
    wire_put8(w, 0);
}

size_t query_write(const struct query_spec *spec, uint8_t *out, size_t room)
{
    struct wire_writer w = wire_writer_of(out, room);
    wire_put16(&w, 0x4d44);
    wire_put16(&w, spec->flags ? spec->flags : 0x0100);
    wire_put16(&w, 1);
    wire_put32(&w, 0);
    wire_put16(&w, spec->edns);
    query_put_name(&w, spec->name);
    wire_put16(&w, spec->type);
    wire_put16(&w, spec->class ? spec->class : 1);
    if (spec->edns) {
        wire_put8(&w, 0);
        wire_put16(&w, 41);
        wire_put16(&w, spec->udp_size ? spec->udp_size : 1232);
        wire_put16(&w, spec->version);
        wire_put16(&w, spec->edns_flags);
        wire_put16(&w, (unsigned)spec->options_size);
        wire_put(&w, spec->options, spec->options_size);
    }
    assert(w.ok);
    return wire_written(&w);
}

size_t query_ecs_option(uint8_t *out, unsigned family, unsigned source, unsigned scope,
                        const uint8_t *address, size_t octets)
{
    struct wire_writer w = wire_writer_of(out, 8 + octets);
    wire_put16(&w, 8);
    wire_put16(&w, (unsigned)(4 + octets));
    wire_put16(&w, family);
    wire_put8(&w, source);
    wire_put8(&w, scope);
    wire_put(&w, address, octets);
    return wire_written(&w);
}

size_t query_ecs_of(uint8_t *out, const char *text)
{
    struct prefix prefix;
    bool ok = prefix_parse(text, &prefix, NULL);
    assert(ok);
    (void)ok;
    return query_ecs_option(out, prefix.addr.family == ADDR_V4 ? 1 : 2, prefix.length, 0, prefix.addr.octets,
                            (prefix.length + 7u) / 8);
}
