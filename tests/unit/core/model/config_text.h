// SPDX-License-Identifier: MIT
/* Loads a configuration that a test has as text, through a file in /tmp. */
#pragma once

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/model/config.h"

static inline struct config *load_octets(const char *text, size_t size, struct err *err)
{
    char path[] = "/tmp/config-test-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, size), (ssize_t)size);
    close(fd);
    struct config *config = config_load(path, err);
    unlink(path);
    return config;
}

static inline struct config *load_text(const char *text, struct err *err)
{
    return load_octets(text, strlen(text), err);
}
