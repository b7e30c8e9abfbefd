// SPDX-License-Identifier: MIT
/*
 * HTTP probes: libcurl's multi interface, driven by libuv. One multi handle for all probes; curl says which
 * sockets to watch (on_socket_wanted) and when to wake it (on_timer_wanted). A probe has an easy handle only
 * while it is under way.
 *
 * Every probe makes its own connection: a kept one would say nothing of whether new clients get in.
 * Not followed, not used: redirects, proxies, HTTP/0.9, other protocols, name resolution.
 */
#include "healthd/probe.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/mem.h"
#include "core/base/version.h"

#define BODY_MAX   65536 /* octets of the body that are looked at; then the probe stops */
#define HEADER_MAX 65536 /* octets of status line and headers; an answer with more has failed */
#define URL_MAX    80

struct probe_engine {
    CURLM *multi;
    uv_loop_t *loop;
    uv_timer_t timer;
    size_t handles; /* open libuv handles; the last one to close frees the engine if `ending` */
    bool ending;
};

struct probe {
    struct probe_engine *engine;
    probe_done *done;
    void *context;
    char url[URL_MAX];
    char *path, *body; /* `body` NULL: not looked at */
    uint16_t *status;
    size_t status_count;
    uint32_t timeout_ms;
    struct curl_slist *headers;

    /* While it is under way: */
    CURL *easy; /* NULL: it is not */
    char *received;
    size_t received_size, header_size;
    int socket_error; /* errno of a socket that could not be had */
    bool full;        /* BODY_MAX was reached */
};

/* --- libcurl on libuv ------------------------------------------------------------------------------------ */

static void check_results(struct probe_engine *engine);

static void on_closed(uv_handle_t *handle)
{
    struct probe_engine *engine = handle->data;
    if (handle != (uv_handle_t *)&engine->timer)
        free(handle);
    if (--engine->handles == 0 && engine->ending)
        free(engine);
}

static void on_timer(uv_timer_t *timer)
{
    struct probe_engine *engine = timer->data;
    int running;
    curl_multi_socket_action(engine->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    check_results(engine);
}

static int on_timer_wanted(CURLM *multi, long timeout_ms, void *context)
{
    struct probe_engine *engine = context;
    (void)multi;
    if (timeout_ms < 0)
        uv_timer_stop(&engine->timer);
    else
        uv_timer_start(&engine->timer, on_timer, (uint64_t)timeout_ms, 0);
    return 0;
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct probe_engine *engine = poll->data;
    uv_os_fd_t fd;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0, running;
    if (events & UV_READABLE)
        flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        flags |= CURL_CSELECT_OUT;
    if (!uv_fileno((uv_handle_t *)poll, &fd))
        curl_multi_socket_action(engine->multi, fd, flags, &running);
    check_results(engine);
}

/* A uv_poll_t on `fd` that curl hands back with every later call for it; NULL if the loop will not have it. */
static uv_poll_t *watch(struct probe_engine *engine, curl_socket_t fd)
{
    uv_poll_t *poll = mem_alloc(sizeof *poll);
    if (uv_poll_init_socket(engine->loop, poll, fd)) {
        free(poll);
        return NULL;
    }
    poll->data = engine;
    engine->handles++;
    curl_multi_assign(engine->multi, fd, poll);
    return poll;
}

static int on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *context, void *socket_context)
{
    struct probe_engine *engine = context;
    uv_poll_t *poll = socket_context;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (poll)
            uv_close((uv_handle_t *)poll, on_closed);
        curl_multi_assign(engine->multi, fd, NULL);
        return 0;
    }
    if (!poll)
        poll = watch(engine, fd);
    if (!poll)
        return -1;
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    return uv_poll_start(poll, events, on_socket) ? -1 : 0;
}

static struct probe_engine *engine_create(struct uv_loop_s *loop, struct err *err)
{
    CURLM *multi = curl_global_init(CURL_GLOBAL_DEFAULT) ? NULL : curl_multi_init();
    if (!multi) {
        err_add(err, ERR_ERROR, (struct err_place){NULL, 0, 0}, "libcurl cannot be started for HTTP probes");
        return NULL;
    }
    struct probe_engine *engine = mem_alloc(sizeof *engine);
    engine->multi = multi;
    engine->loop = loop;
    engine->handles = 1;
    uv_timer_init(loop, &engine->timer);
    engine->timer.data = engine;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, engine);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, engine);
    return engine;
}

static void engine_free(struct probe_engine *engine)
{
    if (!engine)
        return;
    curl_multi_cleanup(engine->multi);
    curl_global_cleanup();
    engine->ending = true;
    uv_close((uv_handle_t *)&engine->timer, on_closed);
}

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
    if (probe->body && taken) {
        probe->received = mem_resize(probe->received, probe->received_size + taken, 1);
        memcpy(probe->received + probe->received_size, octets, taken);
    }
    probe->received_size += taken;
    probe->full = probe->received_size == BODY_MAX;
    return probe->full ? ENOUGH : size;
}

static curl_socket_t on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct probe *probe = context;
    (void)purpose;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
    if (fd >= 0)
        return fd;
    probe->socket_error = errno;
    return CURL_SOCKET_BAD;
}

static void set_options(struct probe *probe)
{
    CURL *easy = probe->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, probe);
    curl_easy_setopt(easy, CURLOPT_URL, probe->url);
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, probe->path);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, probe->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "meridian-healthd/" MERIDIAN_VERSION);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)probe->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    /* Addresses are numeric; but curl would keep each for a minute and look through all of them at the end of
     * every connection: quadratic in the number of targets. */
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, probe);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, probe);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, probe);
}

/* --- judging --------------------------------------------------------------------------------------------- */

#define REASON(result, ...) ((void)snprintf((result)->reason, sizeof(result)->reason, __VA_ARGS__))

static bool status_wanted(const struct probe *probe, long status)
{
    for (size_t i = 0; i < probe->status_count; i++)
        if (probe->status[i] == status)
            return true;
    return false;
}

/* What an answer that came in whole, or as far as it is looked at, says. */
static void judge_answer(const struct probe *probe, struct probe_result *result)
{
    long status = 0;
    curl_easy_getinfo(probe->easy, CURLINFO_RESPONSE_CODE, &status);
    if (!status_wanted(probe, status)) {
        REASON(result, "HTTP %ld, want %u%s", status, probe->status_count ? probe->status[0] : 0u,
               probe->status_count > 1 ? " or another of the check's" : "");
        return;
    }
    if (probe->body && (!probe->received ||
                        !memmem(probe->received, probe->received_size, probe->body, strlen(probe->body)))) {
        REASON(result, "body does not contain \"%s\"", probe->body);
        return;
    }
    result->outcome = PROBE_PASS;
}

/* No system would let the target's fault show as one of these. */
static bool is_own_fault(int os_error)
{
    return os_error == EMFILE || os_error == ENFILE || os_error == ENOBUFS || os_error == ENOMEM ||
           os_error == EADDRNOTAVAIL;
}

static void judge_os_error(int os_error, struct probe_result *result)
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
    if (is_own_fault(os_error))
        result->outcome = PROBE_UNDONE;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].error == os_error) {
            REASON(result, "%s", texts[i].text);
            return;
        }
    REASON(result, "%s", strerror(os_error));
}

/* When curl gave up: the phase tells an unreachable machine from a hanging program. */
static void judge_timeout(const struct probe *probe, struct probe_result *result)
{
    curl_off_t connected_us = 0;
    curl_easy_getinfo(probe->easy, CURLINFO_CONNECT_TIME_T, &connected_us);
    const char *phase = connected_us == 0         ? "no connection"
                        : probe->header_size == 0 ? "no answer"
                                                  : "answer incomplete";
    REASON(result, "timeout after %ums, %s", probe->timeout_ms, phase);
}

static void judge_error(const struct probe *probe, CURLcode code, struct probe_result *result)
{
    long os_error = 0;
    curl_easy_getinfo(probe->easy, CURLINFO_OS_ERRNO, &os_error);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        judge_timeout(probe, result);
        return;
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: anything that does not begin like HTTP */
    case CURLE_WEIRD_SERVER_REPLY:
        REASON(result, "the answer is not HTTP");
        return;
    case CURLE_GOT_NOTHING:
        REASON(result, "connection closed without an answer");
        return;
    case CURLE_PARTIAL_FILE:
        REASON(result, "connection closed in the middle of the body");
        return;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        REASON(result, "connection reset");
        return;
    case CURLE_WRITE_ERROR:
        REASON(result, "headers longer than %d octets", HEADER_MAX);
        return;
    case CURLE_OUT_OF_MEMORY:
        result->outcome = PROBE_UNDONE;
        REASON(result, "out of memory");
        return;
    default:
        break;
    }
    if (probe->socket_error || os_error)
        judge_os_error(probe->socket_error ? probe->socket_error : (int)os_error, result);
    else
        REASON(result, "%s", curl_easy_strerror(code));
}

static struct probe_result judge(const struct probe *probe, CURLcode code)
{
    struct probe_result result = {.outcome = PROBE_FAIL};
    curl_off_t total_us = 0;
    curl_easy_getinfo(probe->easy, CURLINFO_TOTAL_TIME_T, &total_us);
    result.latency_ms = (uint32_t)(total_us / 1000);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && probe->full))
        judge_answer(probe, &result);
    else
        judge_error(probe, code, &result);
    return result;
}

/* --- the probe ------------------------------------------------------------------------------------------- */

static void end_transfer(struct probe *probe)
{
    if (!probe->easy)
        return;
    curl_multi_remove_handle(probe->engine->multi, probe->easy);
    curl_easy_cleanup(probe->easy);
    free(probe->received);
    probe->easy = NULL;
    probe->received = NULL;
    probe->received_size = probe->header_size = 0;
    probe->socket_error = 0;
    probe->full = false;
}

static void check_results(struct probe_engine *engine)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(engine->multi, &left))) {
        struct probe *probe = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&probe);
        struct probe_result result = judge(probe, message->data.result);
        end_transfer(probe);
        probe->done(probe->context, &result);
    }
}

static bool start(struct probe *probe)
{
    assert(!probe->easy);
    probe->easy = curl_easy_init();
    if (!probe->easy)
        return false;
    set_options(probe);
    if (curl_multi_add_handle(probe->engine->multi, probe->easy) == CURLM_OK)
        return true;
    end_transfer(probe);
    return false;
}

/* "Connection: close" lets the server close first, so that it keeps the TIME_WAIT and this machine its ports. */
static struct curl_slist *request_headers(const char *host)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Connection: close");
    if (!host)
        return headers;
    size_t size = sizeof "Host: " + strlen(host);
    char *header = mem_alloc(size);
    (void)snprintf(header, size, "Host: %s", host);
    headers = curl_slist_append(headers, header);
    free(header);
    return headers;
}

static struct probe *create(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context)
{
    char text[ADDR_TEXT_MAX];
    bool v6 = endpoint->addr.family == ADDR_V6;
    struct probe *probe = mem_alloc(sizeof *probe);
    *probe = (struct probe){.engine = engine, .done = done, .context = context};
    (void)snprintf(probe->url, sizeof probe->url, "http://%s%s%s:%u/", v6 ? "[" : "",
                   addr_format(&endpoint->addr, text), v6 ? "]" : "", endpoint->port);
    probe->path = mem_strdup(check->path);
    probe->body = check->body ? mem_strdup(check->body) : NULL;
    probe->timeout_ms = check->timeout_ms;
    probe->status_count = check->status_count;
    probe->status = mem_alloc(check->status_count * sizeof *probe->status);
    for (size_t i = 0; i < check->status_count; i++)
        probe->status[i] = check->status[i];
    probe->headers = request_headers(check->host);
    return probe;
}

static void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    end_transfer(probe);
    curl_slist_free_all(probe->headers);
    free(probe->status);
    free(probe->body);
    free(probe->path);
    free(probe);
}

const struct probe_kind probe_http = {
    .engine_create = engine_create,
    .engine_free = engine_free,
    .create = create,
    .start = start,
    .cancel = end_transfer,
    .free = probe_free,
};
