// SPDX-License-Identifier: MIT
/*
 * country - what is known of a country without any database: its continent and where its middle is.
 * Every code of ISO 3166-1 alpha-2, and XK (Kosovo), which databases use.
 */
#pragma once

#include <stddef.h>

struct country {
    char code[3];
    char continent[3]; /* AF AN AS EU NA OC SA */
    float latitude, longitude;
};

/* `code` in upper case. NULL if there is no such country. */
const struct country *country_find(const char *code);
/* All of them, by code. */
const struct country *country_all(size_t *count);
