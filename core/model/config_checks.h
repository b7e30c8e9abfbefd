// SPDX-License-Identifier: MIT
/*
 * config_checks - the types of checks: which keys each has, beside those that all have.
 */
#pragma once

#include "core/model/config_keys.h"
#include "core/model/config_value.h"

/* One type of check: its keys, and what can be looked at only when all of them are read (NULL: nothing). */
struct config_check_kind {
    struct config_keys keys;
    bool (*complete)(struct config_loader *loader, const struct config_node *node,
                     struct config_check *check);
};

extern const struct config_check_kind config_checks_http, config_checks_https,
    config_checks_tls; /* _http.c */
extern const struct config_check_kind config_checks_tcp, config_checks_dns, config_checks_icmp,
    config_checks_exec; /* _other.c */

extern const struct config_word config_checks_types[];

/* What a key of the check has as its value, or NULL. */
const struct config_node *config_checks_value(const struct config_node *check, const char *key);

#define CONFIG_CHECK_FIELD(name) offsetof(struct config_check, name)

#define CONFIG_CHECK_PORT_ROW(...)                                                                           \
    {                                                                                                        \
        "port", CONFIG_TAKES_SCALAR, .parse = config_value_port, CONFIG_CHECK_FIELD(port), 1, UINT16_MAX,    \
                                     __VA_ARGS__                                                             \
    }

/* The keys of every check, in milliseconds. `timeout` and `confirm` depend on the interval if absent. */
#define CONFIG_CHECK_COMMON_ROWS                                                                             \
    {"type",                                                                                                 \
     CONFIG_TAKES_SCALAR,                                                                                    \
     .parse = config_value_word,                                                                             \
     CONFIG_CHECK_FIELD(type),                                                                               \
     .words = config_checks_types,                                                                           \
     .required = true},                                                                                      \
        {"interval",                                                                                         \
         CONFIG_TAKES_SCALAR,                                                                                \
         .parse = config_value_duration,                                                                     \
         CONFIG_CHECK_FIELD(interval_ms),                                                                    \
         100,                                                                                                \
         3600000,                                                                                            \
         .fallback = "10s"},                                                                                 \
        {"timeout", CONFIG_TAKES_SCALAR, .parse = config_value_duration, CONFIG_CHECK_FIELD(timeout_ms), 10, \
         3600000},                                                                                           \
        {"confirm", CONFIG_TAKES_SCALAR, .parse = config_value_duration, CONFIG_CHECK_FIELD(confirm_ms), 10, \
         3600000},                                                                                           \
        {"fall", CONFIG_TAKES_SCALAR, .parse = config_value_unsigned, CONFIG_CHECK_FIELD(fall), 1,           \
         100,    .fallback = "3"},                                                                           \
        {"rise", CONFIG_TAKES_SCALAR, .parse = config_value_unsigned, CONFIG_CHECK_FIELD(rise), 1,           \
         100,    .fallback = "2"},                                                                           \
    {                                                                                                        \
        .name = "family"                                                                                     \
    }
