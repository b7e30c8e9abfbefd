// SPDX-License-Identifier: MIT
#include "core/base/err.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"

#define WORD_MAX 64 /* longer words get no suggestion */

__attribute__((format(printf, 1, 0))) static char *format_text(const char *format, va_list arguments)
{
    char *text = NULL;
    return vasprintf(&text, format, arguments) < 0 ? mem_strdup(format) : text;
}

void err_add(struct err *err, enum err_severity severity, struct err_place place, const char *format, ...)
{
    if (severity == ERR_ERROR)
        err->errors++;
    else
        err->warnings++;
    if (err->count == ERR_FINDINGS_MAX)
        return;
    if ((err->count & (err->count - 1)) == 0) /* room doubles at 0, 1, 2, 4, 8 ... */
        err->findings = mem_resize(err->findings, err->count ? err->count * 2 : 1, sizeof *err->findings);
    if (place.file != NULL)
        place.file = mem_strdup(place.file);
    va_list arguments;
    va_start(arguments, format);
    err->findings[err->count++] = (struct err_finding){severity, place, format_text(format, arguments)};
    va_end(arguments);
}

int err_format(const struct err_finding *finding, char *out, size_t size)
{
    const char *severity = finding->severity == ERR_ERROR ? "error" : "warning";
    const struct err_place *place = &finding->place;
    if (place->file == NULL)
        return snprintf(out, size, "%s: %s", severity, finding->text);
    if (place->line == 0)
        return snprintf(out, size, "%s: %s: %s", place->file, severity, finding->text);
    if (place->column == 0)
        return snprintf(out, size, "%s:%u: %s: %s", place->file, place->line, severity, finding->text);
    return snprintf(out, size, "%s:%u:%u: %s: %s", place->file, place->line, place->column, severity,
                    finding->text);
}

void err_print(const struct err *err, FILE *to)
{
    for (size_t i = 0; i < err->count; i++) {
        char line[2048];
        err_format(&err->findings[i], line, sizeof line);
        fprintf(to, "%s\n", line);
    }
    size_t unkept = err->errors + err->warnings - err->count;
    if (unkept)
        fprintf(to, "and %zu more like these\n", unkept);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Edit distance with neighbours swapped as one step (optimal string alignment), case ignored. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[3][WORD_MAX + 1] = {{0}};
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned same = strncasecmp(&a[i - 1], &b[j - 1], 1) == 0;
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

const char *err_suggest(const char *word, const char *const *candidates, size_t count)
{
    size_t length = strlen(word);
    if (length == 0 || length > WORD_MAX)
        return NULL;
    unsigned best = length < 6 ? 2 : (unsigned)(length / 3 + 1); /* the first distance too far */
    const char *meant = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t candidate_length = strlen(candidates[i]);
        if (candidate_length > WORD_MAX)
            continue;
        unsigned d = distance(word, length, candidates[i], candidate_length);
        if (d < best) {
            best = d;
            meant = candidates[i];
        }
    }
    return meant;
}

void err_free(struct err *err)
{
    for (size_t i = 0; i < err->count; i++) {
        free((char *)(uintptr_t)err->findings[i].place.file);
        free(err->findings[i].text);
    }
    free(err->findings);
    *err = (struct err)ERR_INIT;
}
