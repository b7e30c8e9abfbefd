// SPDX-License-Identifier: MIT
/*
 * cookie_secrets - where the secrets of DNS cookies come from: a file that an anycast set shares, or chance.
 *
 * The file is NSD's and BIND's: one secret of 32 hexadecimal digits a line, the first signs, all verify.
 */
#pragma once

#include "core/base/err.h"
#include "core/model/config.h"
#include "dnsd/cookie.h"

/* By `cookies` of the configuration. False with findings if the file cannot be taken; a file that others may
 * read is a warning. */
bool cookie_secrets_load(const struct config_cookies *config, struct cookie_secrets *out, struct err *err);
