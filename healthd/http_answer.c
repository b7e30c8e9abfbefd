// SPDX-License-Identifier: MIT
#include "healthd/http_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/pattern.h"
#include "healthd/json_value.h"

#define STATUS_TEXT_MAX 60

struct http_wanted {
    struct config_status_range *status;
    size_t status_count;
    char *body, *body_regex;
    struct pattern *pattern;
    char *json_pointer, *json_operand;
    struct config_json json;
};

static char *copy_text(const char *from)
{
    return from ? mem_strdup(from) : NULL;
}

struct http_wanted *http_wanted_create(const struct config_check_http *check)
{
    char unused[PATTERN_WHY_MAX];
    struct http_wanted *wanted = mem_alloc(sizeof *wanted);
    wanted->status = mem_alloc(check->status_count * sizeof *wanted->status);
    wanted->status_count = check->status_count;
    for (size_t i = 0; i < check->status_count; i++)
        wanted->status[i] = check->status[i];
    wanted->body = copy_text(check->body);
    wanted->body_regex = copy_text(check->body_regex);
    wanted->pattern = check->body_regex ? pattern_create(check->body_regex, unused) : NULL;
    wanted->json_pointer = copy_text(check->json.pointer);
    wanted->json_operand = copy_text(check->json.operand);
    wanted->json = (struct config_json){wanted->json_pointer, check->json.operator, wanted->json_operand };
    return wanted;
}

void http_wanted_free(struct http_wanted *wanted)
{
    if (!wanted)
        return;
    pattern_free(wanted->pattern);
    free(wanted->status);
    free(wanted->body);
    free(wanted->body_regex);
    free(wanted->json_pointer);
    free(wanted->json_operand);
    free(wanted);
}

bool http_wanted_body(const struct http_wanted *wanted)
{
    return wanted->body || wanted->pattern || wanted->json.pointer;
}

/* --- judging --------------------------------------------------------------------------------------------- */

static bool status_wanted(const struct http_wanted *wanted, long status)
{
    for (size_t i = 0; i < wanted->status_count; i++)
        if (status >= wanted->status[i].first && status <= wanted->status[i].last)
            return true;
    return false;
}

/* "200, 204 or 300-399"; what does not fit is left out. */
static const char *list_status(const struct http_wanted *wanted, char out[STATUS_TEXT_MAX])
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < wanted->status_count && length < STATUS_TEXT_MAX - sizeof " or 300-399"; i++) {
        const struct config_status_range *range = &wanted->status[i];
        const char *between = i == 0 ? "" : i + 1 == wanted->status_count ? " or " : ", ";
        int added = snprintf(out + length, STATUS_TEXT_MAX - length, "%s%u", between, range->first);
        length += (size_t)added;
        if (range->last == range->first)
            continue;
        added = snprintf(out + length, STATUS_TEXT_MAX - length, "-%u", range->last);
        length += (size_t)added;
    }
    return out;
}

void http_answer_judge(const struct http_wanted *wanted, long status, const char *body, size_t size, bool cut,
                       struct probe_result *result)
{
    char text[STATUS_TEXT_MAX];
    if (!status_wanted(wanted, status)) {
        probe_fail(result, "HTTP %ld, want %s", status, list_status(wanted, text));
        return;
    }
    if (wanted->body && !memmem(body, size, wanted->body, strlen(wanted->body))) {
        probe_fail(result, "body does not contain \"%s\"", wanted->body);
        return;
    }
    if (wanted->pattern && !pattern_occurs(wanted->pattern, body, size)) {
        probe_fail(result, "body does not match \"%s\"", wanted->body_regex);
        return;
    }
    if (wanted->json.pointer && !json_value_judge(&wanted->json, body, size, cut, result))
        return;
    result->outcome = PROBE_PASS;
}
