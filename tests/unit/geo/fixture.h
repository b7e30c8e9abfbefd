// SPDX-License-Identifier: MIT
/* What the tests of geo share: three sites, a config by hand, databases in temporary files. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "geo/geo.h"
#include "tests/support/check_main.h"
#include "tests/support/lib_mmdb_writer.h"

enum { FRA, IAD, SIN, SITES };

static const struct config_site fixture_sites[SITES] = {
    [FRA] = {.name = "fra", .latitude = 50.03, .longitude = 8.57},
    [IAD] = {.name = "iad", .latitude = 38.95, .longitude = -77.45},
    [SIN] = {.name = "sin", .latitude = 1.36, .longitude = 103.99},
};

static const uint8_t fixture_order[SITES] = {FRA, IAD, SIN};

#define LIST(...)                                                                                            \
    {                                                                                                        \
        (const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})                                     \
    }

static inline void fixture_path(char path[64], const char *name)
{
    snprintf(path, 64, "/tmp/meridian-test-%d-%s.mmdb", (int)getpid(), name);
}

static inline struct addr fixture_addr(const char *text)
{
    struct addr addr = {0};
    ck_assert_msg(addr_parse(text, &addr), "%s", text);
    return addr;
}

static inline struct prefix fixture_prefix(const char *text)
{
    struct prefix prefix = {0};
    ck_assert_msg(prefix_parse(text, &prefix, NULL), "%s", text);
    return prefix;
}

/* The sites' initials: "fis". */
static inline const char *fixture_text(const uint8_t *sites, size_t count, char out[CONFIG_SITES_MAX + 1])
{
    for (size_t i = 0; i < count; i++)
        out[i] = fixture_sites[sites[i]].name[0];
    out[count] = 0;
    return out;
}

/* Builds, or fails the test with what was wrong. */
static inline struct geo *fixture_build(const struct config *config)
{
    struct err err = ERR_INIT;
    struct geo *geo = geo_build(config, NULL, &err);
    if (!geo)
        err_print(&err, stderr);
    ck_assert_ptr_nonnull(geo);
    err_free(&err);
    return geo;
}

/* Fails to build, with one error or more, the first of which says `text`. */
static inline void fixture_refuse(const struct config *config, const char *message, const char *text)
{
    struct err err = ERR_INIT;
    struct geo *geo = geo_build(config, NULL, &err);
    ck_assert_msg(!geo, "%s: was built", message);
    ck_assert_msg(err.errors >= 1, "%s: no finding", message);
    ck_assert_msg(strstr(err.findings[0].text, text), "%s: %s", message, err.findings[0].text);
    err_free(&err);
}
