// SPDX-License-Identifier: MIT
/*
 * generate - the text side of $GENERATE, BIND's directive for records that differ by a number:
 *
 *     $GENERATE 1-20/2 host-${0,3} A 192.0.2.$
 *
 * In what follows the range, `$` stands for the number; ${OFFSET[,WIDTH[,BASE]]} adds OFFSET and pads with zeroes to
 * WIDTH characters; BASE is d, o, x, X, or n and N for hexadecimal digits in reverse with dots between them (WIDTH
 * counts the dots). `$$` and `\$` are a dollar sign. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define GENERATE_RECORDS_MAX 1000000 /* of one directive */
#define GENERATE_TEXT_MAX    4096    /* characters of one entry */

struct generate_range {
    uint32_t from, to, step;
};

/* "1-20" or "1-20/2". NULL, or what is wrong. */
const char *generate_range_of(const char *text, struct generate_range *out);
/* `pattern` with `number` put in. NULL, or what is wrong. */
const char *generate_text(const char *pattern, uint32_t number, char out[GENERATE_TEXT_MAX]);
