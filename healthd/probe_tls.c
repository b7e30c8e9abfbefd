// SPDX-License-Identifier: MIT
/* TLS probes: a handshake and a look at the certificate; not an octet is said inside. */
#include "healthd/probe.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "healthd/connection.h"

struct probe {
    struct connection connection;
    probe_done *done;
    void *context;
};

static void on_done(struct curl_transfer *transfer, int code)
{
    struct probe *probe = (struct probe *)((char *)transfer - offsetof(struct probe, connection.transfer));
    struct probe_result result = {.latency_ms = connection_latency_ms(&probe->connection)};
    if (code != CURLE_OK)
        connection_judge_error(&probe->connection, code, false, &result);
    else if (connection_judge_certificate(&probe->connection, &result))
        result.outcome = PROBE_PASS;
    connection_end(&probe->connection);
    probe->done(probe->context, &result);
}

static bool start(struct probe *probe)
{
    assert(!probe->connection.transfer.easy);
    if (!connection_prepare(&probe->connection))
        return false;
    curl_easy_setopt(probe->connection.transfer.easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(probe->connection.transfer.easy, CURLOPT_SSL_ENABLE_ALPN, 0L); /* for what is not HTTP */
    if (connection_start(&probe->connection))
        return true;
    connection_end(&probe->connection);
    return false;
}

static void cancel(struct probe *probe)
{
    connection_end(&probe->connection);
}

static struct probe *create(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context)
{
    struct probe *probe = mem_alloc(sizeof *probe);
    connection_init(&probe->connection, engine, check, endpoint, on_done);
    probe->done = done;
    probe->context = context;
    return probe;
}

static void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    connection_release(&probe->connection);
    free(probe);
}

const struct probe_kind probe_tls = {
    .engine_create = curl_loop_create,
    .engine_free = curl_loop_free,
    .create = create,
    .start = start,
    .cancel = cancel,
    .free = probe_free,
};
