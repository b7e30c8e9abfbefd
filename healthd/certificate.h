// SPDX-License-Identifier: MIT
/*
 * certificate - what is wrong with a server's certificate, in words that complete "certificate of NAME ...". Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "healthd/probe.h"

/* Of a result of OpenSSL's verification, X509_V_ERR_...: "is self-signed". */
const char *certificate_fault(long verify_result);

/* True if less than `min_days` are left, with a reason: "expires in 3 days". Times in seconds since 1970. */
bool certificate_expires_soon(int64_t expires_s, uint64_t now_s, unsigned min_days,
                              char reason[PROBE_REASON_MAX]);
