// SPDX-License-Identifier: MIT
/*
 * http_answer - whether an HTTP answer is the one that a check wants: status, text, pattern or a JSON value in its
 * body. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/model/config.h"
#include "healthd/probe.h"

struct http_wanted; /* what a check wants of an answer */

/* A copy: nothing of `check` is pointed to. */
struct http_wanted *http_wanted_create(const struct config_check_http *check);
void http_wanted_free(struct http_wanted *wanted); /* NULL is fine */

/* Whether the body is looked at. */
bool http_wanted_body(const struct http_wanted *wanted);

/* Makes `result` a pass, or a failure with a reason. A NUL follows the octets of `body`. `cut`: more of it was sent
 * than that. */
void http_answer_judge(const struct http_wanted *wanted, long status, const char *body, size_t size, bool cut,
                       struct probe_result *result);
