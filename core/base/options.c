// SPDX-License-Identifier: MIT
#include "core/base/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/version.h"

enum { OPTION_LOG = 256, OPTION_LOG_LEVEL };

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"test", no_argument, NULL, 't'},
    {"log", required_argument, NULL, OPTION_LOG},
    {"log-level", required_argument, NULL, OPTION_LOG_LEVEL},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void print_help(const char *program, const char *purpose)
{
    printf("%s - %s\n"
           "\n"
           "  -c, --config FILE      the configuration, meridian.yaml\n"
           "  -t, --test             check the configuration and exit: status 0 if it is correct, 1 if not\n"
           "      --log FORMAT       text (default) or json, to stderr\n"
           "      --log-level LEVEL  debug, info (default), warning or error: the least that is logged\n"
           "  -h, --help             this text\n"
           "  -V, --version          the version\n"
           "\n"
           "Runs in the foreground. SIGHUP reloads the configuration, SIGTERM and SIGINT stop.\n",
           program, purpose);
}

/* The index of `word` in `words`, or -1. */
static int find_word(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

static bool set_format(struct log *log, const char *word)
{
    static const char *const formats[] = {"text", "json"};
    int format = find_word(word, formats, 2);
    log->json = format == 1;
    if (format < 0)
        fprintf(stderr, "--log %s: the format is `text` or `json`\n", word);
    return format >= 0;
}

static bool set_level(struct log *log, const char *word)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    int level = find_word(word, levels, 4);
    if (level >= 0)
        log->least = (enum log_level)level;
    else
        fprintf(stderr, "--log-level %s: the level is `debug`, `info`, `warning` or `error`\n", word);
    return level >= 0;
}

enum options_outcome options_parse(int argc, char **argv, const char *program, const char *purpose,
                                   struct options *out)
{
    struct options options = {.log = {LOG_INFO, false, STDERR_FILENO}};
    bool ok = true;
    for (int option; ok && (option = getopt_long(argc, argv, "c:thV", long_options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            options.config_path = optarg;
            break;
        case 't':
            options.check_only = true;
            break;
        case OPTION_LOG:
            ok = set_format(&options.log, optarg);
            break;
        case OPTION_LOG_LEVEL:
            ok = set_level(&options.log, optarg);
            break;
        case 'h':
            print_help(program, purpose);
            return OPTIONS_DONE;
        case 'V':
            printf("%s %s\n", program, MERIDIAN_VERSION);
            return OPTIONS_DONE;
        default:
            ok = false;
        }
    }
    if (ok && (optind < argc || options.config_path == NULL)) {
        fprintf(stderr, optind < argc ? "%s: `%s` is too much\n" : "%s: which configuration? -c FILE\n",
                program, argv[optind]);
        ok = false;
    }
    if (!ok) {
        fprintf(stderr, "`%s --help` shows the options\n", program);
        return OPTIONS_USAGE;
    }
    *out = options;
    return OPTIONS_RUN;
}
