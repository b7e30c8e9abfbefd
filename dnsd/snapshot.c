// SPDX-License-Identifier: MIT
#include "dnsd/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "dnsd/cookie_secrets.h"

static bool create_rrl(struct snapshot *snapshot, struct err *err)
{
    uint8_t seed[SIPHASH_KEY_SIZE];
    if (!snapshot->config->rrl.enabled)
        return true;
    if (getrandom(seed, sizeof seed, 0) != sizeof seed) {
        err_add(err, ERR_ERROR, (struct err_place){0}, "no randomness for rate limiting: %s",
                strerror(errno));
        return false;
    }
    snapshot->rrl = rrl_create(&snapshot->config->rrl, seed, snapshot->arena);
    return true;
}

struct snapshot *snapshot_load(const char *config_path, const struct snapshot *previous, struct err *err)
{
    struct config *config = config_load(config_path, err);
    if (config == NULL)
        return NULL;
    struct snapshot *snapshot = mem_alloc(sizeof *snapshot);
    snapshot->config = config;
    snapshot->arena = arena_create();
    /* Both, whatever the first says: the operator wants to see all mistakes at once. */
    snapshot->zones = zones_build(config, previous != NULL ? previous->zones : NULL, err);
    snapshot->geo = geo_build(config, err);
    bool ok = cookie_secrets_load(&config->server.cookies, &snapshot->cookies, err);
    if (previous != NULL && snapshot->cookies.random && previous->cookies.random)
        snapshot->cookies = previous->cookies; /* no client's cookie turns bad with a reload */
    ok &= create_rrl(snapshot, err);
    if (snapshot->zones == NULL || snapshot->geo == NULL || !ok) {
        snapshot_free(snapshot);
        return NULL;
    }
    snapshot->services = service_build_all(config, snapshot->arena);
    return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    arena_free(snapshot->arena);
    zones_free(snapshot->zones);
    geo_free(snapshot->geo);
    config_free(snapshot->config);
    free(snapshot);
}
