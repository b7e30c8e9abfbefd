// SPDX-License-Identifier: MIT
#include "geo/table.h"

#include "tests/unit/geo/fixture.h"

#define RULES   400
#define PROBES  20000
#define CLASSES 5

struct entry {
    struct bits prefix;
    unsigned length;
    uint32_t value;
};

static uint64_t random64(void)
{
    return (uint64_t)random() << 42 ^ (uint64_t)random() << 21 ^ (uint64_t)random();
}

/* Half of the prefixes lie near each other, so that they nest. */
static struct bits random_bits(void)
{
    struct bits bits = {random64(), random64()};
    if (random() % 2) {
        bits.hi = (bits.hi & 0x000fff0fffffffff) | 0x2001000000000000;
        if (random() % 2)
            bits.hi = 0x20010db8a5a5a5a5;
    }
    return bits;
}

/* The value of the longest prefix that covers the address: the last one of equals. */
static uint32_t brute_force(const struct entry *entries, size_t count, struct bits address)
{
    uint32_t value = 0;
    unsigned longest = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].length >= longest &&
            bits_equal(bits_masked(address, entries[i].length), entries[i].prefix)) {
            longest = entries[i].length;
            value = entries[i].value;
        }
    }
    return value;
}

/* Leaves of the prefixes, by splitting until nothing more specific is inside. */
static void split(const struct entry *entries, size_t count, struct bits path, unsigned depth,
                  struct leaves *leaves)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].length > depth && bits_equal(bits_masked(entries[i].prefix, depth), path)) {
            split(entries, count, path, depth + 1, leaves);
            split(entries, count, bits_with(path, depth), depth + 1, leaves);
            return;
        }
    }
    leaves_add(leaves, path, depth, brute_force(entries, count, path));
}

static void check_probe(const struct entry *entries, const struct table *table, struct bits address)
{
    uint32_t index = table_find(table, address), leaf = table->leaves[index];
    ck_assert_uint_eq(leaf_value(leaf), brute_force(entries, RULES, address));
    /* The depth is honest: the first, the last and any address of the leaf agree. */
    struct bits first = bits_masked(address, leaf_depth(leaf)), noise = {random64(), random64()};
    struct bits outside = bits_masked(noise, leaf_depth(leaf));
    struct bits inside = {first.hi | (noise.hi ^ outside.hi), first.lo | (noise.lo ^ outside.lo)};
    ck_assert_uint_eq(table_find(table, first), index);
    ck_assert_uint_eq(table_find(table, inside), index);
}

/* Every leaf stands in the table once. */
static void check_leaves(const struct table *table, const struct leaves *leaves)
{
    struct bits path = {0, 0};
    bool *seen = calloc(leaves->count, sizeof *seen);
    ck_assert_uint_eq(table->leaf_count, leaves->count);
    for (size_t i = 0; i < leaves->count; i++) {
        uint32_t index = table_find(table, path);
        ck_assert_uint_eq(table->leaves[index], leaves->items[i]);
        ck_assert(!seen[index]);
        seen[index] = true;
        path = leaves->count > 1 ? bits_after(path, leaf_depth(leaves->items[i])) : path;
    }
    free(seen);
}

static void check_random_table(unsigned bits)
{
    struct entry entries[RULES];
    struct leaves leaves = {NULL, 0, 0};
    for (size_t i = 0; i < RULES; i++) {
        unsigned length = (unsigned)random() % (bits + 1);
        entries[i] = (struct entry){bits_masked(random_bits(), length), length, (uint32_t)random() % CLASSES};
    }
    split(entries, RULES, (struct bits){0, 0}, 0, &leaves);
    struct table table = table_build(&leaves);
    for (size_t i = 0; i < PROBES; i++) {
        struct bits address = i % 2 ? random_bits() : entries[i / 2 % RULES].prefix;
        check_probe(entries, &table, bits_masked(address, bits));
    }
    check_leaves(&table, &leaves);
    leaves_free(&leaves);
    table_free(&table);
}

START_TEST(against_brute_force)
{
    srandom(1);
    check_random_table(32);
    check_random_table(128);
}
END_TEST

START_TEST(one_leaf)
{
    struct leaves leaves = {NULL, 0, 0};
    leaves_add(&leaves, (struct bits){0, 0}, 0, LEAVES_VALUE_MAX);
    struct table table = table_build(&leaves);
    ck_assert_uint_eq(table_find(&table, (struct bits){~0ull, ~0ull}), 0);
    ck_assert_uint_eq(table.leaves[0], leaf_of(LEAVES_VALUE_MAX, 0));
    ck_assert_uint_eq(table.leaf_count, 1);
    leaves_free(&leaves);
    table_free(&table);
}
END_TEST

START_TEST(many_random_tables)
{
    for (unsigned seed = 100; seed < 110; seed++) {
        srandom(seed);
        check_random_table(32);
        check_random_table(128);
    }
}
END_TEST

CHECK_MAIN("geo/table", against_brute_force, one_leaf, many_random_tables)
