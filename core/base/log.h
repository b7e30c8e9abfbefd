// SPDX-License-Identifier: MIT
/*
 * log - lines for the operator on stderr, as text or one JSON object a line.
 *
 * A line says what happened to which name or site, why, and what it means for clients.
 * Any thread may log: a line is one write(2).
 */
#pragma once

#include <stdbool.h>

#include "core/base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log {
    enum log_level least; /* lines below it are dropped */
    bool json;
    int fd;
};

void log_line(const struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Every finding as a line of its own severity. */
void log_findings(const struct log *log, const struct err *err);
