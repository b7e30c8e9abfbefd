// SPDX-License-Identifier: MIT
/*
 * HTTP and HTTPS probes: one request on a connection of its own (healthd/connection.h), HTTP/1.1, or HTTP/2 if a
 * TLS server offers it. A handle of libcurl exists only while the probe is under way.
 *
 * Not followed, not used: redirects, HTTP/0.9, other protocols.
 */
#include "healthd/probe.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/version.h"
#include "healthd/connection.h"
#include "healthd/http_answer.h"

#define BODY_MAX   65536 /* octets of the body that are looked at; then the probe stops */
#define HEADER_MAX 65536 /* octets of status line and headers; an answer with more has failed */

struct probe {
    struct connection connection;
    probe_done *done;
    void *context;
    char *path;
    bool head;
    struct curl_slist *headers;
    struct http_wanted *wanted;

    /* While it is under way: */
    char *received;
    size_t received_size, header_size;
    bool full; /* BODY_MAX was reached */
};

/* --- one transfer ---------------------------------------------------------------------------------------- */

/* What curl gets to tell it that it has had enough. */
#define ENOUGH 0

static size_t on_header(char *octets, size_t one, size_t size, void *context)
{
    struct probe *probe = context;
    (void)octets;
    (void)one;
    probe->header_size += size;
    return probe->header_size > HEADER_MAX ? ENOUGH : size;
}

static size_t on_body(char *octets, size_t one, size_t size, void *context)
{
    struct probe *probe = context;
    size_t room = BODY_MAX - probe->received_size;
    size_t taken = size < room ? size : room;
    (void)one;
    if (taken && http_wanted_body(probe->wanted)) {
        probe->received = mem_resize(probe->received, probe->received_size + taken + 1, 1);
        memcpy(probe->received + probe->received_size, octets, taken);
        probe->received[probe->received_size + taken] = '\0';
    }
    probe->received_size += taken;
    probe->full = probe->received_size == BODY_MAX;
    return probe->full ? ENOUGH : size;
}

static void set_options(struct probe *probe)
{
    CURL *easy = probe->connection.transfer.easy;
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, probe->path);
    curl_easy_setopt(easy, CURLOPT_NOBODY, probe->head ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, probe->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "meridian-healthd/" MERIDIAN_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, probe);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, probe);
}

static void end_transfer(struct probe *probe)
{
    connection_end(&probe->connection);
    free(probe->received);
    probe->received = NULL;
    probe->received_size = probe->header_size = 0;
    probe->full = false;
}

/* --- judging --------------------------------------------------------------------------------------------- */

/* What an answer that came in whole, or as far as it is looked at, says. */
static void judge_answer(const struct probe *probe, struct probe_result *result)
{
    long status = 0;
    curl_easy_getinfo(probe->connection.transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    if (connection_judge_certificate(&probe->connection, result))
        http_answer_judge(probe->wanted, status, probe->received ? probe->received : "",
                          probe->received ? probe->received_size : 0, probe->full, result);
}

static void judge_error(const struct probe *probe, int code, struct probe_result *result)
{
    switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: anything that does not begin like HTTP */
    case CURLE_WEIRD_SERVER_REPLY:
        probe_fail(result, "the answer is not HTTP");
        return;
    case CURLE_GOT_NOTHING:
        probe_fail(result, "connection closed without an answer");
        return;
    case CURLE_PARTIAL_FILE:
        probe_fail(result, "connection closed in the middle of the body");
        return;
    case CURLE_WRITE_ERROR:
        probe_fail(result, "headers longer than %d octets", HEADER_MAX);
        return;
    default:
        connection_judge_error(&probe->connection, code, probe->header_size > 0, result);
    }
}

static void on_done(struct curl_transfer *transfer, int code)
{
    struct probe *probe = (struct probe *)((char *)transfer - offsetof(struct probe, connection.transfer));
    struct probe_result result = {.latency_ms = connection_latency_ms(&probe->connection)};
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && probe->full))
        judge_answer(probe, &result);
    else
        judge_error(probe, code, &result);
    end_transfer(probe);
    probe->done(probe->context, &result);
}

/* --- the probe ------------------------------------------------------------------------------------------- */

static bool start(struct probe *probe)
{
    assert(!probe->connection.transfer.easy);
    if (!connection_prepare(&probe->connection))
        return false;
    set_options(probe);
    if (connection_start(&probe->connection))
        return true;
    end_transfer(probe);
    return false;
}

/* "Connection: close" lets the server close first, so that it keeps the TIME_WAIT and this machine its ports. */
static struct curl_slist *request_headers(const struct config_check_http *check)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Connection: close");
    for (size_t i = 0; i < check->header_count; i++)
        headers = curl_slist_append(headers, check->headers[i]);
    if (!check->host)
        return headers;
    size_t size = sizeof "Host: " + strlen(check->host);
    char *header = mem_alloc(size);
    (void)snprintf(header, size, "Host: %s", check->host);
    headers = curl_slist_append(headers, header);
    free(header);
    return headers;
}

static struct probe *create(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context)
{
    struct probe *probe = mem_alloc(sizeof *probe);
    connection_init(&probe->connection, engine, check, endpoint, on_done);
    probe->done = done;
    probe->context = context;
    probe->path = mem_strdup(check->http.path);
    probe->head = check->http.head;
    probe->headers = request_headers(&check->http);
    probe->wanted = http_wanted_create(&check->http);
    return probe;
}

static void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    end_transfer(probe);
    connection_release(&probe->connection);
    curl_slist_free_all(probe->headers);
    http_wanted_free(probe->wanted);
    free(probe->path);
    free(probe);
}

const struct probe_kind probe_http = {
    .engine_create = curl_loop_create,
    .engine_free = curl_loop_free,
    .create = create,
    .start = start,
    .cancel = end_transfer,
    .free = probe_free,
};
