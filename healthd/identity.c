// SPDX-License-Identifier: MIT
#include "healthd/identity.h"

#include <string.h>

#include "core/base/hash.h"

static bool same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool same_texts(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool same_octets(const struct config_octets *a, const struct config_octets *b)
{
    return a->size == b->size && (!a->size || !memcmp(a->octets, b->octets, a->size));
}

static size_t words(const struct config_check_exec *exec)
{
    size_t count = 0;
    while (exec->command && exec->command[count])
        count++;
    return count;
}

/* --- settings, by type; those of other types are empty ----------------------------------------------------- */

static bool same_status(const struct config_check_http *a, const struct config_check_http *b)
{
    if (a->status_count != b->status_count)
        return false;
    for (size_t i = 0; i < a->status_count; i++)
        if (a->status[i].first != b->status[i].first || a->status[i].last != b->status[i].last)
            return false;
    return true;
}

static bool same_http(const struct config_check_http *a, const struct config_check_http *b)
{
    return a->head == b->head && same_texts(a->headers, a->header_count, b->headers, b->header_count) &&
           same_status(a, b) && same_text(a->body, b->body) && same_text(a->body_regex, b->body_regex) &&
           same_text(a->json.pointer, b->json.pointer) &&
           a->json.operator== b->json.operator&& same_text(a->json.operand, b->json.operand);
}

static bool same_tls(const struct config_check_tls *a, const struct config_check_tls *b)
{
    return same_text(a->ca_file, b->ca_file) && a->verify == b->verify &&
           a->min_days_left == b->min_days_left;
}

static bool same_tcp(const struct config_check_tcp *a, const struct config_check_tcp *b)
{
    return same_octets(&a->send, &b->send) && same_octets(&a->expect, &b->expect);
}

static bool same_dns(const struct config_check_dns *a, const struct config_check_dns *b)
{
    if (a->rcode != b->rcode || a->expect_count != b->expect_count)
        return false;
    for (size_t i = 0; i < a->expect_count; i++)
        if (!addr_equal(&a->expect[i], &b->expect[i]))
            return false;
    return true;
}

static bool same_times(const struct config_check *a, const struct config_check *b)
{
    return a->interval_ms == b->interval_ms && a->timeout_ms == b->timeout_ms &&
           a->confirm_ms == b->confirm_ms && a->fall == b->fall && a->rise == b->rise;
}

bool identity_same_subject(const struct config_check *a, const struct config_check *b)
{
    return a->type == b->type && same_text(a->http.path, b->http.path) &&
           same_text(a->http.host, b->http.host) && same_text(a->tls.name, b->tls.name) &&
           same_text(a->dns.name, b->dns.name) && a->dns.record == b->dns.record &&
           same_texts(a->exec.command, words(&a->exec), b->exec.command, words(&b->exec));
}

bool identity_same_settings(const struct config_check *a, const struct config_check *b)
{
    return a == b ||
           (identity_same_subject(a, b) && same_http(&a->http, &b->http) && same_tls(&a->tls, &b->tls) &&
            same_tcp(&a->tcp, &b->tcp) && same_dns(&a->dns, &b->dns) && same_times(a, b));
}

static uint64_t hash_text(const char *text, uint64_t hash)
{
    return text ? hash_octets(text, strlen(text), hash) : hash;
}

uint64_t identity_hash(const struct config_check *check, const struct endpoint *endpoint)
{
    uint64_t hash = hash_octets(endpoint->addr.octets, sizeof endpoint->addr.octets, endpoint->port);
    hash = hash_text(check->http.path, hash);
    hash = hash_text(check->http.host, hash);
    hash = hash_text(check->tls.name, hash);
    hash = hash_text(check->dns.name, hash);
    hash = hash_mix(hash, (uint64_t)check->dns.record);
    for (size_t i = 0; i < words(&check->exec); i++)
        hash = hash_text(check->exec.command[i], hash);
    return hash_mix(hash, (uint64_t)check->type << 8 | endpoint->addr.family);
}
