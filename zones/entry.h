// SPDX-License-Identifier: MIT
/*
 * entry - the parts of a zone file entry that need no table of types: words, TTLs, and the generic form of
 * RDATA (RFC 3597 section 5).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/dname.h"

#define ENTRY_WORD_MAX (DNAME_TEXT_MAX + 1) /* with its NUL */
#define ENTRY_TTL_MAX  0x7fffffffu          /* RFC 2181 section 8 */
#define ENTRY_DATA_MAX 65535

/* The word at `*at`, which moves behind it and its blank; "" at the end. False: longer than any name. */
bool entry_word(const char **at, char out[ENTRY_WORD_MAX]);
/* The same of a word that may be quoted, without its quotes and backslashes: the name of a file. */
bool entry_text(const char **at, char out[ENTRY_WORD_MAX]);
/* Seconds, or numbers with the units s m h d w ("1h30m"). */
bool entry_ttl(const char *text, uint32_t *ttl_s);

/* True if RDATA is in the generic form. */
bool entry_is_generic(const char *rdata);
/* \# 4 0a000001: octets into `out`. NULL, or what is wrong. */
const char *entry_generic(const char *rdata, uint8_t out[ENTRY_DATA_MAX], size_t *size);
