// SPDX-License-Identifier: MIT
/*
 * config_sections - the sections of the file, one parser each, in the order in which they refer to each other.
 * `into` is the struct config.
 */
#pragma once

#include "core/model/config_keys.h"

config_key_parser config_server_read;
config_key_parser config_rrl_read;
config_key_parser config_geoip_read;
config_key_parser config_sites_read;
config_key_parser config_maps_read;
config_key_parser config_checks_read;
config_key_parser config_services_read;
config_key_parser config_zones_read_directory;
config_key_parser config_zones_read;

/* A list of site names: at least one, each once. */
bool config_sites_read_list(struct config_loader *loader, const char *name, const struct config_node *node,
                            struct config_site_list *out);

/* The check a name stands for; `none` is CONFIG_NO_CHECK. Into the row's int. */
config_key_parser config_checks_refer;
#define CONFIG_CHECK_NONE "none"

/* A service while it is read. */
struct config_members_draft {
    struct config_service service; /* members, has_a and has_aaaa are filled in */
    int check;                     /* for members that name none */
};
config_key_parser config_members_read; /* into the draft */
