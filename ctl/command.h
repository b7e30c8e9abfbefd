// SPDX-License-Identifier: MIT
/*
 * command - the subcommands of `meridian`, one file each. A subcommand gets what stands behind its name and
 * returns the exit status: 0 done, 1 it found something wrong, 2 bad usage.
 */
#pragma once

struct command_context {
    const char *config_path;
    const char *map; /* --map; NULL: not given */
};

typedef int command_run(const struct command_context *context, int argc, char **argv);

command_run check_run;
command_run geo_run;
command_run status_run;
