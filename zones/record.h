// SPDX-License-Identifier: MIT
/*
 * record - the text of one record -> builder, with what one record leaves for the next: origin, owner, TTL. The
 * only place that knows ldns, which turns the text of each record into wire format.
 *
 * TTL and class may stand in either order; without $TTL (RFC 2308 section 4) a record without a TTL takes that of
 * the record before it.
 */
#pragma once

#include "core/model/dname.h"
#include "zones/builder.h"

#define RECORD_EXCERPT_MAX 60 /* characters of a bad entry that a finding shows */

struct record_reader;

/* What an included file may change without its includer noticing (RFC 1035 section 5.1); as written. */
struct record_scope {
    uint8_t origin[DNAME_MAX], owner[DNAME_MAX];
};

enum record_form {
    RECORD_PLAIN,
    RECORD_GENERATED, /* RDATA that is one quoted string is what stands inside the quotes */
};

/* Origin and owner are the zone's. Findings go to builder->err. */
struct record_reader *record_open(struct builder *builder);
void record_close(struct record_reader *reader);

/* An entry as split makes it; the text is used up. */
void record_take(struct record_reader *reader, char *text, enum record_form form, struct builder_place place);
/* $ORIGIN, $TTL; false, with a finding, if the value is none. `what`: for the finding. */
bool record_set_origin(struct record_reader *reader, const char *what, const char *text,
                       struct builder_place place);
bool record_set_ttl(struct record_reader *reader, const char *text, struct builder_place place);

struct record_scope record_scope_of(const struct record_reader *reader);
void record_restore(struct record_reader *reader, const struct record_scope *scope);
