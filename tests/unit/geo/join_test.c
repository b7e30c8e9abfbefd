// SPDX-License-Identifier: MIT
#include "geo/join.h"

#include <arpa/inet.h>

#include "tests/unit/geo/fixture.h"

#define DEEP_BITS 30

/* Leaves of one written database, or the error's text. */
static bool join_one(struct mmdb_writer *writer, enum addr_family family, struct leaves *leaves,
                     struct err *err)
{
    char path[64];
    struct databases databases;
    struct join_places places = join_places_of(PLACE_ASN);
    fixture_path(path, "join");
    mmdb_writer_save(writer, path);
    const struct config_database database = {.path = path, .place = {"test.yaml", 4, 2}};
    struct config config = {.databases = &database, .database_count = 1};
    *leaves = (struct leaves){NULL, 0, 0};
    bool ok =
        databases_open(&config, &databases, err) && join_databases(&databases, family, &places, leaves, err);
    databases_close(&databases);
    join_places_free(&places);
    unlink(path);
    return ok;
}

static uint32_t country(struct mmdb_writer *writer, const char *code)
{
    struct mmdb_record record = {.country = code};
    return mmdb_writer_record(writer, MMDB_SHAPE_FLAT, &record);
}

START_TEST(equal_places_are_one_leaf)
{
    struct leaves leaves;
    struct err err = ERR_INIT;
    struct mmdb_writer *writer = mmdb_writer_create(4, 24);
    mmdb_writer_put(writer, "128.0.0.0/2", country(writer, "DE"));
    mmdb_writer_put(writer, "192.0.0.0/2", country(writer, "DE")); /* another record of the same place */
    ck_assert(join_one(writer, ADDR_V4, &leaves, &err));
    ck_assert_uint_eq(leaves.count, 2);
    ck_assert_uint_eq(leaves.items[0], leaf_of(JOIN_UNKNOWN, 1));
    ck_assert_uint_eq(leaves.items[1], leaf_of(1, 1));
    leaves_free(&leaves);
    mmdb_writer_free(writer);
}
END_TEST

START_TEST(disguises_are_leaves_of_their_own)
{
    struct leaves leaves;
    struct err err = ERR_INIT;
    unsigned disguises = 0;
    struct mmdb_writer *writer = mmdb_writer_create(6, 32);
    mmdb_writer_put(writer, "::/1", country(writer, "DE"));
    mmdb_writer_put(writer, "192.0.2.0/24", country(writer, "SG"));
    mmdb_writer_link(writer, "2002::/16", "::/96");
    ck_assert(join_one(writer, ADDR_V6, &leaves, &err));
    for (size_t i = 0; i < leaves.count; i++) {
        disguises += leaf_value(leaves.items[i]) == JOIN_DISGUISE;
        ck_assert_uint_le(leaf_depth(leaves.items[i]), 96); /* the IPv4 tree was not walked */
    }
    ck_assert_uint_eq(disguises, 4);
    leaves_free(&leaves);
    ck_assert(join_one(writer, ADDR_V4, &leaves, &err));
    ck_assert_uint_gt(leaves.count, 24);
    leaves_free(&leaves);
    mmdb_writer_free(writer);
}
END_TEST

static void refuse(struct mmdb_writer *writer, enum addr_family family, const char *message, const char *text)
{
    struct leaves leaves;
    struct err err = ERR_INIT;
    ck_assert_msg(!join_one(writer, family, &leaves, &err), "%s", message);
    ck_assert_msg(err.errors == 1 && strstr(err.findings[0].text, text), "%s: %zu errors, %s", message,
                  err.errors, err.findings[0].text);
    ck_assert_str_eq(err.findings[0].place.file, "test.yaml");
    leaves_free(&leaves);
    err_free(&err);
    mmdb_writer_free(writer);
}

START_TEST(cycles_end)
{
    struct mmdb_writer *writer = mmdb_writer_create(4, 24);
    mmdb_writer_put(writer, "10.0.0.0/8", country(writer, "DE"));
    mmdb_writer_link(writer, "192.0.0.0/3", "0.0.0.0/0");
    refuse(writer, ADDR_V4, "a cycle", "cycle");

    writer = mmdb_writer_create(6, 28);
    mmdb_writer_link(writer, "8000::/1", "::/0");
    mmdb_writer_link(writer, "::/1", "::/0");
    refuse(writer, ADDR_V6, "both sides of the root: 2^128 paths", "cycle");

    /* No cycle, but each level leads twice to the next: 2^30 leaves from 30 nodes. */
    writer = mmdb_writer_create(4, 24);
    for (unsigned depth = DEEP_BITS; depth > 0; depth--) {
        char here[32], beside[32];
        snprintf(here, sizeof here, "0.0.0.0/%u", depth);
        struct in_addr right = {htonl(1u << (32 - depth))};
        char address[INET_ADDRSTRLEN];
        ck_assert_ptr_nonnull(inet_ntop(AF_INET, &right, address, sizeof address));
        snprintf(beside, sizeof beside, "%s/%u", address, depth);
        if (depth == DEEP_BITS)
            mmdb_writer_put(writer, "0.0.0.0/31", country(writer, "DE"));
        mmdb_writer_link(writer, beside, here);
    }
    refuse(writer, ADDR_V4, "a tree of shared subtrees", "cycle");
}
END_TEST

START_TEST(pointers_out_of_the_file)
{
    struct mmdb_writer *writer = mmdb_writer_create(4, 32);
    mmdb_writer_put(writer, "10.0.0.0/8", country(writer, "DE"));
    mmdb_writer_put(writer, "11.0.0.0/8", 1000000);
    refuse(writer, ADDR_V4, "far behind the end", "outside the file");

    writer = mmdb_writer_create(4, 32);
    mmdb_writer_put(writer, "10.0.0.0/8", country(writer, "DE"));
    mmdb_writer_put(writer, "11.0.0.0/8", (uint32_t)-20); /* into the separator */
    refuse(writer, ADDR_V4, "between tree and data", "outside the file");
}
END_TEST

CHECK_MAIN("geo/join", equal_places_are_one_leaf, disguises_are_leaves_of_their_own, cycles_end,
           pointers_out_of_the_file)
