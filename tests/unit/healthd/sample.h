// SPDX-License-Identifier: MIT
/* Configurations for tests, from the part of meridian.yaml that matters to them. */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/model/config.h"

/* What every sample begins with; `rest` follows it, with `checks:` and `services:`. */
#define SAMPLE_HEAD                                                                                          \
    "server: { listen: [\"127.0.0.1@5300\"], run_dir: /tmp }\n"                                              \
    "sites: { fra: { at: [50.03, 8.57] }, iad: { at: [38.95, -77.45] }, sin: { at: [1.36, 103.99] } }\n"     \
    "zones: { example.com: { file: example.com.zone } }\n"

#define SAMPLE_CHECK                                                                                         \
    "checks: { web: { type: http, port: 8080, path: /healthz, interval: 2s, timeout: 1s, confirm: 250ms,"    \
    " fall: 3, rise: 2 } }\n"

/* The caller ends with config_free(). */
static inline struct config *sample_config(const char *rest)
{
    char path[] = "/tmp/sample.XXXXXX";
    struct err err = ERR_INIT;
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_gt(dprintf(fd, "%s%s", SAMPLE_HEAD, rest), 0);
    (void)close(fd);
    struct config *config = config_load(path, &err);
    (void)unlink(path);
    if (!config)
        err_print(&err, stderr);
    ck_assert_ptr_nonnull(config);
    err_free(&err);
    return config;
}
