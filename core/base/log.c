// SPDX-License-Identifier: MIT
#include "core/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"

#define LINE_MAX_OCTETS 2048 /* a longer line is cut */

static const char *const level_text[] = {"debug", "info", "warning", "error"};

/* JSON string escapes (RFC 8259 section 7); octets past ASCII go through as they are. */
static size_t escape(char *out, size_t size, const char *text)
{
    size_t at = 0;
    for (; *text != '\0' && at + 7 < size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            out[at++] = '\\';
            out[at++] = (char)c;
        } else if (c < 0x20) {
            at += (size_t)snprintf(out + at, size - at, "\\u%04x", c);
        } else {
            out[at++] = (char)c;
        }
    }
    out[at] = '\0';
    return at;
}

/* Control octets in a line could forge another one. */
static void replace_controls(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

static int format_line(const struct log *log, enum log_level level, char *text, char *line, size_t size)
{
    char time[CLOCK_TEXT_MAX], escaped[LINE_MAX_OCTETS];
    clock_format(clock_wall_ms(), time);
    if (!log->json) {
        replace_controls(text);
        return snprintf(line, size, "%s %-7s %s\n", time, level_text[level], text);
    }
    escape(escaped, sizeof escaped, text);
    return snprintf(line, size, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":\"%s\"}\n", time,
                    level_text[level], escaped);
}

void log_line(const struct log *log, enum log_level level, const char *format, ...)
{
    char text[LINE_MAX_OCTETS], line[LINE_MAX_OCTETS + 128];
    if (level < log->least)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int length = format_line(log, level, text, line, sizeof line);
    if (length < 0)
        return;
    size_t size = (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
    ssize_t written = write(log->fd, line, size);
    (void)written; /* there is nowhere to tell that telling failed */
}

void log_findings(const struct log *log, const struct err *err)
{
    for (size_t i = 0; i < err->count; i++) {
        char text[LINE_MAX_OCTETS];
        err_format(&err->findings[i], text, sizeof text);
        log_line(log, err->findings[i].severity == ERR_ERROR ? LOG_ERROR : LOG_WARNING, "%s", text);
    }
    size_t unkept = err->errors + err->warnings - err->count;
    if (unkept)
        log_line(log, LOG_ERROR, "and %zu more findings like these", unkept);
}
