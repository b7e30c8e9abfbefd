// SPDX-License-Identifier: MIT
#include "zones/split.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/base/mem.h"

#define CAPACITY_MIN 256

struct split split_open(FILE *file)
{
    return (struct split){.file = file, .line = 1};
}

void split_close(struct split *split)
{
    free(split->text);
    split->text = NULL;
}

static void put(struct split *split, int c)
{
    if (split->size == split->capacity) {
        split->capacity = split->capacity ? 2 * split->capacity : CAPACITY_MIN;
        split->text = mem_resize(split->text, split->capacity, 1);
    }
    split->text[split->size++] = (char)c;
}

/* Blanks of any number and kind are one; of a line that has nothing else none is left. */
static void put_blank(struct split *split)
{
    if (!split->size || split->text[split->size - 1] != ' ')
        put(split, ' ');
}

/* Here begins the entry, unless it has already. */
static void begin(struct split *split)
{
    if (!split->size || (split->size == 1 && split->text[0] == ' '))
        split->entry_line = split->line;
}

static void put_visible(struct split *split, int c)
{
    begin(split);
    put(split, c);
}

static enum split_outcome bad(struct split *split, const char *why)
{
    split->why = why;
    return SPLIT_BAD;
}

/* Everything up to the end of the line, which stays unread. */
static void skip_line(struct split *split)
{
    int c;
    do
        c = getc_unlocked(split->file);
    while (c != '\n' && c != EOF);
    ungetc(c, split->file);
}

/* The rest of a quoted string, from behind its opening quote. */
static bool quoted(struct split *split)
{
    for (;;) {
        int c = getc_unlocked(split->file);
        if (c == EOF || c == '\n' || c == '\0') {
            ungetc(c, split->file);
            return false;
        }
        put(split, c);
        if (c == '"')
            return true;
        if (c == '\\') {
            c = getc_unlocked(split->file);
            if (c == EOF || c == '\n')
                ungetc(c, split->file);
            else
                put(split, c);
        }
    }
}

/* A backslash and what it protects from being seen as anything else. */
static void escaped(struct split *split)
{
    put_visible(split, '\\');
    int c = getc_unlocked(split->file);
    if (c == EOF || c == '\n')
        ungetc(c, split->file);
    else
        put(split, c);
}

/* One character that is neither the end of the line nor of the file. NULL, or what is wrong with it. */
static const char *take(struct split *split, int c)
{
    if (split->size > SPLIT_ENTRY_MAX)
        return "entry longer than 1 MiB";
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
        put_blank(split);
        return NULL;
    case ';':
        skip_line(split);
        return NULL;
    case '(':
        begin(split);
        split->depth++;
        put_blank(split);
        return NULL;
    case ')':
        if (!split->depth)
            return "closing parenthesis without an opening one";
        split->depth--;
        put_blank(split);
        return NULL;
    case '"':
        put_visible(split, c);
        return quoted(split) ? NULL : "the quote is not closed before the end of its line";
    case '\\':
        escaped(split);
        return NULL;
    case '\0':
        return "NUL octet: this is not text";
    default:
        put_visible(split, c);
        return NULL;
    }
}

/* Ends the text; false if there was nothing but blanks. */
static bool finish(struct split *split)
{
    while (split->size > 1 && split->text[split->size - 1] == ' ')
        split->size--;
    bool any = split->size > 1 || (split->size == 1 && split->text[0] != ' ');
    put(split, '\0');
    split->size--;
    return any;
}

enum split_outcome split_next(struct split *split)
{
    split->size = 0;
    split->depth = 0;
    for (;;) {
        int c = getc_unlocked(split->file);
        if (c == EOF && split->depth)
            return bad(split, "the parenthesis of this entry is never closed");
        if (c == '\n')
            split->line++;
        if (c == '\n' && split->depth) {
            put_blank(split);
        } else if (c == '\n' || c == EOF) {
            if (finish(split))
                return SPLIT_ENTRY;
            if (c == EOF)
                return SPLIT_END;
            split->size = 0;
        } else {
            const char *why = take(split, c);
            if (why) {
                split->entry_line = split->line;
                skip_line(split);
                return bad(split, why);
            }
        }
    }
}
