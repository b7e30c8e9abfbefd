// SPDX-License-Identifier: MIT
/* meridian - the operator's program. */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/version.h"
#include "ctl/command.h"

#define DEFAULT_CONFIG "/etc/meridian/meridian.yaml"

struct command {
    const char *name;
    const char *purpose;
    command_run *run;
};

static const struct command commands[] = {
    {"check", "check configuration, zones and databases; show how long a failover takes", check_run},
    {"geo", "show where an address is, and which sites are near it: ADDRESS[/LENGTH]", geo_run},
    {"status", "show services and sites as healthd sees them", status_run},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(FILE *to)
{
    fprintf(to, "meridian [-c FILE] COMMAND\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].purpose);
    fprintf(to, "\n"
                "  -c, --config FILE  the configuration (default: " DEFAULT_CONFIG ")\n"
                "  -m, --map NAME     the map that `geo` looks into (default: default)\n"
                "  -h, --help         this text\n"
                "  -V, --version      the version\n"
                "\n"
                "Exit status: 0 fine, 1 something is wrong, 2 bad usage.\n");
}

static int unknown(const char *word)
{
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    const char *meant = err_suggest(word, names, COMMANDS);
    if (meant != NULL)
        fprintf(stderr, "meridian: no command `%s`; did you mean `%s`?\n", word, meant);
    else
        fprintf(stderr, "meridian: no command `%s`; `meridian --help` lists them\n", word);
    return 2;
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'},
        {"help", no_argument, NULL, 'h'},
        {"map", required_argument, NULL, 'm'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    struct command_context context = {.config_path = DEFAULT_CONFIG};
    for (int option; (option = getopt_long(argc, argv, "c:hm:V", long_options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            context.config_path = optarg;
            break;
        case 'm':
            context.map = optarg;
            break;
        case 'h':
            print_help(stdout);
            return 0;
        case 'V':
            printf("meridian %s\n", MERIDIAN_VERSION);
            return 0;
        default:
            return 2;
        }
    }
    if (optind == argc) {
        print_help(stderr);
        return 2;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[optind], commands[i].name) == 0)
            return commands[i].run(&context, argc - optind - 1, argv + optind + 1);
    return unknown(argv[optind]);
}
