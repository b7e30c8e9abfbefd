// SPDX-License-Identifier: MIT
/*
 * config_codes - the codes of places: continents, ISO 3166-1 alpha-2 countries (with XK, Kosovo), and ISO 3166-2
 * subdivisions. Upper case only.
 */
#pragma once

#include <stdbool.h>

#define CONFIG_CODES_MAX 6 /* characters of the longest: GB-ENG */

bool config_codes_is_continent(const char *code);
bool config_codes_is_country(const char *code);
/* Of countries without subdivisions in the standard, what has the form of one. */
bool config_codes_is_subdivision(const char *code);
