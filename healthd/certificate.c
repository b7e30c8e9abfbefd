// SPDX-License-Identifier: MIT
#include "healthd/certificate.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>

#define DAY_S 86400

const char *certificate_fault(long verify_result)
{
    static const struct {
        long result;
        const char *text;
    } faults[] = {
        {X509_V_ERR_CERT_HAS_EXPIRED, "has expired"},
        {X509_V_ERR_CERT_NOT_YET_VALID, "is not valid yet"},
        {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "is self-signed"},
        {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "comes from an authority that is not trusted"},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "comes from an unknown authority, or its chain is incomplete"},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         "comes from an unknown authority, or its chain is incomplete"},
        {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
         "comes from an unknown authority, or its chain is incomplete"},
        {X509_V_ERR_CERT_REVOKED, "has been revoked"},
        {X509_V_ERR_INVALID_PURPOSE, "is not one for servers"},
        {X509_V_ERR_EE_KEY_TOO_SMALL, "has too short a key"},
        {X509_V_ERR_CA_KEY_TOO_SMALL, "comes from an authority with too short a key"},
        {X509_V_ERR_CA_MD_TOO_WEAK, "is signed with too weak a digest"},
        {X509_V_ERR_HOSTNAME_MISMATCH, "is for other names"},
        {X509_V_ERR_IP_ADDRESS_MISMATCH, "is for other addresses"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].result == verify_result)
            return faults[i].text;
    return "does not stand up to verification";
}

bool certificate_expires_soon(int64_t expires_s, uint64_t now_s, unsigned min_days,
                              char reason[PROBE_REASON_MAX])
{
    int64_t left_s = expires_s - (int64_t)now_s, days = left_s / DAY_S;
    if (left_s >= (int64_t)min_days * DAY_S)
        return false;
    if (left_s < 0)
        (void)snprintf(reason, PROBE_REASON_MAX, "has expired");
    else if (days == 0)
        (void)snprintf(reason, PROBE_REASON_MAX, "expires in less than a day");
    else
        (void)snprintf(reason, PROBE_REASON_MAX, "expires in %lld day%s", (long long)days,
                       days == 1 ? "" : "s");
    return true;
}
