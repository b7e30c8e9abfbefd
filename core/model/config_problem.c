// SPDX-License-Identifier: MIT
#include "core/model/config_problem.h"

#include <stddef.h>
#include <string.h>

/* The first row that fits counts: `problem` is a part of libyaml's text, `octets` the octets it holds for. */
struct problem_row {
    const char *problem;
    const char *octets; /* NULL: any */
    const char *text;
};

static const struct problem_row problem_rows[] = {
    {"cannot start any token", "\t", "a tab cannot indent or begin a value: use spaces"},
    {"cannot start any token", "@`%", "a value cannot begin with this character: put it in quotes"},
    {"expected node content", ":",
     "a value in [] or {} cannot begin with `:`: put the IPv6 address in quotes"},
    {"unexpected ':'", NULL, "a value in [] or {} cannot end with `:`: put it in quotes"},
    {"expected node content", NULL, "a value is missing here"},
    {"expected ',' or ']'", NULL, "expected `,` or `]`: a list is not closed"},
    {"expected ',' or '}'", NULL, "expected `,` or `}`: a mapping is not closed"},
    {"mapping values are not allowed", NULL,
     "a `:` cannot stand here: check the indentation, or put a value that contains `: ` in quotes"},
    {"could not find expected ':'", NULL, "expected `key: value`: the `:` before this place is missing"},
    {"did not find expected key", NULL, "expected a key: the indentation does not fit the lines above"},
    {"expected '-' indicator", NULL, "expected `- `: the indentation does not fit the lines above"},
    {"block sequence entries are not allowed", NULL,
     "a list item cannot begin here: put it on a line of its own"},
    {"unexpected end of stream", NULL, "the file ends inside quotes: the closing quote is missing"},
    {"unexpected document indicator", NULL, "`---` or `...` inside quotes: the closing quote is missing"},
    {"expected alphabetic or numeric", NULL,
     "`*` or `&` begins a YAML alias or anchor: put the value in quotes, as in \"*.users\""},
    {"undefined alias", NULL,
     "`*` begins a YAML alias, and nothing above is anchored with this name: put the value in quotes"},
    {"duplicate anchor", NULL, "this anchor was given before"},
    {"expected comment or line break", NULL, "after `|` or `>` the line must end"},
    {"incompatible YAML document", NULL, "this is not YAML 1.1 or 1.2: remove the %YAML line"},
};

const char *config_problem_text(const char *problem, char octet)
{
    for (size_t i = 0; i < sizeof problem_rows / sizeof *problem_rows; i++) {
        const struct problem_row *row = &problem_rows[i];
        if (strstr(problem, row->problem) && (!row->octets || (octet && strchr(row->octets, octet))))
            return row->text;
    }
    return problem;
}
