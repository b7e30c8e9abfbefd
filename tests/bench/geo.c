// SPDX-License-Identifier: MIT
/*
 * What geo/ costs and what its scopes save: build time and memory, look-ups per second of one core, scopes, and
 * the time from a new set of eligible sites to its scopes. Arguments: databases.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "geo/geo.h"

#define ROUNDS  12         /* the best one counts: a busy machine makes the others slower, never faster */
#define CLIENTS (1u << 20) /* distinct ones, drawn before the clock runs */
#define BATCH   32         /* as dnsd receives them */
#define BLOCKS  100000

static const struct config_site sites[] = {
    {.name = "iad", .latitude = 38.95, .longitude = -77.45},  /* Ashburn */
    {.name = "pdx", .latitude = 45.52, .longitude = -122.68}, /* Portland */
    {.name = "gru", .latitude = -23.55, .longitude = -46.63}, /* Sao Paulo */
    {.name = "fra", .latitude = 50.03, .longitude = 8.57},    /* Frankfurt */
    {.name = "lhr", .latitude = 51.47, .longitude = -0.45},   /* London */
    {.name = "sin", .latitude = 1.36, .longitude = 103.99},   /* Singapore */
    {.name = "nrt", .latitude = 35.76, .longitude = 140.39},  /* Tokyo */
    {.name = "syd", .latitude = -33.95, .longitude = 151.18}, /* Sydney */
    {.name = "yyz", .latitude = 43.68, .longitude = -79.63},
    {.name = "dfw", .latitude = 32.90, .longitude = -97.04},
    {.name = "mia", .latitude = 25.79, .longitude = -80.29},
    {.name = "lax", .latitude = 33.94, .longitude = -118.41},
    {.name = "mex", .latitude = 19.44, .longitude = -99.07},
    {.name = "bog", .latitude = 4.70, .longitude = -74.15},
    {.name = "scl", .latitude = -33.39, .longitude = -70.79},
    {.name = "eze", .latitude = -34.82, .longitude = -58.54},
    {.name = "mad", .latitude = 40.47, .longitude = -3.56},
    {.name = "mxp", .latitude = 45.63, .longitude = 8.72},
    {.name = "arn", .latitude = 59.65, .longitude = 17.92},
    {.name = "waw", .latitude = 52.17, .longitude = 20.97},
    {.name = "ist", .latitude = 41.26, .longitude = 28.74},
    {.name = "dxb", .latitude = 25.25, .longitude = 55.36},
    {.name = "bom", .latitude = 19.09, .longitude = 72.87},
    {.name = "del", .latitude = 28.56, .longitude = 77.10},
    {.name = "hkg", .latitude = 22.31, .longitude = 113.91},
    {.name = "icn", .latitude = 37.46, .longitude = 126.44},
    {.name = "jnb", .latitude = -26.14, .longitude = 28.25},
    {.name = "los", .latitude = 6.58, .longitude = 3.32},
    {.name = "akl", .latitude = -37.01, .longitude = 174.79},
    {.name = "per", .latitude = -31.94, .longitude = 115.97},
};

enum { SITES_FEW = 8, SITES_MANY = sizeof sites / sizeof *sites };

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A line of /proc/self/status in MB. */
static double status_mb(const char *key)
{
    char line[256];
    double kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, key, strlen(key)) == 0)
            kb = strtod(line + strlen(key) + 1, NULL);
    if (file)
        fclose(file);
    return kb / 1024;
}

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15;
    return hash_mix(*state, 0xd1342543de82ef95);
}

/* IPv4: 1.0.0.0 to 223.255.255.255. IPv6: where registries give addresses away, most in the first part. */
static struct addr draw(uint64_t *state, enum addr_family family)
{
    static const uint8_t registries[][2] = {
        {0x24, 0x00}, {0x26, 0x00}, {0x28, 0x00}, {0x2a, 0x00}, {0x2c, 0x0f}};
    struct addr addr = {.family = (uint8_t)family};
    uint64_t random = next_random(state);
    memcpy(addr.octets, &random, 8);
    if (family == ADDR_V6) {
        size_t registry = next_random(state) % (sizeof registries / sizeof *registries);
        addr.octets[0] = registries[registry][0];
        addr.octets[1] = registries[registry][1] | (addr.octets[1] & addr.octets[7] & 0x0f);
    } else {
        addr.octets[0] = (uint8_t)(1 + addr.octets[0] * 223 / 256);
    }
    addr_mask(&addr, family == ADDR_V4 ? 24 : 48);
    return addr;
}

typedef uint64_t lookups(const struct geo *geo, const struct prefix *clients);

static uint64_t look_up_singly(const struct geo *geo, const struct prefix *clients)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        struct geo_preference found = geo_find(geo, 0, &clients[i].addr, clients[i].length);
        sum += found.sites[0] + found.scope;
    }
    return sum;
}

static uint64_t look_up_in_batches(const struct geo *geo, const struct prefix *clients)
{
    struct geo_preference found[BATCH];
    uint64_t sum = 0;
    for (size_t i = 0; i < CLIENTS; i += BATCH) {
        geo_find_many(geo, 0, clients + i, BATCH, found);
        for (size_t k = 0; k < BATCH; k++)
            sum += found[k].sites[0] + found[k].scope;
    }
    return sum;
}

/* In millions a second. */
static double rate(lookups *look_up, const struct geo *geo, const struct prefix *clients)
{
    double best = 1e9;
    for (unsigned round = 0; round < ROUNDS; round++) {
        double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
        *(volatile uint64_t *)&(uint64_t){0} = look_up(geo, clients);
        double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
        best = took < best ? took : best;
    }
    return CLIENTS / best / 1e6;
}

static void measure_lookups(const struct geo *geo, enum addr_family family)
{
    uint64_t state = 1;
    uint8_t length = family == ADDR_V4 ? 24 : 48;
    struct prefix *clients = calloc(CLIENTS, sizeof *clients);
    if (!clients)
        return;
    for (size_t i = 0; i < CLIENTS; i++)
        clients[i] = (struct prefix){draw(&state, family), length};
    printf("  look-ups, random IPv%d /%u: %.1f M/s in batches, %.1f M/s one by one\n", family, length,
           rate(look_up_in_batches, geo, clients), rate(look_up_singly, geo, clients));
    free(clients);
}

static int compare_words(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* Distinct (prefix, scope) blocks that a resolver would cache for BLOCKS random clients. */
static size_t count_blocks(const struct geo *geo, enum addr_family family, const struct geo_scopes *scopes)
{
    static uint64_t blocks[BLOCKS];
    uint64_t state = 7;
    size_t distinct = 1;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct addr client = draw(&state, family);
        struct geo_preference found = geo_find(geo, 0, &client, family == ADDR_V4 ? 24 : 48);
        unsigned scope = scopes ? geo_scopes_find(scopes, &found) : found.scope;
        addr_mask(&client, scope);
        blocks[i] = hash_octets(client.octets, sizeof client.octets, scope);
    }
    qsort(blocks, BLOCKS, sizeof *blocks, compare_words);
    for (size_t i = 1; i < BLOCKS; i++)
        distinct += blocks[i] != blocks[i - 1];
    return distinct;
}

static void measure_scopes(struct geo *geo, const char *what, uint64_t eligible)
{
    double begin = seconds(CLOCK_MONOTONIC);
    struct geo_scopes *scopes = geo_scopes_build(geo, 0, (struct geo_answerers){eligible, 0});
    double took = seconds(CLOCK_MONOTONIC) - begin;
    printf("  scopes, %s: %zu IPv4 and %zu IPv6 blocks for %d clients each; built in %.1f ms\n", what,
           count_blocks(geo, ADDR_V4, scopes), count_blocks(geo, ADDR_V6, scopes), BLOCKS, took * 1e3);
    geo_scopes_free(scopes);
}

static void measure(const struct config_database *databases, size_t database_count, size_t site_count)
{
    static const struct config_map map = {.name = "default"};
    struct err err = ERR_INIT;
    struct config config = {.databases = databases,
                            .database_count = database_count,
                            .sites = sites,
                            .site_count = site_count,
                            .maps = &map,
                            .map_count = 1};
    double before_mb = status_mb("VmRSS"), begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct geo *geo = geo_build(&config, NULL, &err);
    double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
    err_print(&err, stderr);
    err_free(&err);
    if (!geo)
        return;
    printf("%zu sites: built in %.2f s CPU; %.1f MB resident (+%.1f MB), at most %.1f MB\n", site_count, took,
           status_mb("VmRSS"), status_mb("VmRSS") - before_mb, status_mb("VmHWM"));
    measure_lookups(geo, ADDR_V4);
    measure_lookups(geo, ADDR_V6);
    printf("  scopes, whole lists: %zu IPv4 and %zu IPv6 blocks for %d clients each\n",
           count_blocks(geo, ADDR_V4, NULL), count_blocks(geo, ADDR_V6, NULL), BLOCKS);
    measure_scopes(geo, "all sites up", (1ull << site_count) - 1);
    measure_scopes(geo, "one site down", (1ull << site_count) - 2);
    measure_scopes(geo, "two sites", 9); /* Ashburn and Frankfurt */
    geo_free(geo);
}

/* In a process of its own, so that memory is that of this geo alone. */
static void measure_apart(const struct config_database *databases, size_t database_count, size_t site_count)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        measure(databases, database_count, site_count);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
    struct config_database *databases = calloc((size_t)argc, sizeof *databases);
    if (argc < 2 || !databases) {
        fprintf(stderr, "usage: %s DATABASE...\n", argv[0]);
        free(databases);
        return 2;
    }
    for (int i = 1; i < argc; i++)
        databases[i - 1].path = argv[i];
    measure_apart(databases, (size_t)argc - 1, SITES_FEW);
    measure_apart(databases, (size_t)argc - 1, SITES_MANY);
    free(databases);
    return 0;
}
