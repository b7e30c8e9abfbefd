// SPDX-License-Identifier: MIT
/* A publication that serves one zone, example.com, for tests of what lies around the answer path. It has
 *     ns   A    192.0.2.1
 *     big  TXT  nearly 64 KiB of it
 */
#pragma once

#include <stdio.h>
#include <unistd.h>

#include "dnsd/publication.h"
#include "tests/support/check_main.h"

struct one_zone {
    char folder[64];
    struct snapshot *snapshot;
    struct health_view *view;
    struct serving serving;
    struct publication publication;
};

static inline FILE *one_zone_create_file(const struct one_zone *z, const char *name, char *path, size_t room)
{
    snprintf(path, room, "%s/%s", z->folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    return file;
}

static inline void one_zone_set_up(struct one_zone *z)
{
    enum { BIG_RECORDS = 250 /* of 250 octets */ };
    char path[128];
    struct err err = ERR_INIT;
    snprintf(z->folder, sizeof z->folder, "/tmp/meridian-one-zone-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(z->folder));
    FILE *file = one_zone_create_file(z, "zone", path, sizeof path);
    fputs("$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n", file);
    for (unsigned i = 0; i < BIG_RECORDS; i++)
        fprintf(file, "big TXT \"%0235u\"\n", i);
    fclose(file);
    file = one_zone_create_file(z, "meridian.yaml", path, sizeof path);
    fputs("server: { run_dir: . }\nzones: { example.com: { file: zone } }\n", file);
    fclose(file);
    z->snapshot = snapshot_load(path, NULL, &err);
    err_print(&err, stderr);
    err_free(&err);
    ck_assert_ptr_nonnull(z->snapshot);
    z->view = health_view_create(z->snapshot->config, NULL);
    z->serving = (struct serving){z->snapshot, z->view};
    atomic_store(&z->publication.current, &z->serving);
}

static inline void one_zone_tear_down(struct one_zone *z)
{
    static const char *const names[] = {"zone", "meridian.yaml"};
    health_view_free(z->view);
    snapshot_free(z->snapshot);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", z->folder, names[i]);
        unlink(path);
    }
    rmdir(z->folder);
}
