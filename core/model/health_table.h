// SPDX-License-Identifier: MIT
/*
 * health_table - what healthd has decided, in shared memory: the only place where the two daemons meet.
 *
 * The table is the file `run_dir/health`, mapped by one writer (healthd) and any number of readers (dnsd,
 * meridian). A slot is a member of a service, that is, one site's part in it. All numbers are of the
 * machine's byte order: the file never leaves the machine.
 *
 *   offset  size  header
 *        0     8  magic "MERIDIAN"
 *        8     4  format version (HEALTH_TABLE_VERSION)
 *       12     4  slot size in octets (sizeof struct health_slot)
 *       16     8  number of slots
 *       24     8  checksum: hash_octets of octets 0..23 and of every slot without its word, in order
 *       32     8  writer's process id
 *       40     8  created, milliseconds since 1970 UTC
 *       48     8  heartbeat: CLOCK_MONOTONIC nanoseconds of the writer's last sign of life  (atomic)
 *       56     8  superseded: 0, or 1 once a newer file has taken this one's name            (atomic)
 *       64        slots
 *
 *   offset  size  slot
 *        0     8  word: what may be answered now, see below                                 (atomic)
 *        8    64  service name, zero padded
 *       72    64  site name, zero padded
 *      136     4  number of addresses, at most 32
 *      140     4  zero
 *      144  32*16 addresses: 16 octets each; IPv4 as ::ffff:a.b.c.d
 *
 *   bits    word
 *    0..31  address i of the slot may be answered
 *   32..41  factor 0..1000: share of the clients that would come here which really do, in thousandths
 *   42      unstable: some address has a failed probe, or recovered too recently to be calm
 *   43      unknown: no address of the member has a verdict yet (they count as up)
 *   44..63  zero
 *
 * Who writes: healthd alone. Everything but heartbeat, superseded and the words is written before the file
 * gets its name by rename(2) and never changes afterwards. When the set of slots changes (a reload), healthd
 * writes a new file, renames it over the old one, and only then sets `superseded` in the old one.
 *
 * Who reads: a reader maps the file, checks magic, version, sizes and checksum once, finds its slots by
 * (service, site), and from then on loads words: one atomic load is one consistent decision, without locks.
 * A flip is one atomic store, seen by the next load. A slot that is not there, or an address that is not in
 * its slot, is unknown and counts as up: the daemons may reload at different moments.
 *
 * Staleness: the heartbeat is stored every HEALTH_TABLE_BEAT_MS. Older than HEALTH_TABLE_STALE_MS (or in the
 * future: the machine has rebooted) means the writer is gone or stuck. Readers keep the last state and say so.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/err.h"
#include "core/model/config.h"

#define HEALTH_TABLE_FILE     "health" /* in run_dir */
#define HEALTH_TABLE_VERSION  1
#define HEALTH_TABLE_BEAT_MS  1000
#define HEALTH_TABLE_STALE_MS 5000

#define HEALTH_FACTOR_FULL  1000
#define HEALTH_FACTOR_SHIFT 32
#define HEALTH_FACTOR_MASK  0x3ffull
#define HEALTH_UNSTABLE     (1ull << 42)
#define HEALTH_UNKNOWN      (1ull << 43)
#define HEALTH_ADDRESSES    0xffffffffull
/* What holds where nothing is known: every address may be answered. */
#define HEALTH_WORD_UNKNOWN                                                                                  \
    (HEALTH_ADDRESSES | (uint64_t)HEALTH_FACTOR_FULL << HEALTH_FACTOR_SHIFT | HEALTH_UNKNOWN)

static inline unsigned health_word_factor(uint64_t word)
{
    return (unsigned)(word >> HEALTH_FACTOR_SHIFT & HEALTH_FACTOR_MASK);
}

struct health_slot {
    _Atomic uint64_t word;
    char service[CONFIG_NAME_MAX + 1];
    char site[CONFIG_NAME_MAX + 1];
    uint32_t address_count;
    uint32_t zero;
    uint8_t addresses[CONFIG_ADDRESSES_MAX][16];
};

struct health_table; /* a mapping of the file */

/* --- writer ------------------------------------------------------------------------------------------- */

/* What a slot is created from. */
struct health_slot_spec {
    const char *service, *site;
    const struct addr *addresses;
    size_t address_count;
    uint64_t word;
};

/* Writes a new table to `path` and maps it; slot i is specs[i]. NULL on failure: the file at `path`, if any,
 * is then untouched. A table already at `path` is marked superseded after it lost its name. */
struct health_table *health_table_create(const char *path, const struct health_slot_spec *specs, size_t count,
                                         struct err *err);
void health_table_store(struct health_table *table, size_t slot, uint64_t word);
void health_table_beat(struct health_table *table, uint64_t monotonic_ns);

/* --- reader ------------------------------------------------------------------------------------------- */

/* NULL if there is no table (finding: where it was looked for, and that healthd writes it) or if it is not
 * one of ours. */
struct health_table *health_table_open(const char *path, struct err *err);
size_t health_table_count(const struct health_table *table);
const struct health_slot *health_table_slot(const struct health_table *table, size_t slot);
/* NULL if there is none. */
const struct health_slot *health_table_find(const struct health_table *table, const char *service,
                                            const char *site);
/* The bit of the word that stands for `address`, or -1. */
int health_slot_bit(const struct health_slot *slot, const struct addr *address);
bool health_table_superseded(const struct health_table *table);
/* Milliseconds since the writer's last sign of life; UINT64_MAX if it cannot be known. */
uint64_t health_table_age_ms(const struct health_table *table, uint64_t monotonic_ns);
uint64_t health_table_writer_pid(const struct health_table *table);

/* Unmaps; the file stays. NULL is fine. */
void health_table_close(struct health_table *table);
