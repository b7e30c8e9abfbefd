// SPDX-License-Identifier: MIT
/*
 * options - the command line that both daemons share:
 *     PROGRAM -c FILE [-t] [--log text|json] [--log-level LEVEL] [-h] [-V]
 */
#pragma once

#include <stdbool.h>

#include "core/base/log.h"

struct options {
    const char *config_path;
    bool check_only; /* -t */
    struct log log;
};

enum options_outcome {
    OPTIONS_RUN,
    OPTIONS_DONE,  /* --help or --version was printed: exit status 0 */
    OPTIONS_USAGE, /* said on stderr what is wrong: exit status 2 */
};

/* `purpose` completes "PROGRAM - " in the help text. */
enum options_outcome options_parse(int argc, char **argv, const char *program, const char *purpose,
                                   struct options *out);
