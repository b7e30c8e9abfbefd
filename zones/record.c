// SPDX-License-Identifier: MIT
#include "zones/record.h"

#include <ctype.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "zones/entry.h"
#include "zones/rdata.h"

#define WIRE_FIRST 512 /* octets of RDATA; ldns makes room for more */

struct record_reader {
    struct builder *builder;
    struct builder_place place; /* of the entry */
    struct record_scope scope;
    ldns_rdf *origin;  /* the scope's, for names in RDATA */
    ldns_buffer *wire; /* RDATA as ldns makes it */
    uint8_t *generic;  /* RDATA in the generic form; NULL: none so far */
    char *text;        /* the entry as ldns gets it */
    size_t text_capacity;
    uint32_t ttl_s;
    bool ttl_known, ttl_directive;
};

/* What stands before the type of a record, and where what stands behind it begins. */
struct front {
    char owner[ENTRY_WORD_MAX]; /* empty: the one before */
    char type[ENTRY_WORD_MAX];
    char *rdata; /* the rest of the entry */
    uint32_t ttl_s;
    uint16_t type_number;
    bool ttl_given, class_given;
};

#define bad_entry(reader, ...) builder_bad_entry((reader)->builder, (reader)->place, __VA_ARGS__)

/* A name relative to the origin, as written. False, with a finding, if the text is none. */
static bool read_name(struct record_reader *reader, const char *what, const char *text,
                      uint8_t out[DNAME_MAX])
{
    const char *why = NULL;
    if (dname_parse_as_written(text, reader->scope.origin, out, &why))
        return true;
    bad_entry(reader, "%s \"%.*s\" is no domain name: %s", what, RECORD_EXCERPT_MAX, text, why);
    return false;
}

/* --- what records share ----------------------------------------------------------------------------------- */

static void use_origin(struct record_reader *reader, const uint8_t *origin)
{
    size_t length = dname_length(origin);
    memmove(reader->scope.origin, origin, length);
    ldns_rdf_deep_free(reader->origin);
    reader->origin = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, length, origin);
}

bool record_set_origin(struct record_reader *reader, const char *what, const char *text,
                       struct builder_place place)
{
    uint8_t origin[DNAME_MAX];
    reader->place = place;
    if (!read_name(reader, what, text, origin))
        return false;
    use_origin(reader, origin);
    return true;
}

bool record_set_ttl(struct record_reader *reader, const char *text, struct builder_place place)
{
    reader->place = place;
    if (!entry_ttl(text, &reader->ttl_s)) {
        bad_entry(reader, "$TTL \"%.*s\" is no time; write seconds, or for example 1h30m, at most %u seconds",
                  RECORD_EXCERPT_MAX, text, ENTRY_TTL_MAX);
        return false;
    }
    reader->ttl_known = reader->ttl_directive = true;
    return true;
}

struct record_scope record_scope_of(const struct record_reader *reader)
{
    return reader->scope;
}

void record_restore(struct record_reader *reader, const struct record_scope *scope)
{
    use_origin(reader, scope->origin);
    memcpy(reader->scope.owner, scope->owner, DNAME_MAX);
}

/* --- records -------------------------------------------------------------------------------------------- */

/* True if the token is a class; findings for those that are not served. */
static bool take_class(struct record_reader *reader, struct front *front, const char *token, bool *bad)
{
    ldns_rr_class class = ldns_get_rr_class_by_name(token);
    if (front->class_given || !class)
        return false;
    front->class_given = true;
    if (class != LDNS_RR_CLASS_IN) {
        bad_entry(reader, "class %s is not served here; only IN is", token);
        *bad = true;
    }
    return true;
}

static bool take_ttl(struct record_reader *reader, struct front *front, const char *token, bool *bad)
{
    if (front->ttl_given || !isdigit((unsigned char)*token))
        return false;
    front->ttl_given = true;
    if (!entry_ttl(token, &front->ttl_s)) {
        bad_entry(reader, "bad TTL \"%.*s\"; write seconds, or for example 1h30m, at most %u seconds",
                  RECORD_EXCERPT_MAX, token, ENTRY_TTL_MAX);
        *bad = true;
    }
    return true;
}

/* Owner, TTL and class in either order (RFC 1035 section 5.1), type. */
static bool read_front(struct record_reader *reader, char *text, struct front *front)
{
    bool bad = false;
    const char *at = text;
    front->owner[0] = '\0';
    front->ttl_given = front->class_given = false;
    if (*at == ' ')
        at++;
    else if (!entry_word(&at, front->owner)) {
        bad_entry(reader, "owner longer than any name");
        return false;
    }
    do {
        if (!entry_word(&at, front->type)) {
            bad_entry(reader, "\"%.*s...\" is no record type", RECORD_EXCERPT_MAX, at);
            return false;
        }
    } while (*front->type && !bad &&
             (take_ttl(reader, front, front->type, &bad) || take_class(reader, front, front->type, &bad)));
    front->rdata = text + (at - text);
    return !bad;
}

static bool take_owner(struct record_reader *reader, const struct front *front)
{
    return !*front->owner || read_name(reader, "owner", front->owner, reader->scope.owner);
}

/* OPT and the meta types exist in messages only (RFC 6895 section 3.1). */
static bool is_meta(unsigned type)
{
    return type == RDATA_OPT || (type >= RDATA_META_FIRST && type <= RDATA_META_LAST);
}

static bool take_type(struct record_reader *reader, struct front *front)
{
    static const char *const common[] = {"A",  "AAAA", "CAA", "CNAME", "DNAME", "DS",   "HTTPS", "MX",
                                         "NS", "PTR",  "SOA", "SRV",   "SSHFP", "SVCB", "TLSA",  "TXT"};
    if (!*front->type) {
        bad_entry(reader, "\"%.*s\" is not followed by a record type", RECORD_EXCERPT_MAX, front->owner);
        return false;
    }
    front->type_number = (uint16_t)ldns_get_rr_type_by_name(front->type);
    if (!front->type_number) {
        const char *meant = err_suggest(front->type, common, sizeof common / sizeof *common);
        bad_entry(reader, "unknown record type \"%.*s\"%s%s", RECORD_EXCERPT_MAX, front->type,
                  meant ? "; did you mean " : "; types without a name are written TYPE65280 \\# 2 abcd",
                  meant ? meant : "");
        return false;
    }
    if (is_meta(front->type_number)) {
        bad_entry(reader, "%s is no type that a zone can hold", front->type);
        return false;
    }
    if (!*front->rdata) {
        bad_entry(reader, "%s record without data", front->type);
        return false;
    }
    return true;
}

/* The TTL of a record that has none: $TTL (RFC 2308 section 4), else that of the record before. */
static bool settle_ttl(struct record_reader *reader, struct front *front)
{
    if (!front->ttl_given && !reader->ttl_known) {
        bad_entry(reader, "no TTL; put a line like \"$TTL 1h\" on top of the file");
        return false;
    }
    if (!front->ttl_given)
        front->ttl_s = reader->ttl_s;
    else if (!reader->ttl_directive) {
        reader->ttl_s = front->ttl_s;
        reader->ttl_known = true;
    }
    return true;
}

static void add(struct record_reader *reader, const struct front *front, const uint8_t *rdata, size_t size)
{
    if (size > ENTRY_DATA_MAX || !rdata_valid(front->type_number, rdata, size)) {
        bad_entry(reader, "bad %s record \"%.*s\": its data does not have the form of its type", front->type,
                  RECORD_EXCERPT_MAX, front->rdata);
        return;
    }
    const struct builder_input input = {
        .owner = reader->scope.owner,
        .rdata = rdata,
        .type = front->type_number,
        .size = (uint16_t)size,
        .ttl_s = front->ttl_s,
        .place = reader->place,
    };
    builder_add(reader->builder, &input);
}

/* RFC 3597 section 5: any type may be written so. (ldns takes what is not hexadecimal for zeroes.) */
static void take_generic(struct record_reader *reader, const struct front *front)
{
    size_t size;
    if (!reader->generic)
        reader->generic = mem_alloc(ENTRY_DATA_MAX);
    const char *why = entry_generic(front->rdata, reader->generic, &size);
    if (why)
        bad_entry(reader, "bad %s record \"%.*s\": %s", front->type, RECORD_EXCERPT_MAX, front->rdata, why);
    else
        add(reader, front, reader->generic, size);
}

/* What ldns needs to know of the record: its type and RDATA. */
static const char *compose(struct record_reader *reader, const struct front *front)
{
    static const char format[] = ". 0 IN %s %s";
    size_t room = strlen(front->type) + strlen(front->rdata) + sizeof format;
    if (room > reader->text_capacity) {
        reader->text_capacity = 2 * room;
        reader->text = mem_resize(reader->text, reader->text_capacity, 1);
    }
    snprintf(reader->text, reader->text_capacity, format, front->type, front->rdata);
    return reader->text;
}

static void take_text(struct record_reader *reader, const struct front *front)
{
    ldns_rr *rr = NULL;
    ldns_status status = ldns_rr_new_frm_str(&rr, compose(reader, front), 0, reader->origin, NULL);
    if (status == LDNS_STATUS_OK) {
        ldns_buffer_clear(reader->wire);
        status = ldns_rr_rdata2buffer_wire(reader->wire, rr);
    }
    if (status == LDNS_STATUS_OK)
        add(reader, front, ldns_buffer_begin(reader->wire), ldns_buffer_position(reader->wire));
    else
        bad_entry(reader, "bad %s record \"%.*s\": %s", front->type, RECORD_EXCERPT_MAX, front->rdata,
                  ldns_get_errorstr_by_id(status));
    ldns_rr_free(rr);
}

/* What stands inside the quotes, if RDATA is nothing but one quoted string. A quote in it loses its backslash and
 * means what it would have meant outside; all else is for whoever reads the RDATA. */
static void unquote(char *rdata)
{
    char *from = rdata + 1, *to = rdata;
    if (*rdata != '"')
        return;
    for (; *from && *from != '"'; from++)
        from += from[0] == '\\' && from[1];
    if (from[0] != '"' || from[1])
        return;
    for (from = rdata + 1; from[1]; from++) {
        if (from[0] == '\\' && from[1] != '"')
            *to++ = *from++;
        else
            from += from[0] == '\\';
        *to++ = *from;
    }
    *to = '\0';
}

void record_take(struct record_reader *reader, char *text, enum record_form form, struct builder_place place)
{
    struct front front;
    reader->place = place;
    if (!read_front(reader, text, &front) || !take_owner(reader, &front) || !take_type(reader, &front) ||
        !settle_ttl(reader, &front))
        return;
    if (form == RECORD_GENERATED)
        unquote(front.rdata);
    if (entry_is_generic(front.rdata))
        take_generic(reader, &front);
    else
        take_text(reader, &front);
}

/* --- life ------------------------------------------------------------------------------------------------ */

struct record_reader *record_open(struct builder *builder)
{
    struct record_reader *reader = mem_alloc(sizeof *reader);
    reader->builder = builder;
    reader->wire = ldns_buffer_new(WIRE_FIRST);
    use_origin(reader, builder->zone->origin);
    memcpy(reader->scope.owner, builder->zone->origin, builder->origin_length);
    return reader;
}

void record_close(struct record_reader *reader)
{
    free(reader->text);
    free(reader->generic);
    ldns_buffer_free(reader->wire);
    ldns_rdf_deep_free(reader->origin);
    free(reader);
}
