// SPDX-License-Identifier: MIT
/*
 * config_value - the kinds of single values: parsers for rows of config_keys, and what lists are made of.
 * Each puts what it read into the row's field, or reports what is wrong with the word and what was meant.
 */
#pragma once

#include "core/model/config_keys.h"

#define CONFIG_VALUE_LATER "not supported yet"

config_key_parser config_value_int;      /* int */
config_key_parser config_value_unsigned; /* unsigned */
config_key_parser config_value_port;     /* uint16_t */
config_key_parser config_value_bool;     /* bool */
config_key_parser config_value_text;     /* const char *, min..max octets */
config_key_parser config_value_path;     /* const char *, ready for open(2) */
config_key_parser config_value_duration; /* uint32_t milliseconds; min and max likewise */
config_key_parser config_value_ttl;      /* uint32_t seconds; min and max likewise */
config_key_parser config_value_word;     /* int (any enum): value of one of key->words */

/* The text of a list's item or of a mapping's value; NULL, with a finding, if it is none. */
const char *config_value_scalar(struct config_loader *loader, const char *name,
                                const struct config_node *node);

bool config_value_number(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, int64_t *out);
bool config_value_degrees(struct config_loader *loader, const struct config_node *node, double *out);
