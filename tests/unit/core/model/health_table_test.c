// SPDX-License-Identifier: MIT
#include "core/model/health_table.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/support/check_main.h"

static char folder[] = "/tmp/health_table_test.XXXXXX";
static char path[sizeof folder + 16];

/* Every test runs in a process of its own, so each has its own folder. */
static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/health", folder);
}

static void remove_folder(void)
{
    char temporary[sizeof path + 8];
    (void)snprintf(temporary, sizeof temporary, "%s.new", path);
    ck_assert_int_ne(access(temporary, F_OK), 0); /* nothing is left behind */
    (void)unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}

static struct addr address(const char *text)
{
    struct addr out;
    ck_assert(addr_parse(text, &out));
    return out;
}

/* www: fra with two IPv4 addresses and one IPv6, iad with one; api: fra with none. */
static struct health_table *create_sample(struct err *err)
{
    const struct addr fra[] = {address("192.0.2.10"), address("192.0.2.11"), address("2001:db8::10")};
    const struct addr iad[] = {address("198.51.100.10")};
    const struct health_slot_spec specs[] = {
        {"www", "fra", fra, 3, 0x5}, {"www", "iad", iad, 1, 0x1}, {"api", "fra", NULL, 0, 0}};
    return health_table_create(path, specs, 3, err);
}

static size_t read_file(uint8_t *out, size_t size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t got = fread(out, 1, size, file);
    fclose(file);
    return got;
}

static void write_file(const uint8_t *octets, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(octets, 1, size, file), size);
    fclose(file);
}

/* --- tests ----------------------------------------------------------------------------------------------- */

START_TEST(round_trip)
{
    static const struct {
        const char *service, *site;
        int slot; /* -1: not there */
    } rows[] = {{"www", "fra", 0},  {"www", "iad", 1}, {"api", "fra", 2}, {"api", "iad", -1},
                {"ww", "wfra", -1}, {"", "", -1},      {"fra", "www", -1}};
    struct err err = ERR_INIT;
    make_folder();
    struct health_table *writer = create_sample(&err);
    ck_assert_ptr_nonnull(writer);
    struct health_table *reader = health_table_open(path, &err);
    ck_assert_ptr_nonnull(reader);
    ck_assert_uint_eq(err.count, 0);
    ck_assert_uint_eq(health_table_count(reader), 3);
    ck_assert_uint_eq(health_table_writer_pid(reader), (uint64_t)getpid());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct health_slot *want =
            rows[i].slot < 0 ? NULL : health_table_slot(reader, (size_t)rows[i].slot);
        ck_assert_msg(health_table_find(reader, rows[i].service, rows[i].site) == want, "%s/%s",
                      rows[i].service, rows[i].site);
    }
    health_table_close(reader);
    health_table_close(writer);
    remove_folder();
}
END_TEST

START_TEST(address_bits)
{
    static const struct {
        const char *address;
        int bit;
    } rows[] = {{"192.0.2.10", 0},    {"192.0.2.11", 1},  {"2001:db8::10", 2}, {"192.0.2.12", -1},
                {"2001:db8::11", -1}, {"c000:20a::", -1}, {"0.0.0.0", -1},     {"::", -1}};
    struct err err = ERR_INIT;
    make_folder();
    struct health_table *table = create_sample(&err);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addr wanted = address(rows[i].address);
        ck_assert_msg(health_slot_bit(health_table_slot(table, 0), &wanted) == rows[i].bit, "%s",
                      rows[i].address);
    }
    health_table_close(table);
    remove_folder();
}
END_TEST

START_TEST(stores_are_seen_through_another_mapping)
{
    struct err err = ERR_INIT;
    make_folder();
    struct health_table *writer = create_sample(&err), *reader = health_table_open(path, &err);
    const struct health_slot *slot = health_table_find(reader, "www", "iad");
    uint64_t now_ns = clock_monotonic_ns();
    ck_assert_uint_eq(atomic_load(&slot->word), 1);
    health_table_store(writer, 1, HEALTH_UNSTABLE | (uint64_t)250 << HEALTH_FACTOR_SHIFT);
    ck_assert_uint_eq(atomic_load(&slot->word), HEALTH_UNSTABLE | 250ull << 32);
    ck_assert_uint_eq(health_word_factor(atomic_load(&slot->word)), 250);
    ck_assert_uint_eq(atomic_load(&health_table_slot(reader, 0)->word), 5);
    ck_assert_uint_lt(health_table_age_ms(reader, now_ns), 1000);
    health_table_beat(writer, now_ns);
    ck_assert_uint_eq(health_table_age_ms(reader, now_ns + 7000000), 7);
    health_table_close(reader);
    health_table_close(writer);
    remove_folder();
}
END_TEST

START_TEST(age)
{
    static const struct {
        const char *message;
        uint64_t beat_ms, now_ms, age_ms;
    } rows[] = {{"just now", 50000, 50000, 0},
                {"a while ago", 50000, 57000, 7000},
                {"the writer was faster than the reader's look at the clock", 50001, 50000, 0},
                {"of an earlier boot", 9000000, 50000, UINT64_MAX}};
    struct err err = ERR_INIT;
    make_folder();
    struct health_table *table = create_sample(&err);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        health_table_beat(table, rows[i].beat_ms * 1000000);
        ck_assert_msg(health_table_age_ms(table, rows[i].now_ms * 1000000) == rows[i].age_ms, "%s",
                      rows[i].message);
    }
    health_table_close(table);
    remove_folder();
}
END_TEST

START_TEST(superseded)
{
    struct err err = ERR_INIT;
    make_folder();
    struct health_table *first = create_sample(&err), *reader = health_table_open(path, &err);
    ck_assert(!health_table_superseded(reader));
    struct health_table *second = create_sample(&err);
    ck_assert_ptr_nonnull(second);
    ck_assert(health_table_superseded(reader));
    ck_assert(!health_table_superseded(second));
    ck_assert_uint_eq(err.count, 0);
    health_table_close(reader);
    reader = health_table_open(path, &err);
    ck_assert(!health_table_superseded(reader));
    health_table_close(reader);
    health_table_close(second);
    health_table_close(first);
    remove_folder();
}
END_TEST

/* A table whose octets are not those that were written is a finding, and a new one can take its place. */
static void expect_refused(const char *message, const char *want)
{
    struct err err = ERR_INIT;
    struct health_table *table = health_table_open(path, &err);
    ck_assert_msg(!table, "%s: was accepted", message);
    ck_assert_msg(err.errors == 1 && strstr(err.findings[0].text, want), "%s: %s", message,
                  err.count ? err.findings[0].text : "no finding");
    ck_assert_str_eq(err.findings[0].place.file, path);
    err_free(&err);
}

START_TEST(truncated_at_every_length)
{
    static uint8_t octets[4096];
    struct err err = ERR_INIT;
    char message[32];
    make_folder();
    health_table_close(create_sample(&err));
    size_t size = read_file(octets, sizeof octets);
    ck_assert_uint_eq(size, 64 + 3 * 656);
    for (size_t length = 0; length < size; length++) {
        (void)snprintf(message, sizeof message, "%zu octets", length);
        write_file(octets, length);
        expect_refused(message, "restart healthd");
    }
    write_file(octets, size + 1);
    expect_refused("one octet more", "restart healthd");
    struct health_table *table = create_sample(&err);
    ck_assert_ptr_nonnull(table);
    health_table_close(table);
    remove_folder();
}
END_TEST

START_TEST(changed_octets)
{
    static const struct {
        const char *message;
        size_t offset;
        uint8_t value;
        const char *want; /* NULL: is accepted */
    } rows[] = {
        {"magic", 0, 'm', "not a health table"},
        {"version", 8, HEALTH_TABLE_VERSION + 1, "version 2"},
        {"slot size", 12, 0, "same release"},
        {"number of slots", 16, 4, "damaged"},
        {"number of slots that makes the size overflow", 23, 0x80, "damaged"},
        {"checksum", 24, 0xaa, "damaged"},
        {"service name", 64 + 8, 'v', "damaged"},
        {"the last octet", 64 + 3 * 656 - 1, 1, "damaged"},
        {"number of addresses", 64 + 136, 2, "damaged"},
        {"heartbeat", 48, 0xff, NULL},
        {"a word", 64, 0x02, NULL},
        {"process id", 32, 1, NULL},
    };
    static uint8_t octets[4096], changed[4096];
    struct err err = ERR_INIT;
    make_folder();
    health_table_close(create_sample(&err));
    size_t size = read_file(octets, sizeof octets);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memcpy(changed, octets, size);
        changed[rows[i].offset] = rows[i].value;
        write_file(changed, size);
        if (rows[i].want) {
            expect_refused(rows[i].message, rows[i].want);
            continue;
        }
        struct health_table *table = health_table_open(path, &err);
        ck_assert_msg(table, "%s", rows[i].message);
        health_table_close(table);
    }
    remove_folder();
}
END_TEST

START_TEST(no_table)
{
    make_folder();
    expect_refused("nothing", "start healthd");
    ck_assert_int_eq(mkdir(path, 0755), 0);
    expect_refused("a folder", "not a health table");
    struct err err = ERR_INIT;
    ck_assert_ptr_null(create_sample(&err));
    ck_assert_uint_eq(err.errors, 1);
    err_free(&err);
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_int_eq(mkfifo(path, 0644), 0);
    expect_refused("a pipe", "not a health table");
    remove_folder();
}
END_TEST

START_TEST(failure_leaves_the_old_one)
{
    struct err err = ERR_INIT;
    char temporary[sizeof path + 8];
    make_folder();
    struct health_table *first = create_sample(&err);
    (void)snprintf(temporary, sizeof temporary, "%s.new", path);
    ck_assert_int_eq(mkdir(temporary, 0755), 0); /* stands where the new file would be written */
    ck_assert_ptr_null(create_sample(&err));
    ck_assert_uint_eq(err.errors, 1);
    ck_assert(!health_table_superseded(first));
    ck_assert_int_eq(rmdir(temporary), 0);
    health_table_close(first);
    err_free(&err);
    remove_folder();
}
END_TEST

START_TEST(left_over_and_foreign_files_are_replaced)
{
    struct err err = ERR_INIT;
    char temporary[sizeof path + 8];
    make_folder();
    (void)snprintf(temporary, sizeof temporary, "%s.new", path);
    ck_assert_int_eq(symlink("/dev/null", temporary), 0);
    write_file((const uint8_t *)"some notes of mine", 18);
    expect_refused("foreign", "not a health table");
    struct health_table *table = create_sample(&err);
    ck_assert_ptr_nonnull(table);
    ck_assert_uint_eq(err.count, 0);
    health_table_close(table);
    remove_folder();
}
END_TEST

/* A hundred services at a hundred sites: equal names on either side share the index. */
START_TEST(ten_thousand_slots)
{
    enum { COUNT = 10000, EACH = 100, LENGTH = CONFIG_NAME_MAX + 1 };
    static struct health_slot_spec specs[COUNT];
    static char services[EACH][LENGTH], sites[EACH][LENGTH];
    struct err err = ERR_INIT;
    const struct addr one = address("192.0.2.1");
    make_folder();
    for (size_t i = 0; i < EACH; i++) {
        (void)snprintf(services[i], LENGTH, "service-%zu", i);
        (void)snprintf(sites[i], LENGTH, "site-%zu", i);
    }
    for (size_t i = 0; i < COUNT; i++)
        specs[i] = (struct health_slot_spec){services[i / EACH], sites[i % EACH], &one, 1, i};
    struct health_table *table = health_table_create(path, specs, COUNT, &err);
    ck_assert_ptr_nonnull(table);
    struct health_table *reader = health_table_open(path, &err);
    ck_assert_ptr_nonnull(reader);
    uint64_t before_ns = clock_monotonic_ns();
    for (size_t i = 0; i < COUNT; i++) {
        const struct health_slot *slot = health_table_find(reader, specs[i].service, specs[i].site);
        ck_assert(slot == health_table_slot(reader, i) && atomic_load(&slot->word) == i);
        ck_assert_ptr_null(health_table_find(reader, specs[i].site, specs[i].service));
    }
    /* A search of all slots for each would take minutes on a slow machine. */
    ck_assert_uint_lt((clock_monotonic_ns() - before_ns) / 1000000, 1000);
    health_table_close(reader);
    health_table_close(table);
    remove_folder();
}
END_TEST

START_TEST(no_slots)
{
    struct err err = ERR_INIT;
    make_folder();
    struct health_table *table = health_table_create(path, NULL, 0, &err);
    ck_assert_ptr_nonnull(table);
    struct health_table *reader = health_table_open(path, &err);
    ck_assert_ptr_nonnull(reader);
    ck_assert_uint_eq(health_table_count(reader), 0);
    ck_assert_ptr_null(health_table_find(reader, "www", "fra"));
    health_table_close(reader);
    health_table_close(table);
    remove_folder();
}
END_TEST

START_TEST(the_longest_names)
{
    char name[CONFIG_NAME_MAX + 1];
    struct err err = ERR_INIT;
    struct addr addresses[CONFIG_ADDRESSES_MAX];
    make_folder();
    memset(name, 'n', CONFIG_NAME_MAX);
    name[CONFIG_NAME_MAX] = '\0';
    for (size_t i = 0; i < CONFIG_ADDRESSES_MAX; i++) {
        addresses[i] = address("192.0.2.0");
        addresses[i].octets[3] = (uint8_t)i;
    }
    const struct health_slot_spec spec = {name, name, addresses, CONFIG_ADDRESSES_MAX, HEALTH_WORD_UNKNOWN};
    struct health_table *writer = health_table_create(path, &spec, 1, &err);
    struct health_table *reader = health_table_open(path, &err);
    const struct health_slot *slot = health_table_find(reader, name, name);
    ck_assert_ptr_nonnull(slot);
    ck_assert_int_eq(health_slot_bit(slot, &addresses[31]), 31);
    health_table_close(reader);
    health_table_close(writer);
    remove_folder();
}
END_TEST

CHECK_MAIN("core/model/health_table", round_trip, address_bits, stores_are_seen_through_another_mapping, age,
           superseded, truncated_at_every_length, changed_octets, no_table, failure_leaves_the_old_one,
           left_over_and_foreign_files_are_replaced, ten_thousand_slots, no_slots, the_longest_names)
