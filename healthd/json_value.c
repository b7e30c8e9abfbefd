// SPDX-License-Identifier: MIT
#include "healthd/json_value.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX 512
#define SHOWN_MAX 40 /* of a value, in a reason */

/* --- finding --------------------------------------------------------------------------------------------- */

/* The next token of the pointer, unescaped (RFC 6901 section 4); returns what follows it, NULL if it is too long
 * to be a name here. */
static const char *next_token(const char *at, char token[TOKEN_MAX])
{
    size_t length = 0;
    for (; *at && *at != '/'; at++) {
        if (length + 1 >= TOKEN_MAX)
            return NULL;
        bool escape = *at == '~';
        at += escape;
        token[length++] = !escape ? *at : *at == '1' ? '/' : '~';
    }
    token[length] = '\0';
    return at;
}

/* Digits without leading zeros. */
static json_t *element(const json_t *array, const char *token)
{
    size_t length = strspn(token, "0123456789");
    if (!length || token[length] || (*token == '0' && length > 1))
        return NULL;
    return json_array_get(array, (size_t)strtoull(token, NULL, 10));
}

static json_t *find(json_t *root, const char *pointer)
{
    char token[TOKEN_MAX];
    json_t *value = root;
    while (value && *pointer) {
        pointer = next_token(pointer + 1, token);
        if (!pointer)
            return NULL;
        value = json_is_array(value) ? element(value, token) : json_object_get(value, token);
    }
    return value;
}

/* --- comparing ------------------------------------------------------------------------------------------- */

static bool parse_number(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end;
}

static bool equals(const json_t *value, const char *operand)
{
    double number;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return !strcmp(json_string_value(value), operand);
    case JSON_INTEGER:
    case JSON_REAL:
        return parse_number(operand, &number) && !(json_number_value(value) < number) &&
               !(json_number_value(value) > number);
    case JSON_TRUE:
        return !strcmp(operand, "true");
    case JSON_FALSE:
        return !strcmp(operand, "false");
    case JSON_NULL:
        return !strcmp(operand, "null");
    default:
        return false;
    }
}

static bool holds(const struct config_json *wanted, const json_t *value)
{
    double number = 0;
    bool numbers = json_is_number(value) && parse_number(wanted->operand, &number);
    switch (wanted->operator) {
    case CONFIG_JSON_EQUALS:
        return equals(value, wanted->operand);
    case CONFIG_JSON_NOT_EQUALS:
        return !equals(value, wanted->operand);
    case CONFIG_JSON_LESS_THAN:
        return numbers && json_number_value(value) < number;
    case CONFIG_JSON_GREATER_THAN:
        return numbers && json_number_value(value) > number;
    }
    return false;
}

/* --- telling --------------------------------------------------------------------------------------------- */

static const char *show(const json_t *value, char out[SHOWN_MAX])
{
    char text[SHOWN_MAX];
    static const char *const others[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    switch (json_typeof(value)) {
    case JSON_STRING:
        probe_printable(json_string_value(value), json_string_length(value), text, sizeof text);
        (void)snprintf(out, SHOWN_MAX, "\"%.*s\"", (int)(SHOWN_MAX - sizeof "\"\""), text);
        break;
    case JSON_INTEGER:
        (void)snprintf(out, SHOWN_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        (void)snprintf(out, SHOWN_MAX, "%g", json_real_value(value));
        break;
    default:
        (void)snprintf(out, SHOWN_MAX, "%s", others[json_typeof(value)]);
        break;
    }
    return out;
}

static void compare(const struct config_json *wanted, const json_t *value, struct probe_result *result)
{
    static const char *const relations[] = {
        [CONFIG_JSON_EQUALS] = "",
        [CONFIG_JSON_NOT_EQUALS] = "anything else than ",
        [CONFIG_JSON_LESS_THAN] = "less than ",
        [CONFIG_JSON_GREATER_THAN] = "more than ",
    };
    char shown[SHOWN_MAX];
    if (holds(wanted, value))
        result->outcome = PROBE_PASS;
    else
        probe_fail(result, "%s is %s, want %s%s", wanted->pointer, show(value, shown),
                   relations[wanted->operator], wanted->operand);
}

bool json_value_judge(const struct config_json *wanted, const char *text, size_t size, bool cut,
                      struct probe_result *result)
{
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_DECODE_ANY, &error);
    const json_t *value = root ? find(root, wanted->pointer) : NULL;
    if (value)
        compare(wanted, value, result);
    else if (root)
        probe_fail(result, "there is no %s in the JSON", wanted->pointer);
    else if (cut)
        probe_fail(result, "the JSON is longer than the %zu octets looked at", size);
    else
        probe_fail(result, "the body is not JSON");
    json_decref(root);
    return value && result->outcome == PROBE_PASS;
}
