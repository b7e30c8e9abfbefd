// SPDX-License-Identifier: MIT
#include "healthd/probe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct probe_kind *probe_kind_of(enum config_check_type type)
{
    static const struct probe_kind *const kinds[CONFIG_CHECK_TYPES] = {
        [CONFIG_CHECK_HTTP] = &probe_http, [CONFIG_CHECK_HTTPS] = &probe_http,
        [CONFIG_CHECK_TLS] = &probe_tls,   [CONFIG_CHECK_TCP] = &probe_tcp,
        [CONFIG_CHECK_DNS] = &probe_dns,   [CONFIG_CHECK_ICMP] = &probe_icmp,
        [CONFIG_CHECK_EXEC] = &probe_exec,
    };
    return kinds[type];
}

void probe_fail(struct probe_result *result, const char *format, ...)
{
    va_list arguments;
    result->outcome = PROBE_FAIL;
    va_start(arguments, format);
    (void)vsnprintf(result->reason, sizeof result->reason, format, arguments);
    va_end(arguments);
}

void probe_undone(struct probe_result *result, const char *format, ...)
{
    va_list arguments;
    result->outcome = PROBE_UNDONE;
    va_start(arguments, format);
    (void)vsnprintf(result->reason, sizeof result->reason, format, arguments);
    va_end(arguments);
}

/* No system would let the target's fault show as one of these. */
static bool is_own_fault(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM ||
           error == EADDRNOTAVAIL || error == EAGAIN;
}

static const char *errno_text(int error)
{
    static const struct {
        int error;
        const char *text;
    } texts[] = {
        {ECONNREFUSED, "connection refused"},
        {ECONNRESET, "connection reset"},
        {EPIPE, "connection reset"},
        {EHOSTUNREACH, "no route to host"},
        {ENETUNREACH, "network unreachable"},
        {ETIMEDOUT, "connection timed out"},
        {EACCES, "forbidden by a local firewall"},
        {EPERM, "forbidden by a local firewall"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].error == error)
            return texts[i].text;
    return strerror(error);
}

void probe_fail_errno(struct probe_result *result, int error)
{
    probe_fail(result, "%s", errno_text(error));
    if (is_own_fault(error))
        result->outcome = PROBE_UNDONE;
}

const char *probe_printable(const char *octets, size_t size, char *out, size_t out_size)
{
    const size_t room = out_size - 1, shown = size < room ? size : room;
    for (size_t i = 0; i < shown; i++)
        out[i] = octets[i] < ' ' || octets[i] > '~' ? '?' : octets[i];
    out[shown] = '\0';
    return out;
}
