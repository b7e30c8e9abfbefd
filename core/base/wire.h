// SPDX-License-Identifier: MIT
/*
 * wire - cursors over octets in network byte order with a sticky error.
 *
 * A reader that runs past its end, or a writer that runs out of room, turns `ok` false and from then on
 * does nothing and returns zeroes: read or write fifteen fields, test `ok` once.
 * Header only: this is the packet path.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wire_reader {
    const uint8_t *start, *at, *end;
    bool ok;
};

static inline struct wire_reader wire_reader_of(const uint8_t *octets, size_t size)
{
    return (struct wire_reader){octets, octets, octets + size, true};
}

static inline size_t wire_left(const struct wire_reader *r)
{
    return (size_t)(r->end - r->at);
}

/* The next `size` octets, or NULL. */
static inline const uint8_t *wire_take(struct wire_reader *r, size_t size)
{
    if (!r->ok || wire_left(r) < size) {
        r->ok = false;
        return NULL;
    }
    const uint8_t *taken = r->at;
    r->at += size;
    return taken;
}

static inline uint8_t wire_u8(struct wire_reader *r)
{
    const uint8_t *p = wire_take(r, 1);
    return p ? *p : 0;
}

static inline uint16_t wire_load16(const uint8_t *p)
{
    return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t wire_load32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t wire_u16(struct wire_reader *r)
{
    const uint8_t *p = wire_take(r, 2);
    return p ? wire_load16(p) : 0;
}

static inline uint32_t wire_u32(struct wire_reader *r)
{
    const uint8_t *p = wire_take(r, 4);
    return p ? wire_load32(p) : 0;
}

static inline void wire_store16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void wire_store32(uint8_t *p, uint32_t value)
{
    wire_store16(p, value >> 16);
    wire_store16(p + 2, value & 0xffff);
}

struct wire_writer {
    uint8_t *start, *at, *end;
    bool ok;
};

static inline struct wire_writer wire_writer_of(uint8_t *room, size_t size)
{
    return (struct wire_writer){room, room, room + size, true};
}

static inline size_t wire_written(const struct wire_writer *w)
{
    return (size_t)(w->at - w->start);
}

/* Room for `size` octets that the caller fills, or NULL. */
static inline uint8_t *wire_reserve(struct wire_writer *w, size_t size)
{
    if (!w->ok || (size_t)(w->end - w->at) < size) {
        w->ok = false;
        return NULL;
    }
    uint8_t *room = w->at;
    w->at += size;
    return room;
}

static inline void wire_put(struct wire_writer *w, const void *octets, size_t size)
{
    uint8_t *p = wire_reserve(w, size);
    if (p && size)
        memcpy(p, octets, size);
}

static inline void wire_put8(struct wire_writer *w, unsigned value)
{
    uint8_t *p = wire_reserve(w, 1);
    if (p)
        *p = (uint8_t)value;
}

static inline void wire_put16(struct wire_writer *w, unsigned value)
{
    uint8_t *p = wire_reserve(w, 2);
    if (p)
        wire_store16(p, value);
}

static inline void wire_put32(struct wire_writer *w, uint32_t value)
{
    uint8_t *p = wire_reserve(w, 4);
    if (p)
        wire_store32(p, value);
}
