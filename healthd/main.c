// SPDX-License-Identifier: MIT
/* healthd - the probing program. The only file of this folder that ends the process. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/descriptors.h"
#include "core/base/err.h"
#include "core/base/options.h"
#include "core/model/config.h"
#include "healthd/daemon.h"

#define EXIT_USAGE 2

static bool config_is_correct(const char *path)
{
    struct err err = ERR_INIT;
    struct config *config = config_load(path, &err);
    bool correct = config != NULL;
    err_print(&err, stderr);
    if (correct)
        printf("%s: configuration is correct\n", path);
    config_free(config);
    err_free(&err);
    return correct;
}

int main(int argc, char **argv)
{
    struct options options;
    switch (
        options_parse(argc, argv, "healthd", "probes the sites and decides what dnsd may answer", &options)) {
    case OPTIONS_DONE:
        return EXIT_SUCCESS;
    case OPTIONS_USAGE:
        return EXIT_USAGE;
    case OPTIONS_RUN:
        break;
    }
    if (options.check_only)
        return config_is_correct(options.config_path) ? EXIT_SUCCESS : EXIT_FAILURE;
    (void)signal(SIGPIPE, SIG_IGN); /* a closed log or connection is an error code, not the end */
    descriptors_raise_limit();
    return daemon_run(options.config_path, &options.log) ? EXIT_SUCCESS : EXIT_FAILURE;
}
