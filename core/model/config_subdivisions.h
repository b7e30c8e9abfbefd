// SPDX-License-Identifier: MIT
/*
 * config_subdivisions - the codes of ISO 3166-2, as of April 2023: about 5000. Pure.
 */
#pragma once

#include <stdbool.h>

/* Whether `country` ("US", upper case) has the subdivision `part` ("CA"). True for countries of which the standard
 * lists no subdivisions: databases have their own codes there. */
bool config_subdivisions_has(const char *country, const char *part);
