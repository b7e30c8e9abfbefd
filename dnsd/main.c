// SPDX-License-Identifier: MIT
/* dnsd - the authoritative name server. */
#include <stdio.h>

#include "core/base/options.h"
#include "dnsd/server.h"
#include "dnsd/snapshot.h"

static int check(const char *config_path)
{
    struct err err = ERR_INIT;
    struct snapshot *snapshot = snapshot_load(config_path, NULL, &err);
    bool ok = snapshot != NULL;
    err_print(&err, stderr);
    if (ok)
        printf("%s: configuration, zones and databases are correct\n", config_path);
    snapshot_free(snapshot);
    err_free(&err);
    return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct options options;
    switch (
        options_parse(argc, argv, "dnsd", "answers DNS queries with the nearest healthy site", &options)) {
    case OPTIONS_DONE:
        return 0;
    case OPTIONS_USAGE:
        return 2;
    case OPTIONS_RUN:
        break;
    }
    return options.check_only ? check(options.config_path) : server_run(options.config_path, &options.log);
}
