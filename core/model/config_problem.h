// SPDX-License-Identifier: MIT
/*
 * config_problem - what libyaml finds wrong, in words that help an operator.
 */
#pragma once

/* `problem` as libyaml puts it; `octet` is the one at its place, 0 at the end of the file. Lives forever, or as
 * long as `problem`. */
const char *config_problem_text(const char *problem, char octet);
