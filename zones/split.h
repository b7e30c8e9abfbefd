// SPDX-License-Identifier: MIT
/*
 * split - zone file text -> entries (RFC 1035 section 5.1): comments removed, parentheses joined to one line.
 *
 * Done here and not by ldns, whose reader tells neither the line a record begins on nor an unclosed quote,
 * and swallows what follows a stray parenthesis: every finding needs its line, and reading has to go on
 * behind it.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#define SPLIT_ENTRY_MAX (1u << 20) /* characters of one entry; the longest RDATA as \# text has 131,070 */

enum split_outcome {
    SPLIT_ENTRY, /* `text`: one entry; white space outside quotes is single blanks, the first one kept */
    SPLIT_BAD,   /* `why`; the rest of the line was skipped, the next call goes on behind it */
    SPLIT_END,
};

struct split {
    FILE *file; /* the caller's */
    char *text; /* NUL-terminated */
    size_t size, capacity;
    unsigned line;       /* that is being read */
    unsigned entry_line; /* where the entry, or what is wrong, begins */
    unsigned depth;      /* open parentheses */
    const char *why;
};

struct split split_open(FILE *file);
enum split_outcome split_next(struct split *split);
void split_close(struct split *split); /* leaves the file open */
