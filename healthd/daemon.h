// SPDX-License-Identifier: MIT
/*
 * daemon - healthd at work: configuration, targets, schedule and health table put together, signals, reload.
 *
 * One thread runs everything but the loading of a configuration, which a libuv worker does off to the side,
 * so that a large one delays no probe.
 */
#pragma once

#include <stdbool.h>

#include "core/base/log.h"

/* Probes what the configuration at `config_path` asks for until SIGTERM or SIGINT; SIGHUP loads it again.
 * False if it could not start, which was then logged. */
bool daemon_run(const char *config_path, const struct log *log);
