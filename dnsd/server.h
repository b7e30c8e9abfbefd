// SPDX-License-Identifier: MIT
/*
 * server - dnsd's main thread: loads, binds, starts the query threads, then waits for signals, TCP clients
 * and news from healthd until it is told to stop.
 */
#pragma once

#include "core/base/log.h"

/* Runs until SIGTERM or SIGINT. Returns the exit status: 0, or 1 if it could not start; it then logged why,
 * and nothing was started. */
int server_run(const char *config_path, const struct log *log);
