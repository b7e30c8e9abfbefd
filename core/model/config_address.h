// SPDX-License-Identifier: MIT
/*
 * config_address - addresses, endpoints and prefixes of the configuration. On bad input: false and a finding that
 * begins with `name`, the key it is about.
 */
#pragma once

#include "core/model/config_loader.h"

/* An address that a host can have: not unspecified, multicast, broadcast or IPv4-mapped. `family`: of what kind
 * it has to be. */
bool config_address_host(struct config_loader *loader, const char *name, enum addr_family family,
                         const struct config_node *node, struct addr *out);
/* Where to listen: address, or address@port. The unspecified address is fine. */
bool config_address_listen(struct config_loader *loader, const char *name, uint16_t default_port,
                           const struct config_node *node, struct endpoint *out);
/* What to connect to: a host's address; port 0 if none was given. */
bool config_address_target(struct config_loader *loader, const char *name, const struct config_node *node,
                           struct endpoint *out);
bool config_address_prefix(struct config_loader *loader, const char *name, const struct config_node *node,
                           struct prefix *out);
