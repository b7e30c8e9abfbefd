// SPDX-License-Identifier: MIT
/*
 * config_check - what only shows when all sections are read: things that nobody uses, clients that cannot be placed.
 * Warnings; what cannot work is an error of the section where it stands.
 */
#pragma once

#include "core/model/config.h"

/* `file`: for findings that concern no line. */
void config_check(const struct config *config, const char *file, struct arena *scratch, struct err *err);
