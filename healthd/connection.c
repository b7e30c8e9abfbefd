// SPDX-License-Identifier: MIT
#include "healthd/connection.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "healthd/certificate.h"

/* Reading the system's store takes 20 ms, in which the loop stands still: it is kept for so long. */
#define CA_CACHE_S 600

/* --- settings -------------------------------------------------------------------------------------------- */

static char *print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = mem_alloc((size_t)length + 1);
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

/* The name goes into the URL, where libcurl takes SNI and the name to verify from; connect_to says where to. */
void connection_init(struct connection *connection, struct probe_engine *engine,
                     const struct config_check *check, const struct endpoint *endpoint,
                     void (*done)(struct curl_transfer *transfer, int code))
{
    char address[ADDR_TEXT_MAX];
    bool v6 = endpoint->addr.family == ADDR_V6, tls = check->type != CONFIG_CHECK_HTTP;
    addr_format(&endpoint->addr, address);
    char *numeric = print("%s%s%s", v6 ? "[" : "", address, v6 ? "]" : "");
    const char *name = tls && check->tls.name ? check->tls.name : numeric;
    *connection = (struct connection){.engine = engine, .tls = tls, .timeout_ms = check->timeout_ms};
    connection->transfer.done = done;
    connection->url = print("%s://%s:%u/", tls ? "https" : "http", name, endpoint->port);
    char *connect_to = print("::%s:%u", numeric, endpoint->port);
    connection->connect_to = curl_slist_append(NULL, connect_to);
    free(connect_to);
    connection->peer = mem_strdup(tls && check->tls.name ? check->tls.name : address);
    connection->ca_file = tls && check->tls.ca_file ? mem_strdup(check->tls.ca_file) : NULL;
    connection->verify = check->tls.verify;
    connection->min_days_left = tls ? check->tls.min_days_left : 0;
    free(numeric);
}

void connection_release(struct connection *connection)
{
    connection_end(connection);
    free(connection->url);
    curl_slist_free_all(connection->connect_to);
    free(connection->peer);
    free(connection->ca_file);
}

/* --- libcurl --------------------------------------------------------------------------------------------- */

static curl_socket_t on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct connection *connection = context;
    (void)purpose;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
    if (fd >= 0)
        return fd;
    connection->socket_error = errno;
    return CURL_SOCKET_BAD;
}

/* libcurl times connection and handshake as one: whether there was a connection shows at the socket. */
static int on_close_socket(void *context, curl_socket_t fd)
{
    struct connection *connection = context;
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    connection->connected |= !getpeername(fd, (struct sockaddr *)&peer, &size);
    return close(fd);
}

static void set_tls_options(struct connection *connection, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, connection->verify ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, connection->verify ? 2L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, connection->min_days_left ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* with it nothing would be kept */
    /* One store is kept at a time: it shall be the large one, not a file of our own. */
    curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, connection->ca_file ? 0L : (long)CA_CACHE_S);
    if (connection->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, connection->ca_file);
}

bool connection_prepare(struct connection *connection)
{
    CURL *easy = connection->transfer.easy = curl_easy_init();
    if (!easy)
        return false;
    curl_easy_setopt(easy, CURLOPT_URL, connection->url);
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connection->connect_to);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)connection->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connection->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, connection->tls ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    /* Addresses are numeric; but curl would keep each for a minute and look through all of them at the end of
     * every connection: quadratic in the number of targets. */
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, connection);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, connection);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, connection->error);
    if (connection->tls)
        set_tls_options(connection, easy);
    return true;
}

bool connection_start(struct connection *connection)
{
    return curl_loop_add(connection->engine, &connection->transfer);
}

void connection_end(struct connection *connection)
{
    if (!connection->transfer.easy)
        return;
    curl_loop_remove(connection->engine, &connection->transfer); /* harmless if it has ended */
    curl_easy_cleanup(connection->transfer.easy);
    connection->transfer.easy = NULL;
    connection->socket_error = 0;
    connection->error[0] = '\0';
    connection->connected = false;
}

/* --- judging --------------------------------------------------------------------------------------------- */

uint32_t connection_latency_ms(const struct connection *connection)
{
    curl_off_t total_us = 0;
    curl_easy_getinfo(connection->transfer.easy, CURLINFO_TOTAL_TIME_T, &total_us);
    return (uint32_t)(total_us / 1000);
}

/* What libcurl tells of the server's own certificate under `key`, or NULL. */
static const char *certificate_field(const struct connection *connection, const char *key)
{
    struct curl_certinfo *chain = NULL;
    const size_t length = strlen(key);
    curl_easy_getinfo(connection->transfer.easy, CURLINFO_CERTINFO, &chain);
    const struct curl_slist *field = chain && chain->num_of_certs > 0 ? chain->certinfo[0] : NULL;
    for (; field; field = field->next)
        if (!strncmp(field->data, key, length) && field->data[length] == ':')
            return field->data + length + 1;
    return NULL;
}

bool connection_judge_certificate(const struct connection *connection, struct probe_result *result)
{
    char reason[PROBE_REASON_MAX];
    if (!connection->min_days_left)
        return true;
    const char *date = certificate_field(connection, "Expire date");
    time_t expires_s = date ? curl_getdate(date, NULL) : -1;
    if (expires_s < 0) {
        probe_fail(result, "certificate of %s does not say when it expires", connection->peer);
        return false;
    }
    if (!certificate_expires_soon(expires_s, clock_wall_ms() / 1000, connection->min_days_left, reason))
        return true;
    probe_fail(result, "certificate of %s %s", connection->peer, reason);
    return false;
}

/* When curl gave up: the phase tells an unreachable machine from a hanging program. */
static void judge_timeout(const struct connection *connection, bool answered, struct probe_result *result)
{
    curl_off_t handshake_us = 0;
    curl_easy_getinfo(connection->transfer.easy, CURLINFO_APPCONNECT_TIME_T, &handshake_us);
    const char *phase = !connection->connected                 ? "no connection"
                        : connection->tls && handshake_us == 0 ? "no TLS handshake"
                        : answered                             ? "answer incomplete"
                                                               : "no answer";
    probe_fail(result, "timeout after %ums, %s", connection->timeout_ms, phase);
}

static void judge_verification(const struct connection *connection, struct probe_result *result)
{
    long code = 0;
    curl_easy_getinfo(connection->transfer.easy, CURLINFO_SSL_VERIFYRESULT, &code);
    if (code > 1)
        probe_fail(result, "certificate of %s %s", connection->peer, certificate_fault(code));
    else /* libcurl compares the name before it asks for the result of the chain, which is preset to 1 */
        probe_fail(result, "certificate is not for %s", connection->peer);
}

/* "error:0A00010B:SSL routines::wrong version number": what follows the last colon is for people. */
static void judge_handshake(const struct connection *connection, struct probe_result *result)
{
    const char *detail = strstr(connection->error, "::");
    if (strstr(connection->error, "wrong version number"))
        probe_fail(result, "TLS handshake failed: the server does not speak TLS");
    else if (detail)
        probe_fail(result, "TLS handshake failed: %s", detail + sizeof "::" - 1);
    else
        probe_fail(result, "TLS handshake failed: connection closed");
}

void connection_judge_error(const struct connection *connection, int code, bool answered,
                            struct probe_result *result)
{
    long os_error = 0;
    curl_easy_getinfo(connection->transfer.easy, CURLINFO_OS_ERRNO, &os_error);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        judge_timeout(connection, answered, result);
        return;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        probe_fail(result, "connection reset");
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
        judge_verification(connection, result);
        return;
    case CURLE_SSL_CONNECT_ERROR:
        judge_handshake(connection, result);
        return;
    case CURLE_SSL_CACERT_BADFILE:
        probe_undone(result, "certificates of authorities cannot be read from %s",
                     connection->ca_file ? connection->ca_file : "the system's store");
        return;
    case CURLE_OUT_OF_MEMORY:
        probe_undone(result, "out of memory");
        return;
    default:
        break;
    }
    if (connection->socket_error || os_error)
        probe_fail_errno(result, connection->socket_error ? connection->socket_error : (int)os_error);
    else
        probe_fail(result, "%s", curl_easy_strerror((CURLcode)code));
}
