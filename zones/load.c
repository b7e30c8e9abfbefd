// SPDX-License-Identifier: MIT
#include "zones/load.h"

#include <ctype.h>
#include <errno.h>
#include <ldns/ldns.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/model/dname.h"
#include "zones/entry.h"
#include "zones/rdata.h"
#include "zones/split.h"

#define EXCERPT_MAX 60 /* characters of a bad entry that a finding shows */
#define FINDING_MAX 512

struct load {
    struct builder *builder;
    struct split split;
    ldns_rdf *origin, *owner; /* owner: of the record before, for records that leave theirs out */
    uint8_t origin_lower[DNAME_MAX];
    ldns_buffer *wire; /* RDATA as ldns makes it */
    uint8_t *generic;  /* RDATA in the generic form */
    char *text;        /* the entry as ldns gets it */
    size_t text_capacity;
    uint32_t ttl_s;
    bool ttl_known, ttl_directive;
};

/* What stands before the type of a record. */
struct front {
    char owner[ENTRY_WORD_MAX]; /* empty: the one before */
    char type[ENTRY_WORD_MAX];
    const char *rdata; /* the rest of the entry */
    uint32_t ttl_s;
    uint16_t type_number;
    bool ttl_given, class_given;
};

static void __attribute__((format(printf, 2, 3))) bad_entry(struct load *load, const char *format, ...)
{
    char text[FINDING_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    load->builder->incomplete = true;
    err_add(load->builder->err, ERR_ERROR, builder_place(load->builder, load->split.entry_line), "%s", text);
}

/* A name relative to the origin; NULL, with a finding, if the text is none. The caller frees. */
static ldns_rdf *name_of(struct load *load, const char *what, const char *text)
{
    uint8_t lower[DNAME_MAX];
    const char *why = "ldns cannot read it";
    if (strcmp(text, "@") == 0)
        return ldns_rdf_clone(load->origin);
    /* dname_parse() tells what is wrong, ldns keeps the case. */
    size_t length = dname_parse(text, load->origin_lower, lower, &why);
    ldns_rdf *name = length ? ldns_dname_new_frm_str(text) : NULL;
    if (name && !ldns_dname_str_absolute(text))
        ldns_dname_cat(name, load->origin);
    if (name && ldns_rdf_size(name) == length)
        return name;
    bad_entry(load, "%s \"%.*s\" is no domain name: %s", what, EXCERPT_MAX, text, why);
    ldns_rdf_deep_free(name);
    return NULL;
}

/* --- directives ----------------------------------------------------------------------------------------- */

static void set_origin(struct load *load, const char *text)
{
    ldns_rdf *origin = name_of(load, "$ORIGIN", text);
    if (!origin)
        return;
    ldns_rdf_deep_free(load->origin);
    load->origin = origin;
    dname_lower(load->origin_lower, ldns_rdf_data(origin), ldns_rdf_size(origin));
}

static void set_ttl(struct load *load, const char *text)
{
    if (!entry_ttl(text, &load->ttl_s))
        bad_entry(load, "$TTL \"%s\" is no time; write seconds, or for example 1h30m, at most %u seconds",
                  text, ENTRY_TTL_MAX);
    else
        load->ttl_known = load->ttl_directive = true;
}

static void take_directive(struct load *load, const char *text)
{
    static const char *const known[] = {"$ORIGIN", "$TTL", "$INCLUDE"};
    char name[ENTRY_WORD_MAX], value[ENTRY_WORD_MAX];
    if (!entry_word(&text, name) || !entry_word(&text, value)) {
        bad_entry(load, "directive with a word longer than any name");
        return;
    }
    if (strcasecmp(name, "$INCLUDE") == 0) {
        bad_entry(load, "$INCLUDE is not supported yet; put the records into this file");
    } else if (strcasecmp(name, "$ORIGIN") && strcasecmp(name, "$TTL")) {
        const char *meant = err_suggest(name, known, sizeof known / sizeof *known);
        bad_entry(load, "unknown directive \"%.*s\"%s%s", EXCERPT_MAX, name,
                  meant ? "; did you mean " : "; there are $ORIGIN and $TTL", meant ? meant : "");
    } else if (!*value || *text) {
        bad_entry(load, "%s takes one value", name);
    } else if (strcasecmp(name, "$TTL") == 0) {
        set_ttl(load, value);
    } else {
        set_origin(load, value);
    }
}

/* --- records -------------------------------------------------------------------------------------------- */

/* True if the token is a class; findings for those that are not served. */
static bool take_class(struct load *load, struct front *front, const char *token, bool *bad)
{
    ldns_rr_class class = ldns_get_rr_class_by_name(token);
    if (front->class_given || !class)
        return false;
    front->class_given = true;
    if (class != LDNS_RR_CLASS_IN) {
        bad_entry(load, "class %s is not served here; only IN is", token);
        *bad = true;
    }
    return true;
}

static bool take_ttl(struct load *load, struct front *front, const char *token, bool *bad)
{
    if (front->ttl_given || !isdigit((unsigned char)*token))
        return false;
    front->ttl_given = true;
    if (!entry_ttl(token, &front->ttl_s)) {
        bad_entry(load, "bad TTL \"%.*s\"; write seconds, or for example 1h30m, at most %u seconds",
                  EXCERPT_MAX, token, ENTRY_TTL_MAX);
        *bad = true;
    }
    return true;
}

/* Owner, TTL and class in either order (RFC 1035 section 5.1), type. */
static bool read_front(struct load *load, const char *text, struct front *front)
{
    bool bad = false;
    front->owner[0] = '\0';
    front->ttl_given = front->class_given = false;
    if (*text == ' ')
        text++;
    else if (!entry_word(&text, front->owner)) {
        bad_entry(load, "owner longer than any name");
        return false;
    }
    do {
        if (!entry_word(&text, front->type)) {
            bad_entry(load, "\"%.*s...\" is no record type", EXCERPT_MAX, text);
            return false;
        }
    } while (*front->type && !bad &&
             (take_ttl(load, front, front->type, &bad) || take_class(load, front, front->type, &bad)));
    front->rdata = text;
    return !bad;
}

static bool take_owner(struct load *load, const struct front *front)
{
    if (!*front->owner)
        return true;
    ldns_rdf *owner = name_of(load, "owner", front->owner);
    if (!owner)
        return false;
    ldns_rdf_deep_free(load->owner);
    load->owner = owner;
    return true;
}

/* OPT and the meta types exist in messages only (RFC 6895 section 3.1). */
static bool is_meta(unsigned type)
{
    return type == RDATA_OPT || (type >= RDATA_META_FIRST && type <= RDATA_META_LAST);
}

static bool take_type(struct load *load, struct front *front)
{
    static const char *const common[] = {"A",  "AAAA", "CAA", "CNAME", "DNAME", "DS",   "HTTPS", "MX",
                                         "NS", "PTR",  "SOA", "SRV",   "SSHFP", "SVCB", "TLSA",  "TXT"};
    if (!*front->type) {
        bad_entry(load, "\"%.*s\" is not followed by a record type", EXCERPT_MAX, front->owner);
        return false;
    }
    front->type_number = (uint16_t)ldns_get_rr_type_by_name(front->type);
    if (!front->type_number) {
        const char *meant = err_suggest(front->type, common, sizeof common / sizeof *common);
        bad_entry(load, "unknown record type \"%.*s\"%s%s", EXCERPT_MAX, front->type,
                  meant ? "; did you mean " : "; types without a name are written TYPE65280 \\# 2 abcd",
                  meant ? meant : "");
        return false;
    }
    if (is_meta(front->type_number)) {
        bad_entry(load, "%s is no type that a zone can hold", front->type);
        return false;
    }
    if (!*front->rdata) {
        bad_entry(load, "%s record without data", front->type);
        return false;
    }
    return true;
}

/* The TTL of a record that has none: $TTL (RFC 2308 section 4), else that of the record before. */
static bool settle_ttl(struct load *load, struct front *front)
{
    if (!front->ttl_given && !load->ttl_known) {
        bad_entry(load, "no TTL; put a line like \"$TTL 1h\" on top of the file");
        return false;
    }
    if (!front->ttl_given)
        front->ttl_s = load->ttl_s;
    else if (!load->ttl_directive) {
        load->ttl_s = front->ttl_s;
        load->ttl_known = true;
    }
    return true;
}

static void add(struct load *load, const struct front *front, const uint8_t *rdata, size_t size)
{
    if (size > ENTRY_DATA_MAX || !rdata_valid(front->type_number, rdata, size)) {
        bad_entry(load, "bad %s record \"%.*s\": its data does not have the form of its type", front->type,
                  EXCERPT_MAX, front->rdata);
        return;
    }
    const struct builder_input input = {
        .owner = ldns_rdf_data(load->owner),
        .rdata = rdata,
        .type = front->type_number,
        .size = (uint16_t)size,
        .ttl_s = front->ttl_s,
        .line = load->split.entry_line,
    };
    builder_add(load->builder, &input);
}

/* RFC 3597 section 5: any type may be written so. (ldns takes what is not hexadecimal for zeroes.) */
static void take_generic(struct load *load, const struct front *front)
{
    size_t size;
    const char *why = entry_generic(front->rdata, load->generic, &size);
    if (why)
        bad_entry(load, "bad %s record \"%.*s\": %s", front->type, EXCERPT_MAX, front->rdata, why);
    else
        add(load, front, load->generic, size);
}

/* What ldns needs to know of the record: its type and RDATA. */
static const char *compose(struct load *load, const struct front *front)
{
    static const char format[] = ". 0 IN %s %s";
    size_t room = load->split.size + sizeof format;
    if (room > load->text_capacity) {
        load->text_capacity = 2 * room;
        load->text = mem_resize(load->text, load->text_capacity, 1);
    }
    snprintf(load->text, load->text_capacity, format, front->type, front->rdata);
    return load->text;
}

static void take_text(struct load *load, const struct front *front)
{
    ldns_rr *rr = NULL;
    ldns_status status = ldns_rr_new_frm_str(&rr, compose(load, front), 0, load->origin, NULL);
    if (status == LDNS_STATUS_OK) {
        ldns_buffer_clear(load->wire);
        status = ldns_rr_rdata2buffer_wire(load->wire, rr);
    }
    if (status == LDNS_STATUS_OK)
        add(load, front, ldns_buffer_begin(load->wire), ldns_buffer_position(load->wire));
    else
        bad_entry(load, "bad %s record \"%.*s\": %s", front->type, EXCERPT_MAX, front->rdata,
                  ldns_get_errorstr_by_id(status));
    ldns_rr_free(rr);
}

static void take_record(struct load *load, const char *text)
{
    struct front front;
    if (!read_front(load, text, &front) || !take_owner(load, &front) || !take_type(load, &front) ||
        !settle_ttl(load, &front))
        return;
    if (entry_is_generic(front.rdata))
        take_generic(load, &front);
    else
        take_text(load, &front);
}

/* --- the file ------------------------------------------------------------------------------------------- */

static void read_entries(struct load *load)
{
    for (;;) {
        switch (split_next(&load->split)) {
        case SPLIT_END:
            return;
        case SPLIT_BAD:
            bad_entry(load, "%s", load->split.why);
            break;
        case SPLIT_ENTRY:
            if (load->split.text[0] == '$')
                take_directive(load, load->split.text);
            else
                take_record(load, load->split.text);
            break;
        }
    }
}

static void cannot_read(struct builder *builder, int error)
{
    builder->incomplete = true;
    err_add(builder->err, ERR_ERROR, builder_place(builder, 0), "cannot read the file of zone %s: %s",
            builder->zone->name, strerror(error));
}

void load_file(struct builder *builder)
{
    FILE *file = fopen(builder->zone->file, "re");
    if (!file) {
        cannot_read(builder, errno);
        return;
    }
    struct load load = {.builder = builder, .split = split_open(file)};
    load.origin = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, builder->origin_length, builder->zone->origin);
    load.owner = ldns_rdf_clone(load.origin);
    load.wire = ldns_buffer_new(ENTRY_DATA_MAX);
    load.generic = mem_alloc(ENTRY_DATA_MAX);
    memcpy(load.origin_lower, builder->zone->origin, builder->origin_length);

    read_entries(&load);
    if (ferror(file))
        cannot_read(builder, errno);

    free(load.text);
    free(load.generic);
    ldns_buffer_free(load.wire);
    ldns_rdf_deep_free(load.owner);
    ldns_rdf_deep_free(load.origin);
    split_close(&load.split);
    fclose(file);
}
