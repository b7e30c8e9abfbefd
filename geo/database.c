// SPDX-License-Identifier: MIT
#include "geo/database.h"

#include <maxminddb.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "geo/folder.h"
#include "geo/record.h"

#define OCTETS_PER_NUMBER 4u /* of the data section, see database_number() */
#define LOW_BITS          2  /* of an offset: its place within them */
#define DATA_SEPARATOR    16 /* zero octets between the tree and the data section */
#define IPV4_IN_IPV6_BITS 96 /* IPv4 addresses are ::a.b.c.d in an IPv6 tree */

void database_error(const struct database *database, struct err *err, const char *why)
{
    err_add(err, ERR_ERROR, database->place, "GeoIP database %s: %s", database->path, why);
}

static const char *open_failure(int status)
{
    switch (status) {
    case MMDB_FILE_OPEN_ERROR:
    case MMDB_OUT_OF_MEMORY_ERROR:
        return MMDB_strerror(status);
    case MMDB_IO_ERROR:
        return "empty, or too large to be mapped; fetch it again";
    case MMDB_UNKNOWN_DATABASE_FORMAT_ERROR:
        return "of a format version that is not supported: version 2 of the MaxMind DB format is";
    default:
        return "not an .mmdb file, or a truncated one: its end has no valid metadata; fetch it again";
    }
}

/* Where the IPv4 part of the tree begins. */
static uint32_t find_root_v4(const struct database *database)
{
    uint32_t record = 0;
    for (unsigned i = 0; i < IPV4_IN_IPV6_BITS && database_is_node(database, record); i++)
        record = database_child(database, record, 0);
    return record;
}

/* What the library does not check before it hands out its mapping. */
static const char *set_tree(struct database *database)
{
    const MMDB_s *mmdb = database->mmdb;
    const MMDB_metadata_s *metadata = &mmdb->metadata;
    database->tree = mmdb->file_content;
    database->node_count = metadata->node_count;
    database->record_bits = metadata->record_size;
    database->build_epoch_s = metadata->build_epoch;
    if (metadata->record_size != 24 && metadata->record_size != 28 && metadata->record_size != 32)
        return "corrupt: the record size is not 24, 28 or 32 bits; fetch it again";
    if (metadata->ip_version != 4 && metadata->ip_version != 6)
        return "corrupt: neither for IPv4 nor for IPv6; fetch it again";
    uint64_t tree_size = (uint64_t)metadata->node_count * (metadata->record_size / 4u);
    if (!metadata->node_count || tree_size + DATA_SEPARATOR > (uint64_t)mmdb->file_size)
        return "corrupt or truncated: its search tree does not fit into the file; fetch it again";
    database->number_count = (mmdb->data_section_size + DATA_SEPARATOR) / OCTETS_PER_NUMBER + 1;
    database->numbers = mem_alloc(database->number_count * sizeof *database->numbers);
    database->root_v6 = metadata->ip_version == 6 ? 0 : database->node_count;
    database->root_v4 = metadata->ip_version == 6 ? find_root_v4(database) : 0;
    return NULL;
}

static bool open_database(struct database *database, struct err *err)
{
    char copy[COPY_PATH_MAX];
    if (!copy_private(database->path, database->place, copy, &database->identity, err))
        return false;
    MMDB_s *mmdb = mem_alloc(sizeof *mmdb);
    int status = MMDB_open(copy, MMDB_MODE_MMAP, mmdb);
    unlink(copy);
    if (status != MMDB_SUCCESS) {
        free(mmdb);
        database_error(database, err, open_failure(status));
        return false;
    }
    database->mmdb = mmdb;
    const char *why = set_tree(database);
    if (why)
        database_error(database, err, why);
    return !why;
}

bool databases_open(const struct config *config, struct databases *databases, struct err *err)
{
    size_t before = err->errors;
    databases->arena = arena_create();
    databases->count = 0;
    databases->items = arena_array(databases->arena, DATABASES_MAX, sizeof *databases->items);
    struct folder_list files = {.arena = databases->arena};
    for (size_t i = 0; i < config->database_count; i++)
        folder_add(&files, &config->databases[i], err);
    if (files.count > DATABASES_MAX)
        err_add(err, ERR_ERROR, config->databases[0].place, "%zu GeoIP databases: at most %d are joined",
                files.count, DATABASES_MAX);
    for (size_t i = 0; i < files.count && i < DATABASES_MAX; i++) {
        struct database *database = &databases->items[databases->count++];
        *database = (struct database){.path = files.items[i].path, .place = files.items[i].place};
        open_database(database, err);
    }
    return err->errors == before;
}

void databases_close(struct databases *databases)
{
    for (size_t i = 0; i < databases->count; i++) {
        struct database *database = &databases->items[i];
        if (database->mmdb)
            MMDB_close(database->mmdb);
        free(database->mmdb);
        free(database->numbers);
        memo_free(&database->crowded);
    }
    arena_free(databases->arena);
    *databases = (struct databases){NULL, 0, NULL};
}

bool database_place(const struct database *database, uint32_t record, unsigned wanted,
                    struct geo_place *place, struct err *err)
{
    const char *why = "a data record lies outside the file";
    uint64_t least = (uint64_t)database->node_count + DATA_SEPARATOR;
    if (record >= least && record - least < database->mmdb->data_section_size &&
        record_read(database->mmdb, (uint32_t)(record - least), wanted, place, &why))
        return true;
    err_add(err, ERR_ERROR, database->place, "GeoIP database %s: corrupt (%s); fetch it again",
            database->path, why);
    return false;
}

static size_t data_offset(const struct database *database, uint32_t record)
{
    return (size_t)record - database->node_count;
}

/* The record's entry; NULL if it lies outside the file or another record's number is there. */
static uint32_t *number_entry(const struct database *database, uint32_t record)
{
    size_t offset = data_offset(database, record);
    if (offset / OCTETS_PER_NUMBER >= database->number_count)
        return NULL;
    uint32_t *entry = &database->numbers[offset / OCTETS_PER_NUMBER];
    return *entry == 0 || *entry % OCTETS_PER_NUMBER == offset % OCTETS_PER_NUMBER ? entry : NULL;
}

uint32_t database_number(struct database *database, uint32_t record)
{
    const uint32_t *entry = number_entry(database, record);
    if (entry == NULL)
        return *memo_at(&database->crowded, record);
    return *entry == 0 ? MEMO_UNKNOWN : (*entry >> LOW_BITS) - 1;
}

void database_set_number(struct database *database, uint32_t record, uint32_t number)
{
    uint32_t *entry = number_entry(database, record);
    if (entry == NULL)
        *memo_at(&database->crowded, record) = number;
    else
        *entry = (number + 1) << LOW_BITS | (uint32_t)(data_offset(database, record) % OCTETS_PER_NUMBER);
}
