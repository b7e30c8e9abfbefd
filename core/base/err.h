// SPDX-License-Identifier: MIT
/*
 * err - what a load found wrong: an ordered list of findings.
 *
 * Loading a configuration, a zone or a database must show everything that is wrong at once, so a
 * loader does not stop at its first mistake: it adds a finding and goes on as long as that makes
 * sense. A load failed if `errors` is not zero. Operating-system failures are findings too.
 *
 * Text is for the operator: what is wrong, what was meant, what to do next; one line, no full stop.
 *
 * Owner: the caller of the loader, who ends with err_free(). One thread at a time.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#define ERR_FINDINGS_MAX 1000 /* further ones are counted, not kept */

enum err_severity {
    ERR_WARNING, /* loaded all the same */
    ERR_ERROR    /* nothing of this load takes effect */
};

/* Where: `file` NULL if no file is concerned; line and column count from 1, 0 = unknown.
 * The file name is copied by err_add(). */
struct err_place {
    const char *file;
    unsigned line, column;
};

struct err_finding {
    enum err_severity severity;
    struct err_place place;
    char *text;
};

struct err {
    struct err_finding *findings;
    size_t count;    /* kept findings */
    size_t errors;   /* all errors seen, kept or not */
    size_t warnings; /* all warnings seen, kept or not */
};

#define ERR_INIT                                                                                             \
    {                                                                                                        \
        NULL, 0, 0, 0                                                                                        \
    }

void err_add(struct err *err, enum err_severity severity, struct err_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "file:line:column: error: text", as far as the place is known. Returns the length snprintf would. */
int err_format(const struct err_finding *finding, char *out, size_t size);

/* One line per finding, in the order they were added. */
void err_print(const struct err *err, FILE *to);

/* The candidate that `word` was probably meant to be (edit distance at most a third of its length,
 * at least 1), or NULL. For "did you mean". */
const char *err_suggest(const char *word, const char *const *candidates, size_t count);

void err_free(struct err *err);
