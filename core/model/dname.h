// SPDX-License-Identifier: MIT
/*
 * dname - domain names in wire format (RFC 1035 section 3.1): length octet and label, ended by the root's
 * zero octet; at most 255 octets and 127 labels. No compression pointers in here.
 *
 * Everything that compares or hashes takes lower-case names (RFC 4343); dname_lower() makes them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNAME_MAX        255
#define DNAME_LABELS_MAX 127
#define DNAME_TEXT_MAX   1016 /* every octet as \DDD, dots, NUL */

/* Octets including the root's zero octet. The name must be well-formed. */
size_t dname_length(const uint8_t *name);
/* Labels without the root. */
unsigned dname_labels(const uint8_t *name);
/* The name without its first `count` labels. */
const uint8_t *dname_parent(const uint8_t *name, unsigned count);
void dname_lower(uint8_t *out, const uint8_t *name, size_t length);
bool dname_equal(const uint8_t *a, const uint8_t *b);
/* True if `name` is `ancestor` or below it. */
bool dname_is_under(const uint8_t *name, const uint8_t *ancestor);
bool dname_is_wildcard(const uint8_t *name);

/* Presentation form (RFC 1035 section 5.1 escapes) to lower-case wire form. A name that does not end in a dot
 * is relative to `origin` (NULL: the root); "@" is the origin. Returns the length, 0 if the text is no
 * name: `why` then says what is wrong with it ("label longer than 63 octets"). */
size_t dname_parse(const char *text, const uint8_t *origin, uint8_t out[DNAME_MAX], const char **why);
/* The same with the case kept, of the text and of `origin`. */
size_t dname_parse_as_written(const char *text, const uint8_t *origin, uint8_t out[DNAME_MAX],
                              const char **why);
/* With a final dot only for the root; for people and logs. Returned for use in a printf argument. */
const char *dname_format(const uint8_t *name, char out[DNAME_TEXT_MAX]);
