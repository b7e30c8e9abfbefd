// SPDX-License-Identifier: MIT
#include "zones/version.h"

#include <string.h>

#include "zones/builder.h"
#include "zones/check.h"
#include "zones/freeze.h"
#include "zones/load.h"

struct version *version_load(const struct config_zone *zone, uint64_t now_wall_ms, struct err *err)
{
    size_t errors_before = err->errors;
    struct version *version = NULL;
    struct builder builder;
    builder_init(&builder, zone, err);
    load_file(&builder, now_wall_ms);
    builder_mark_cuts(&builder);
    check_rrsets(&builder);
    check_zone(&builder);
    if (err->errors == errors_before)
        version = freeze_zone(&builder, now_wall_ms);
    builder_free(&builder);
    return version;
}

bool version_is_current(const struct version *version, const char *file)
{
    if (strcmp(version->sources[0].path, file) != 0)
        return false;
    for (size_t i = 0; i < version->source_count; i++)
        if (!source_is_unchanged(&version->sources[i]))
            return false;
    return true;
}

struct version *version_share(struct version *version)
{
    atomic_fetch_add_explicit(&version->users, 1, memory_order_relaxed);
    return version;
}

void version_release(struct version *version)
{
    if (version && atomic_fetch_sub_explicit(&version->users, 1, memory_order_acq_rel) == 1)
        arena_free(version->arena);
}
