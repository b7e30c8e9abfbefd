// SPDX-License-Identifier: MIT
#include "core/model/health_table.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/base/mem.h"

#define SLOTS_MAX (1u << 20)
#define FILE_MODE 0644 /* dnsd may run as another user */

static const char magic[8] = {'M', 'E', 'R', 'I', 'D', 'I', 'A', 'N'};

/* The layout of the header is the same in every version of the format, so that a writer can mark the table of
 * any other version superseded. */
struct header {
    char magic[8];
    uint32_t version;
    uint32_t slot_size;
    uint64_t slot_count;
    uint64_t checksum;
    uint64_t writer_pid;
    uint64_t created_ms;
    _Atomic uint64_t heartbeat_ns;
    _Atomic uint64_t superseded;
};

static_assert(sizeof(struct header) == 64, "the header is 64 octets");
static_assert(offsetof(struct header, checksum) == 24, "the checksum covers what stands before it");
static_assert(sizeof(struct health_slot) == 656, "slots have no padding");
static_assert(offsetof(struct health_slot, addresses) == 144, "slots have no padding");
static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a word is stored and loaded without locks");

struct health_table {
    struct header *header; /* the mapping; read-only for readers */
    struct health_slot *slots;
    size_t size, count;
    uint32_t *index; /* open addressing by hash of (service, site): slot + 1, 0 is free */
    size_t index_mask;
};

/* --- common to both sides -------------------------------------------------------------------------------- */

static struct err_place at(const char *path)
{
    return (struct err_place){path, 0, 0};
}

static size_t file_size(size_t count)
{
    return sizeof(struct header) + count * sizeof(struct health_slot);
}

static uint64_t checksum(const struct header *header, const struct health_slot *slots, size_t count)
{
    const size_t skip = offsetof(struct health_slot, service);
    uint64_t hash = hash_octets(header, offsetof(struct header, checksum), 0);
    for (size_t i = 0; i < count; i++)
        hash = hash_octets((const uint8_t *)&slots[i] + skip, sizeof *slots - skip, hash);
    return hash;
}

static uint64_t name_hash(const char *service, const char *site)
{
    return hash_octets(site, strlen(site), hash_octets(service, strlen(service), 0));
}

static void build_index(struct health_table *table)
{
    size_t places = 2;
    while (places < 2 * table->count)
        places *= 2;
    table->index = mem_alloc(places * sizeof *table->index);
    table->index_mask = places - 1;
    for (size_t i = 0; i < table->count; i++) {
        size_t place = name_hash(table->slots[i].service, table->slots[i].site) & table->index_mask;
        while (table->index[place])
            place = (place + 1) & table->index_mask;
        table->index[place] = (uint32_t)i + 1;
    }
}

static struct health_table *table_of(void *mapping, size_t count)
{
    struct health_table *table = mem_alloc(sizeof *table);
    table->header = mapping;
    table->slots = (struct health_slot *)(void *)((uint8_t *)mapping + sizeof *table->header);
    table->size = file_size(count);
    table->count = count;
    build_index(table);
    return table;
}

static void slot_address(const struct addr *address, uint8_t out[16])
{
    static const uint8_t v4_mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (address->family == ADDR_V4) {
        memcpy(out, v4_mapped, sizeof v4_mapped);
        memcpy(out + sizeof v4_mapped, address->octets, 4);
    } else {
        memcpy(out, address->octets, 16);
    }
}

/* --- writer ---------------------------------------------------------------------------------------------- */

static void fill_slot(struct health_slot *slot, const struct health_slot_spec *spec)
{
    size_t service_length = strlen(spec->service), site_length = strlen(spec->site);
    assert(service_length <= CONFIG_NAME_MAX && site_length <= CONFIG_NAME_MAX);
    assert(spec->address_count <= CONFIG_ADDRESSES_MAX);
    memcpy(slot->service, spec->service, service_length);
    memcpy(slot->site, spec->site, site_length);
    slot->address_count = (uint32_t)spec->address_count;
    for (size_t i = 0; i < spec->address_count; i++)
        slot_address(&spec->addresses[i], slot->addresses[i]);
    atomic_store_explicit(&slot->word, spec->word, memory_order_relaxed);
}

/* Fills a mapping of zeroes. */
static void fill(struct header *header, const struct health_slot_spec *specs, size_t count)
{
    struct health_slot *slots = (struct health_slot *)(void *)(header + 1);
    memcpy(header->magic, magic, sizeof magic);
    header->version = HEALTH_TABLE_VERSION;
    header->slot_size = sizeof(struct health_slot);
    header->slot_count = count;
    header->writer_pid = (uint64_t)getpid();
    header->created_ms = clock_wall_ms();
    for (size_t i = 0; i < count; i++)
        fill_slot(&slots[i], &specs[i]);
    header->checksum = checksum(header, slots, count);
    atomic_store_explicit(&header->heartbeat_ns, clock_monotonic_ns(), memory_order_release);
}

/* A new file of zeroes with its blocks reserved: a full disk is a finding here, not a SIGBUS later. */
static void *map_new_file(const char *path, size_t size, struct err *err)
{
    void *mapping = MAP_FAILED;
    const char *what = "cannot be created";
    int code = 0;
    (void)unlink(path); /* what a killed writer left behind */
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (fd < 0) {
        code = errno;
        goto out;
    }
    what = "cannot be written";
    code = posix_fallocate(fd, 0, (off_t)size);
    if (code)
        goto out;
    mapping = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapping == MAP_FAILED)
        code = errno;
out:
    if (fd >= 0)
        (void)close(fd);
    if (mapping != MAP_FAILED)
        return mapping;
    err_add(err, ERR_ERROR, at(path), "%s: %s; check space and permissions of its folder", what,
            strerror(code));
    if (fd >= 0)
        (void)unlink(path);
    return NULL;
}

/* The header of the table now at `path`, writable; NULL if there is none. */
static struct header *map_previous(const char *path, struct err *err)
{
    struct header *header = MAP_FAILED;
    struct stat status;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0) {
        if (errno != ENOENT)
            err_add(err, ERR_WARNING, at(path),
                    "the previous table cannot be marked superseded: %s; its readers notice the new one only "
                    "when the old one has become stale",
                    strerror(errno));
        return NULL;
    }
    if (!fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_size >= (off_t)sizeof *header)
        header = mmap(NULL, sizeof *header, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    if (header == MAP_FAILED)
        return NULL;
    if (!memcmp(header->magic, magic, sizeof magic))
        return header;
    (void)munmap(header, sizeof *header);
    return NULL;
}

/* Gives the file at `temporary` the name `path` and tells the readers of the one that had it. */
static bool take_name(const char *temporary, const char *path, struct err *err)
{
    struct header *previous = map_previous(path, err);
    bool renamed = rename(temporary, path) == 0;
    if (!renamed)
        err_add(err, ERR_ERROR, at(path), "cannot be replaced by the new table: %s", strerror(errno));
    else if (previous)
        atomic_store_explicit(&previous->superseded, 1, memory_order_release);
    if (previous)
        (void)munmap(previous, sizeof *previous);
    return renamed;
}

struct health_table *health_table_create(const char *path, const struct health_slot_spec *specs, size_t count,
                                         struct err *err)
{
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof temporary) {
        err_add(err, ERR_ERROR, at(path), "is too long a path; choose a shorter run_dir");
        return NULL;
    }
    if (count > SLOTS_MAX) {
        err_add(err, ERR_ERROR, at(path), "%zu members of services are more than the %u a table can hold",
                count, SLOTS_MAX);
        return NULL;
    }
    struct header *header = map_new_file(temporary, file_size(count), err);
    if (!header)
        return NULL;
    fill(header, specs, count);
    if (take_name(temporary, path, err))
        return table_of(header, count);
    (void)munmap(header, file_size(count));
    (void)unlink(temporary);
    return NULL;
}

void health_table_store(struct health_table *table, size_t slot, uint64_t word)
{
    assert(slot < table->count);
    atomic_store_explicit(&table->slots[slot].word, word, memory_order_release);
}

void health_table_beat(struct health_table *table, uint64_t monotonic_ns)
{
    atomic_store_explicit(&table->header->heartbeat_ns, monotonic_ns, memory_order_release);
}

/* --- reader ---------------------------------------------------------------------------------------------- */

static bool damaged(const char *path, struct err *err)
{
    err_add(err, ERR_ERROR, at(path), "is a damaged health table; restart healthd, which writes a new one");
    return false;
}

/* What can be said from the header alone. */
static bool check_header(const char *path, const struct header *header, size_t size, struct err *err)
{
    if (memcmp(header->magic, magic, sizeof magic)) {
        err_add(err, ERR_ERROR, at(path),
                "is not a health table; move it away and start healthd, which writes one here");
        return false;
    }
    if (header->version != HEALTH_TABLE_VERSION || header->slot_size != sizeof(struct health_slot)) {
        err_add(
            err, ERR_ERROR, at(path),
            "is a health table of version %u, this program reads version %u; run all programs of Meridian "
            "from the same release",
            header->version, HEALTH_TABLE_VERSION);
        return false;
    }
    if (header->slot_count > SLOTS_MAX || file_size((size_t)header->slot_count) != size)
        return damaged(path, err);
    return true;
}

/* What readers rely on without looking again: the checksum speaks of accidents, not of forgery. */
static bool check_slots(const char *path, const struct header *header, struct err *err)
{
    const struct health_slot *slots = (const struct health_slot *)(const void *)(header + 1);
    size_t count = (size_t)header->slot_count;
    if (header->checksum != checksum(header, slots, count))
        return damaged(path, err);
    for (size_t i = 0; i < count; i++) {
        const struct health_slot *slot = &slots[i];
        if (slot->service[CONFIG_NAME_MAX] || slot->site[CONFIG_NAME_MAX] ||
            slot->address_count > CONFIG_ADDRESSES_MAX)
            return damaged(path, err);
    }
    return true;
}

static int open_file(const char *path, size_t *size, struct err *err)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        if (errno == ENOENT)
            err_add(err, ERR_ERROR, at(path),
                    "no health table here yet; healthd writes it: start healthd with the same run_dir");
        else
            err_add(err, ERR_ERROR, at(path), "the health table cannot be opened: %s", strerror(errno));
        return -1;
    }
    if (fstat(fd, &status) || !S_ISREG(status.st_mode) || status.st_size < (off_t)sizeof(struct header)) {
        err_add(err, ERR_ERROR, at(path),
                "is not a health table or cut short; restart healthd, which writes a new one");
        (void)close(fd);
        return -1;
    }
    *size = (size_t)status.st_size;
    return fd;
}

struct health_table *health_table_open(const char *path, struct err *err)
{
    size_t size = 0;
    int fd = open_file(path, &size, err);
    if (fd < 0)
        return NULL;
    void *mapping = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    (void)close(fd);
    if (mapping == MAP_FAILED) {
        err_add(err, ERR_ERROR, at(path), "the health table cannot be mapped: %s", strerror(errno));
        return NULL;
    }
    const struct header *header = mapping;
    if (check_header(path, header, size, err) && check_slots(path, header, err))
        return table_of(mapping, (size_t)header->slot_count);
    (void)munmap(mapping, size);
    return NULL;
}

size_t health_table_count(const struct health_table *table)
{
    return table->count;
}

const struct health_slot *health_table_slot(const struct health_table *table, size_t slot)
{
    assert(slot < table->count);
    return &table->slots[slot];
}

const struct health_slot *health_table_find(const struct health_table *table, const char *service,
                                            const char *site)
{
    size_t place = name_hash(service, site) & table->index_mask;
    for (; table->index[place]; place = (place + 1) & table->index_mask) {
        const struct health_slot *slot = &table->slots[table->index[place] - 1];
        if (!strcmp(slot->service, service) && !strcmp(slot->site, site))
            return slot;
    }
    return NULL;
}

int health_slot_bit(const struct health_slot *slot, const struct addr *address)
{
    uint8_t wanted[16];
    slot_address(address, wanted);
    for (uint32_t i = 0; i < slot->address_count; i++)
        if (!memcmp(slot->addresses[i], wanted, sizeof wanted))
            return (int)i;
    return -1;
}

bool health_table_superseded(const struct health_table *table)
{
    return atomic_load_explicit(&table->header->superseded, memory_order_acquire) != 0;
}

uint64_t health_table_age_ms(const struct health_table *table, uint64_t monotonic_ns)
{
    uint64_t beat_ns = atomic_load_explicit(&table->header->heartbeat_ns, memory_order_acquire);
    if (beat_ns <= monotonic_ns)
        return (monotonic_ns - beat_ns) / 1000000;
    /* The writer may have beaten after the reader looked at its clock; anything later is of an earlier boot. */
    return (beat_ns - monotonic_ns) / 1000000 < HEALTH_TABLE_STALE_MS ? 0 : UINT64_MAX;
}

uint64_t health_table_writer_pid(const struct health_table *table)
{
    return table->header->writer_pid;
}

void health_table_close(struct health_table *table)
{
    if (!table)
        return;
    (void)munmap(table->header, table->size);
    free(table->index);
    free(table);
}
