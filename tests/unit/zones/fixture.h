// SPDX-License-Identifier: MIT
/* What the tests of zones share: zone files in a folder of their own, and a configuration made by hand. */
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/model/dname.h"
#include "tests/support/check_main.h"
#include "zones/zones.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define FIXTURE_ZONES_MAX  8
#define FIXTURE_STEERS_MAX 8

enum { SERVICE_A, SERVICE_AAAA, SERVICE_BOTH };

struct fixture {
    char folder[32];
    struct arena *arena;
    struct config config;
    struct config_zone zones[FIXTURE_ZONES_MAX];
    struct config_steer steers[FIXTURE_ZONES_MAX][FIXTURE_STEERS_MAX];
    struct config_service services[3];
    struct err err;
};

static inline void fixture_open(struct fixture *fixture)
{
    *fixture = (struct fixture){.folder = "/tmp/zones_test.XXXXXX", .arena = arena_create()};
    ck_assert_ptr_nonnull(mkdtemp(fixture->folder));
    fixture->services[SERVICE_A] = (struct config_service){.name = "four", .has_a = true};
    fixture->services[SERVICE_AAAA] = (struct config_service){.name = "six", .has_aaaa = true};
    fixture->services[SERVICE_BOTH] =
        (struct config_service){.name = "both", .has_a = true, .has_aaaa = true};
    fixture->config.services = fixture->services;
    fixture->config.service_count = COUNT(fixture->services);
    fixture->config.zones = fixture->zones;
}

static inline int fixture_remove(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(path);
}

static inline void fixture_close(struct fixture *fixture)
{
    nftw(fixture->folder, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
    arena_free(fixture->arena);
    err_free(&fixture->err);
}

static inline const uint8_t *fixture_name(struct fixture *fixture, const char *text)
{
    uint8_t name[DNAME_MAX];
    const char *why = "";
    size_t length = dname_parse(text, NULL, name, &why);
    ck_assert_msg(length > 0, "%s: %s", text, why);
    return arena_copy(fixture->arena, name, length);
}

/* A zone served from `file`. */
static inline struct config_zone *fixture_zone_file(struct fixture *fixture, const char *name,
                                                    const char *file)
{
    size_t at = fixture->config.zone_count++;
    ck_assert_uint_lt(at, FIXTURE_ZONES_MAX);
    fixture->zones[at] = (struct config_zone){
        .origin = fixture_name(fixture, name), .name = name, .file = file, .steer = fixture->steers[at]};
    return &fixture->zones[at];
}

/* Writes a file in the folder anew, as an editor does; its path. */
static inline const char *fixture_octets(struct fixture *fixture, const char *name, const void *text,
                                         size_t size)
{
    const char *path = arena_printf(fixture->arena, "%s/%s", fixture->folder, name);
    const char *draft = arena_printf(fixture->arena, "%s~", path);
    FILE *file = fopen(draft, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(rename(draft, path), 0);
    return path;
}

static inline const char *fixture_file(struct fixture *fixture, const char *name, const char *text)
{
    return fixture_octets(fixture, name, text, strlen(text));
}

static inline const char *fixture_folder(struct fixture *fixture, const char *name)
{
    const char *path = arena_printf(fixture->arena, "%s/%s", fixture->folder, name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    return path;
}

static inline struct config_zone *fixture_zone_octets(struct fixture *fixture, const char *name,
                                                      const void *text, size_t size)
{
    const char *file = arena_printf(fixture->arena, "%zu.zone", fixture->config.zone_count);
    return fixture_zone_file(fixture, name, fixture_octets(fixture, file, text, size));
}

static inline struct config_zone *fixture_zone(struct fixture *fixture, const char *name, const char *text)
{
    return fixture_zone_octets(fixture, name, text, strlen(text));
}

/* Steers a name of the zone added last. */
static inline void fixture_steer(struct fixture *fixture, const char *owner, unsigned service)
{
    size_t at = fixture->config.zone_count - 1;
    struct config_zone *zone = &fixture->zones[at];
    ck_assert_uint_lt(zone->steer_count, FIXTURE_STEERS_MAX);
    fixture->steers[at][zone->steer_count++] = (struct config_steer){
        .owner = fixture_name(fixture, owner), .service = service, .place = {"meridian.yaml", 7, 3}};
}

/* Builds what has to load without any finding. */
static inline struct zones *fixture_build(struct fixture *fixture)
{
    struct zones *zones = zones_build(&fixture->config, NULL, &fixture->err);
    err_print(&fixture->err, stderr);
    ck_assert_ptr_nonnull(zones);
    ck_assert_uint_eq(fixture->err.count, 0);
    return zones;
}
