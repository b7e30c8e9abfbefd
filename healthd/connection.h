// SPDX-License-Identifier: MIT
/*
 * connection - what HTTP and TLS probes have in common: a connection of their own to one address, with or without
 * TLS, through libcurl, and what it means when that does not come about.
 *
 * Not used: proxies, kept connections (they would say nothing of whether new clients get in), TLS sessions (a
 * resumed one shows no certificate), name resolution.
 */
#pragma once

#include "core/base/addr.h"
#include "core/model/config.h"
#include "healthd/curl_loop.h"
#include "healthd/probe.h"

struct curl_slist;

#define CONNECTION_ERROR_MAX 256 /* CURL_ERROR_SIZE */

struct connection {
    struct probe_engine *engine;
    struct curl_transfer transfer; /* its handle is NULL while nothing is under way */
    char *url;
    struct curl_slist *connect_to;
    char *peer,
        *ca_file; /* `peer`: the name that the certificate must have; `ca_file` NULL: the system's store */
    bool tls, verify;
    unsigned min_days_left;
    uint32_t timeout_ms;

    int socket_error; /* errno of a socket that could not be had */
    bool connected;   /* known when the socket is closed */
    char error[CONNECTION_ERROR_MAX];
};

/* To `endpoint`, with TLS if the check's type says so; `done`: as in struct curl_transfer. */
void connection_init(struct connection *connection, struct probe_engine *engine,
                     const struct config_check *check, const struct endpoint *endpoint,
                     void (*done)(struct curl_transfer *transfer, int code));
void connection_release(struct connection *connection); /* ends it, and frees what init allocated */

/* A handle with every option that concerns the connection; the caller sets others and starts it. False if there
 * is no memory. */
bool connection_prepare(struct connection *connection);
bool connection_start(struct connection *connection);
void connection_end(struct connection *connection); /* may be called when nothing is under way */

/* Of a transfer that came to its end, before connection_end(). */
uint32_t connection_latency_ms(const struct connection *connection);
/* The connection was made, but is its certificate good for long enough? False with a failure in `result`. */
bool connection_judge_certificate(const struct connection *connection, struct probe_result *result);
/* A transfer that ended with another CURLcode than CURLE_OK. `answered`: octets of the answer had come. */
void connection_judge_error(const struct connection *connection, int code, bool answered,
                            struct probe_result *result);
