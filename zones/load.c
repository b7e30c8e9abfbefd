// SPDX-License-Identifier: MIT
#include "zones/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/model/config_path.h"
#include "zones/entry.h"
#include "zones/generate.h"
#include "zones/record.h"
#include "zones/split.h"

struct load {
    struct builder *builder;
    struct record_reader *records;
    uint64_t now_wall_ms;
};

/* A file being read, and the one whose $INCLUDE led to it. */
struct file {
    struct load *load;
    struct split split;
    uint16_t source;
    unsigned depth;
    const struct file *includer; /* NULL: the zone's own */
};

static struct builder_place here(const struct file *file)
{
    return (struct builder_place){file->split.entry_line, file->source};
}

#define bad_entry(file, ...) builder_bad_entry((file)->load->builder, here(file), __VA_ARGS__)

static void read_file(struct load *load, uint16_t source, const struct file *includer);

/* --- $INCLUDE ------------------------------------------------------------------------------------------- */

static void take_include(struct file *file, const char *text)
{
    char name[ENTRY_WORD_MAX], origin[ENTRY_WORD_MAX];
    struct load *load = file->load;
    struct builder *builder = load->builder;
    if (!entry_text(&text, name) || !entry_word(&text, origin) || !*name || *text) {
        bad_entry(file, "$INCLUDE takes a file, and an origin if need be");
        return;
    }
    if (file->depth == LOAD_DEPTH_MAX) {
        bad_entry(file, "$INCLUDE: files include each other more than %d deep", LOAD_DEPTH_MAX);
        return;
    }
    const char *folder = config_path_folder(builder->arena, builder->sources[file->source].path);
    uint16_t source = builder_add_source(builder, config_path_resolve(builder->arena, folder, name));
    if (source == BUILDER_SOURCES_MAX) {
        bad_entry(file, "$INCLUDE: the zone has more than %d files", BUILDER_SOURCES_MAX);
        return;
    }
    const struct record_scope scope = record_scope_of(load->records);
    if (!*origin || record_set_origin(load->records, "$INCLUDE", origin, here(file)))
        read_file(load, source, file);
    record_restore(load->records, &scope);
}

/* --- $GENERATE ------------------------------------------------------------------------------------------ */

static void take_generate(struct file *file, const char *text)
{
    char word[ENTRY_WORD_MAX], entry[GENERATE_TEXT_MAX];
    struct generate_range range;
    const char *why = entry_word(&text, word) ? generate_range_of(word, &range) : "no range";
    if (!why && !*text)
        why = "a range is followed by a record";
    if (why) {
        bad_entry(file, "$GENERATE: %s", why);
        return;
    }
    const struct record_scope scope = record_scope_of(file->load->records);
    size_t errors_before = file->load->builder->err->errors;
    /* What is wrong with one record is wrong with most: one finding is enough. */
    for (uint64_t number = range.from;
         number <= range.to && file->load->builder->err->errors == errors_before; number += range.step) {
        why = generate_text(text, (uint32_t)number, entry);
        if (why)
            bad_entry(file, "$GENERATE: %s", why);
        else
            record_take(file->load->records, entry, RECORD_GENERATED, here(file));
    }
    record_restore(file->load->records, &scope);
}

/* --- directives ----------------------------------------------------------------------------------------- */

static void take_origin(struct file *file, const char *text)
{
    char value[ENTRY_WORD_MAX];
    if (!entry_word(&text, value) || !*value || *text)
        bad_entry(file, "$ORIGIN takes one value");
    else
        record_set_origin(file->load->records, "$ORIGIN", value, here(file));
}

static void take_ttl(struct file *file, const char *text)
{
    char value[ENTRY_WORD_MAX];
    if (!entry_word(&text, value) || !*value || *text)
        bad_entry(file, "$TTL takes one value");
    else
        record_set_ttl(file->load->records, value, here(file));
}

static void take_directive(struct file *file, const char *text)
{
    static const struct {
        const char *name;
        void (*take)(struct file *, const char *);
    } rows[] = {
        {"$ORIGIN", take_origin},
        {"$TTL", take_ttl},
        {"$INCLUDE", take_include},
        {"$GENERATE", take_generate},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    const char *known[COUNT];
    char name[ENTRY_WORD_MAX];
    if (!entry_word(&text, name)) {
        bad_entry(file, "directive with a word longer than any name");
        return;
    }
    for (size_t i = 0; i < COUNT; i++) {
        known[i] = rows[i].name;
        if (strcasecmp(name, known[i]) == 0) {
            rows[i].take(file, text);
            return;
        }
    }
    const char *meant = err_suggest(name, known, COUNT);
    bad_entry(file, "unknown directive \"%.*s\"%s%s", RECORD_EXCERPT_MAX, name,
              meant ? "; did you mean " : "; there are $ORIGIN, $TTL, $INCLUDE and $GENERATE",
              meant ? meant : "");
}

/* --- files ---------------------------------------------------------------------------------------------- */

static void read_entries(struct file *file)
{
    for (;;) {
        switch (split_next(&file->split)) {
        case SPLIT_END:
            return;
        case SPLIT_BAD:
            bad_entry(file, "%s", file->split.why);
            break;
        case SPLIT_ENTRY:
            if (file->split.text[0] == '$')
                take_directive(file, file->split.text);
            else
                record_take(file->load->records, file->split.text, RECORD_PLAIN, here(file));
            break;
        }
    }
}

static void cannot_read(struct builder *builder, uint16_t source, const struct file *includer, int error)
{
    if (includer)
        bad_entry(includer, "cannot read \"%s\": %s", builder->sources[source].path, strerror(error));
    else
        builder_bad_entry(builder, (struct builder_place){0, source}, "cannot read the file of zone %s: %s",
                          builder->zone->name, strerror(error));
}

/* True if the source is a file that is being read already. */
static bool is_open(const struct builder *builder, uint16_t source, const struct file *includer)
{
    for (; includer; includer = includer->includer)
        if (source_is_same_file(&builder->sources[source], &builder->sources[includer->source]))
            return true;
    return false;
}

static void read_file(struct load *load, uint16_t source, const struct file *includer)
{
    struct builder *builder = load->builder;
    struct source *state = &builder->sources[source];
    FILE *stream = fopen(state->path, "re");
    if (!stream || !source_of(fileno(stream), state->path, load->now_wall_ms, state)) {
        cannot_read(builder, source, includer, errno);
    } else if (is_open(builder, source, includer)) {
        bad_entry(includer, "\"%s\" includes itself, directly or through others", state->path);
    } else {
        struct file file = {load, split_open(stream), source, includer ? includer->depth + 1 : 1, includer};
        read_entries(&file);
        if (ferror(stream))
            cannot_read(builder, source, includer, errno);
        split_close(&file.split);
    }
    if (stream)
        fclose(stream);
}

void load_file(struct builder *builder, uint64_t now_wall_ms)
{
    struct load load = {builder, record_open(builder), now_wall_ms};
    read_file(&load, 0, NULL);
    record_close(load.records);
}
