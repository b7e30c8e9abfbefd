// SPDX-License-Identifier: MIT
/*
 * chaos - questions about the server itself, in class CH (RFC 4892): which of an anycast set answers, and what
 * software it runs. Told only if the configuration says what.
 */
#pragma once

#include "core/model/config.h"
#include "dnsd/protocol.h"
#include "dnsd/query.h"

/* The text to answer with, NULL: refuse. */
const char *chaos_text(const struct config_server *config, const struct query *query);
/* The finished TXT record of it, beginning with a pointer to offset 12, into `out` (CHAOS_RECORD_MAX octets).
 * Returns its size. */
#define CHAOS_RECORD_MAX (RECORD_FIXED_SIZE + 256)
size_t chaos_record(const char *text, uint8_t *out);
