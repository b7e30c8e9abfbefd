// SPDX-License-Identifier: MIT
/* What loading zones and finding names costs. The driver is tests/bench/zones.sh.
 *
 *   zones write RECORDS FILE     a zone file of many kinds of records
 *   zones write-many COUNT DIR   COUNT small zones
 *   zones load FILE              one zone: time, memory, then the time of a reload with the file unchanged
 *   zones load-many DIR          a zone directory: the same
 *   zones find NAMES FILE        writes a zone of so many names and looks up random ones
 */
#include "zones/zones.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/model/dname.h"

#define LOOKUPS   4000000u
#define QUESTIONS 65536u /* prepared names, so that the caches see what a server's would */
#define TYPE_A    1

/* --- measuring ------------------------------------------------------------------------------------------ */

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t resident_octets(void)
{
    size_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*s %zu", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static size_t used_octets(void)
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* --- files ---------------------------------------------------------------------------------------------- */

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void put_head(FILE *file, const char *origin)
{
    fprintf(file,
            "$ORIGIN %s\n$TTL 3600\n@ SOA ns1 host 1 7200 1800 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\n",
            origin);
}

/* Host `i`: half of them have an IPv4 address, the others a bit of everything. Records written. */
static unsigned put_host(FILE *file, unsigned i)
{
    switch (i % 20) {
    case 10:
    case 11:
    case 12:
        fprintf(file, "h%u 300 IN AAAA 2001:db8::%x:%x\n", i, i & 0xffff, i >> 16);
        return 1;
    case 13:
    case 14:
        fprintf(file, "h%u CNAME h%u\n", i, i - 5);
        return 1;
    case 15:
    case 16:
        fprintf(file, "h%u MX 10 mail.example.net.\n", i);
        return 1;
    case 17:
        fprintf(file, "h%u TXT \"v=spf1 include:_spf%u.example.net -all\"\n", i, i);
        return 1;
    case 18:
    case 19:
        fprintf(file, "h%u NS ns1.h%u\nns1.h%u A 192.0.2.%u\n", i, i, i, i & 0xff);
        return 2;
    default:
        fprintf(file, "h%u A 10.%u.%u.%u\n", i, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
        return 1;
    }
}

static void write_zone(unsigned records, const char *path)
{
    FILE *file = create(path);
    put_head(file, "example.com.");
    for (unsigned i = 0, written = 3; written < records; i++)
        written += put_host(file, i);
    fclose(file);
}

static void write_many(unsigned count, const char *folder)
{
    for (unsigned i = 0; i < count; i++) {
        char path[4096], origin[64];
        snprintf(path, sizeof path, "%s/z%u.example.zone", folder, i);
        snprintf(origin, sizeof origin, "z%u.example.", i);
        FILE *file = create(path);
        put_head(file, origin);
        fprintf(file, "@ A 192.0.2.2\nwww CNAME @\n");
        fclose(file);
    }
}

/* --- loading -------------------------------------------------------------------------------------------- */

static struct zones *build(const struct config *config, const struct zones *previous)
{
    struct err err = ERR_INIT;
    struct zones *zones = zones_build(config, previous, &err);
    if (!zones) {
        err_print(&err, stderr);
        exit(1);
    }
    err_free(&err);
    return zones;
}

static size_t count_records(const struct zones *zones)
{
    size_t records = 0;
    for (size_t i = 0; i < zones_count(zones); i++)
        records += zones_at(zones, i)->record_count;
    return records;
}

static void measure_load(const struct config *config)
{
    size_t resident = resident_octets(), used = used_octets();
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    struct zones *zones = build(config, NULL);
    double records = (double)count_records(zones);
    printf("load: %zu zones, %.0f records: %.2f s CPU, %.2f s\n", zones_count(zones), records,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall);
    printf("memory: %.0f octets a record, %.0f a zone in use; resident %.0f a record\n",
           (double)(used_octets() - used) / records,
           (double)(used_octets() - used) / (double)zones_count(zones),
           (double)(resident_octets() - resident) / records);
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct zones *again = build(config, zones);
    printf("reload, nothing changed: %.3f s CPU\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    zones_free(zones);
    zones_free(again);
}

static const uint8_t origin_of_zone[] = "\7example\3com";

static struct config config_of(const struct config_zone *zone)
{
    return (struct config){.zones = zone, .zone_count = 1};
}

/* --- looking up ----------------------------------------------------------------------------------------- */

struct question {
    uint8_t name[32];
    size_t length;
};

/* So many names, each with an address. */
static void write_names(unsigned names, const char *path)
{
    FILE *file = create(path);
    put_head(file, "example.com.");
    for (unsigned i = 0; i < names; i++)
        fprintf(file, "h%u A 10.%u.%u.%u\n", i, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
    fclose(file);
}

static void ask(struct question *question, unsigned number)
{
    char text[32];
    const char *why;
    uint8_t name[DNAME_MAX];
    snprintf(text, sizeof text, "h%u.example.com.", number);
    question->length = dname_parse(text, NULL, name, &why);
    memcpy(question->name, name, question->length);
}

static double find_ns(const struct zones *zones, const struct question *questions,
                      enum zones_outcome expected)
{
    unsigned sum = 0;
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (unsigned i = 0; i < LOOKUPS; i++) {
        const struct question *question = &questions[i % QUESTIONS];
        struct zones_match match = zones_find(zones, question->name, question->length, TYPE_A);
        /* The octets too, as the writer of an answer would. */
        sum += match.outcome == expected && (!match.rrset || match.rrset->octets[0] == 0xc0);
    }
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (sum != LOOKUPS) {
        fprintf(stderr, "%u of %u lookups went wrong\n", LOOKUPS - sum, LOOKUPS);
        exit(1);
    }
    return cpu * 1e9 / LOOKUPS;
}

static void measure_find(unsigned names, const char *path)
{
    write_names(names, path);
    const struct config_zone zone = {.origin = origin_of_zone, .name = "example.com.", .file = path};
    const struct config config = config_of(&zone);
    struct zones *zones = build(&config, NULL);
    struct question *present = calloc(QUESTIONS, sizeof *present);
    struct question *absent = calloc(QUESTIONS, sizeof *absent);
    srandom(1);
    for (unsigned i = 0; i < QUESTIONS; i++) {
        unsigned number = (unsigned)random() % names;
        ask(&present[i], number);
        ask(&absent[i], names + number);
    }
    double found = find_ns(zones, present, ZONES_ANSWER), missing = find_ns(zones, absent, ZONES_NXDOMAIN);
    printf("find among %7u names: %.0f ns, a name that does not exist: %.0f ns\n", names, found, missing);
    free(present);
    free(absent);
    zones_free(zones);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    if (argc == 4 && strcmp(command, "write") == 0) {
        write_zone((unsigned)strtoul(argv[2], NULL, 10), argv[3]);
    } else if (argc == 4 && strcmp(command, "write-many") == 0) {
        write_many((unsigned)strtoul(argv[2], NULL, 10), argv[3]);
    } else if (argc == 4 && strcmp(command, "find") == 0) {
        measure_find((unsigned)strtoul(argv[2], NULL, 10), argv[3]);
    } else if (argc == 3 && strcmp(command, "load") == 0) {
        const struct config_zone zone = {.origin = origin_of_zone, .name = "example.com.", .file = argv[2]};
        const struct config config = config_of(&zone);
        measure_load(&config);
    } else if (argc == 3 && strcmp(command, "load-many") == 0) {
        const struct config config = {.zone_directory = argv[2]};
        measure_load(&config);
    } else {
        fprintf(stderr, "see the head of tests/bench/zones.c\n");
        return 2;
    }
    return 0;
}
