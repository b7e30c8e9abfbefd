// SPDX-License-Identifier: MIT
#include "healthd/certificate.h"

#include <string.h>

#include "tests/support/check_main.h"

#define DAY INT64_C(86400)
#define NOW INT64_C(1800000000)

START_TEST(expiry)
{
    static const struct {
        const char *message;
        int64_t expires_s;
        unsigned min_days;
        const char *reason; /* NULL: not soon */
    } rows[] = {
        {"long", NOW + 90 * DAY, 14, NULL},
        {"just enough", NOW + 14 * DAY, 14, NULL},
        {"a second less", NOW + 14 * DAY - 1, 14, "expires in 13 days"},
        {"three days", NOW + 3 * DAY + 5, 14, "expires in 3 days"},
        {"one day", NOW + DAY, 14, "expires in 1 day"},
        {"hours", NOW + 3600, 14, "expires in less than a day"},
        {"past", NOW - 1, 14, "has expired"},
        {"long past", 0, 1, "has expired"},
        {"far in the future", NOW + 4000 * DAY, 3650, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char reason[PROBE_REASON_MAX] = "";
        bool soon = certificate_expires_soon(rows[i].expires_s, (uint64_t)NOW, rows[i].min_days, reason);
        ck_assert_msg(soon == (rows[i].reason != NULL), "%s", rows[i].message);
        ck_assert_msg(!strcmp(reason, rows[i].reason ? rows[i].reason : ""), "%s: %s", rows[i].message,
                      reason);
    }
}
END_TEST

START_TEST(faults)
{
    ck_assert_str_eq(certificate_fault(10), "has expired");
    ck_assert_str_eq(certificate_fault(18), "is self-signed");
    ck_assert_str_eq(certificate_fault(99999), "does not stand up to verification");
}
END_TEST

CHECK_MAIN("healthd/certificate", expiry, faults)
