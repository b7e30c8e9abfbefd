// SPDX-License-Identifier: MIT
#include "core/base/pattern.h"

#include <assert.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* Any octets, NUL among them, which `.` does not match. */
#define SKIP_ANYTHING "^([^x]|x)*"

struct pattern {
    regex_t regex;
};

/* A backslash and a digit, outside of brackets as well as inside: nobody means it otherwise. */
static bool has_back_reference(const char *text)
{
    for (; *text; text++) {
        if (*text != '\\')
            continue;
        if (text[1] >= '1' && text[1] <= '9')
            return true;
        text += text[1] != '\0';
    }
    return false;
}

static bool compile(const char *text, regex_t *out, char why[PATTERN_WHY_MAX])
{
    int failed = regcomp(out, text, REG_EXTENDED | REG_NOSUB);
    if (failed)
        (void)regerror(failed, out, why, PATTERN_WHY_MAX);
    return !failed;
}

struct pattern *pattern_create(const char *text, char why[PATTERN_WHY_MAX])
{
    regex_t regex;
    char whole[sizeof SKIP_ANYTHING + PATTERN_TEXT_MAX + sizeof "()"];
    if (strlen(text) > PATTERN_TEXT_MAX) {
        (void)snprintf(why, PATTERN_WHY_MAX, "longer than %d octets", PATTERN_TEXT_MAX);
        return NULL;
    }
    if (has_back_reference(text)) {
        (void)snprintf(why, PATTERN_WHY_MAX, "back references are not possible");
        return NULL;
    }
    if (!compile(text, &regex, why)) /* alone: the parentheses around it could give it another meaning */
        return NULL;
    regfree(&regex);
    (void)snprintf(whole, sizeof whole, "%s(%s)", SKIP_ANYTHING, text);
    if (!compile(whole, &regex, why))
        return NULL;
    struct pattern *pattern = mem_alloc(sizeof *pattern);
    pattern->regex = regex;
    return pattern;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    regfree(&pattern->regex);
    free(pattern);
}

bool pattern_occurs(const struct pattern *pattern, const char *octets, size_t size)
{
    regmatch_t range = {.rm_so = 0, .rm_eo = (regoff_t)size};
    return !regexec(&pattern->regex, octets, 1, &range, REG_STARTEND);
}
