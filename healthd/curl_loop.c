// SPDX-License-Identifier: MIT
#include "healthd/curl_loop.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <uv.h>

#include "core/base/mem.h"

struct probe_engine {
    CURLM *multi;
    uv_loop_t *loop;
    uv_timer_t timer;
    size_t handles; /* open libuv handles; the last one to close frees the engine if `ending` */
    bool ending;
};

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

struct probe_engine *curl_loop_create(struct uv_loop_s *loop, struct err *err)
{
    CURLM *multi = curl_global_init(CURL_GLOBAL_DEFAULT) ? NULL : curl_multi_init();
    if (!multi) {
        err_add(err, ERR_ERROR, (struct err_place){NULL, 0, 0},
                "libcurl cannot be started for HTTP and TLS probes");
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
    curl_multi_setopt(multi, CURLMOPT_PIPELINING,
                      CURLPIPE_NOTHING); /* a probe has its connection to itself */
    return engine;
}

void curl_loop_free(struct probe_engine *engine)
{
    if (!engine)
        return;
    curl_multi_cleanup(engine->multi);
    curl_global_cleanup();
    engine->ending = true;
    uv_close((uv_handle_t *)&engine->timer, on_closed);
}

/* --- transfers ------------------------------------------------------------------------------------------- */

static void check_results(struct probe_engine *engine)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(engine->multi, &left))) {
        struct curl_transfer *transfer = NULL;
        CURLcode code = message->data.result; /* the message does not outlive the handle's removal */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        curl_multi_remove_handle(engine->multi, transfer->easy);
        transfer->done(transfer, (int)code);
    }
}

bool curl_loop_add(struct probe_engine *engine, struct curl_transfer *transfer)
{
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    return curl_multi_add_handle(engine->multi, transfer->easy) == CURLM_OK;
}

void curl_loop_remove(struct probe_engine *engine, struct curl_transfer *transfer)
{
    curl_multi_remove_handle(engine->multi, transfer->easy);
}
