// SPDX-License-Identifier: MIT
/*
 * DNS probes: c-ares asks one server one question, over UDP, and over TCP if the answer is truncated.
 *
 * A channel of c-ares exists only while the probe is under way (it is large, and nothing is to be kept); everything
 * that it would read from resolv.conf, the environment or the hosts file is given. Sockets are our own functions, so
 * that a failure of this machine can be told from one of the server. The deadline is a timer of ours.
 */
#include "healthd/probe.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/wire.h"

#define HEADER_SIZE   12 /* RFC 1035 section 4.1.1 */
#define RCODE_MASK    0x0f
#define ADDRESSES_MAX 256 /* of an answer, looked at */
#define NEVER_MS      3600000

struct probe_engine {
    uv_loop_t *loop;
};

/* One socket of c-ares on the loop. */
struct watch {
    uv_poll_t poll;
    struct attempt *attempt;
    ares_socket_t fd;
    struct watch *next;
};

/* What is under way; libuv closes its handles later than the probe may be gone. */
struct attempt {
    struct probe *probe; /* NULL: it has ended */
    ares_channel channel;
    struct watch *watches;
    uv_timer_t timer;
    uint64_t started_ms;
    int socket_error; /* the last errno of a socket */
    bool tcp;         /* the answer over UDP was truncated */
    bool answered;
    struct probe_result result; /* valid once answered */
};

struct probe {
    struct probe_engine *engine;
    probe_done *done;
    void *context;
    struct endpoint endpoint;
    char *name;
    int record, rcode;
    struct addr *expect;
    size_t expect_count;
    uint32_t timeout_ms;
    struct attempt *attempt; /* NULL: nothing is under way */
};

/* --- sockets --------------------------------------------------------------------------------------------- */

static ares_socket_t open_socket(int family, int type, int protocol, void *context)
{
    struct attempt *attempt = context;
    int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    attempt->tcp = type == SOCK_STREAM;
    if (fd < 0)
        attempt->socket_error = errno;
    return fd;
}

static int close_socket(ares_socket_t fd, void *context)
{
    (void)context;
    return close(fd);
}

static int connect_socket(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t size, void *context)
{
    struct attempt *attempt = context;
    int failed = connect(fd, to, size);
    if (failed && errno != EINPROGRESS)
        attempt->socket_error = errno;
    return failed;
}

static ares_ssize_t receive(ares_socket_t fd, void *out, size_t size, int flags, struct sockaddr *from,
                            ares_socklen_t *from_size, void *context)
{
    struct attempt *attempt = context;
    ssize_t got = recvfrom(fd, out, size, flags, from, from_size);
    if (got < 0 && errno != EAGAIN)
        attempt->socket_error = errno;
    return got;
}

static ares_ssize_t transmit(ares_socket_t fd, const struct iovec *parts, int count, void *context)
{
    struct attempt *attempt = context;
    const struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = (size_t)count};
    ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
        attempt->socket_error = errno;
    return sent;
}

static const struct ares_socket_functions socket_functions = {open_socket, close_socket, connect_socket,
                                                              receive, transmit};

/* --- c-ares on libuv ------------------------------------------------------------------------------------- */

static void conclude(struct attempt *attempt);

static void on_watch_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    struct attempt *attempt = watch->attempt;
    bool readable = events & UV_READABLE || status < 0, writable = events & UV_WRITABLE || status < 0;
    ares_process_fd(attempt->channel, readable ? watch->fd : ARES_SOCKET_BAD,
                    writable ? watch->fd : ARES_SOCKET_BAD);
    if (attempt->answered)
        conclude(attempt);
}

static struct watch *find_watch(struct attempt *attempt, ares_socket_t fd)
{
    struct watch *watch = attempt->watches;
    while (watch && watch->fd != fd)
        watch = watch->next;
    return watch;
}

static struct watch *add_watch(struct attempt *attempt, ares_socket_t fd)
{
    struct watch *watch = mem_alloc(sizeof *watch);
    *watch = (struct watch){.attempt = attempt, .fd = fd, .next = attempt->watches};
    if (uv_poll_init_socket(attempt->timer.loop, &watch->poll, fd)) {
        free(watch); /* then the timer ends the probe */
        return NULL;
    }
    watch->poll.data = watch;
    attempt->watches = watch;
    return watch;
}

static void remove_watch(struct attempt *attempt, struct watch *watch)
{
    struct watch **at = &attempt->watches;
    while (*at != watch)
        at = &(*at)->next;
    *at = watch->next;
    uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

/* c-ares says this before it closes a socket, with neither. */
static void on_socket_state(void *context, ares_socket_t fd, int readable, int writable)
{
    struct attempt *attempt = context;
    struct watch *watch = find_watch(attempt, fd);
    int events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
    if (!watch && events)
        watch = add_watch(attempt, fd);
    if (!watch)
        return;
    if (events)
        uv_poll_start(&watch->poll, events, on_socket);
    else
        remove_watch(attempt, watch);
}

/* --- judging --------------------------------------------------------------------------------------------- */

static const char *rcode_text(unsigned rcode)
{
    static const char *const names[] = {"NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                        "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE"};
    return rcode < sizeof names / sizeof *names ? names[rcode] : "an unknown rcode";
}

/* The addresses of the answer section; -1 if it is malformed. */
static int addresses_of(const struct probe *probe, const unsigned char *octets, int size,
                        struct addr out[ADDRESSES_MAX])
{
    struct ares_addrttl v4[ADDRESSES_MAX];
    struct ares_addr6ttl v6[ADDRESSES_MAX];
    int count = ADDRESSES_MAX;
    int status = probe->record == ns_t_a ? ares_parse_a_reply(octets, size, NULL, v4, &count)
                                         : ares_parse_aaaa_reply(octets, size, NULL, v6, &count);
    if (status == ARES_ENODATA)
        return 0;
    if (status != ARES_SUCCESS)
        return -1;
    for (int i = 0; i < count; i++) {
        out[i] = (struct addr){.family = probe->record == ns_t_a ? ADDR_V4 : ADDR_V6};
        if (probe->record == ns_t_a)
            memcpy(out[i].octets, &v4[i].ipaddr, sizeof v4[i].ipaddr);
        else
            memcpy(out[i].octets, &v6[i].ip6addr, sizeof v6[i].ip6addr);
    }
    return count;
}

static bool is_expected(const struct probe *probe, const struct addr *addr)
{
    for (size_t i = 0; i < probe->expect_count; i++)
        if (addr_equal(&probe->expect[i], addr))
            return true;
    return false;
}

static void judge_addresses(const struct probe *probe, const unsigned char *octets, int size,
                            struct probe_result *result)
{
    struct addr addresses[ADDRESSES_MAX];
    char text[ADDR_TEXT_MAX];
    int count = addresses_of(probe, octets, size, addresses);
    if (count < 0) {
        probe_fail(result, "the answer is malformed");
        return;
    }
    for (int i = 0; i < count; i++)
        if (!is_expected(probe, &addresses[i])) {
            probe_fail(result, "the answer has %s, which is not expected", addr_format(&addresses[i], text));
            return;
        }
    if (count == 0)
        probe_fail(result, "the answer has no address");
}

static void judge_answer(const struct probe *probe, const unsigned char *octets, int size,
                         struct probe_result *result)
{
    if (size < HEADER_SIZE) {
        probe_fail(result, "the answer is malformed");
        return;
    }
    unsigned rcode = octets[3] & RCODE_MASK, answers = wire_load16(octets + 6);
    if ((int)rcode != probe->rcode)
        probe_fail(result, "%s, want %s", rcode_text(rcode), rcode_text((unsigned)probe->rcode));
    else if (rcode == ns_r_noerror && answers == 0)
        probe_fail(result, "the answer is empty");
    else if (probe->expect_count)
        judge_addresses(probe, octets, size, result);
}

static void judge_failure(const struct attempt *attempt, int status, struct probe_result *result)
{
    struct probe_result cause;
    if (attempt->socket_error)
        probe_fail_errno(&cause, attempt->socket_error);
    else
        probe_fail(&cause, "%s", ares_strerror(status));
    probe_fail(result, "%s%.80s", attempt->tcp ? "truncated, then over TCP: " : "", cause.reason);
    result->outcome = cause.outcome;
}

static void on_answer(void *context, int status, int timeouts, unsigned char *octets, int size)
{
    struct attempt *attempt = context;
    (void)timeouts;
    if (status == ARES_EDESTRUCTION || !attempt->probe)
        return;
    attempt->answered = true;
    attempt->result.outcome = PROBE_PASS;
    if (octets) /* also with a status that is made from the rcode */
        judge_answer(attempt->probe, octets, size, &attempt->result);
    else
        judge_failure(attempt, status, &attempt->result);
}

/* --- one attempt ----------------------------------------------------------------------------------------- */

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void end_attempt(struct probe *probe)
{
    struct attempt *attempt = probe->attempt;
    if (!attempt)
        return;
    probe->attempt = NULL;
    attempt->probe = NULL;
    if (attempt->channel)
        ares_destroy(attempt->channel);
    while (attempt->watches)
        remove_watch(attempt, attempt->watches);
    uv_close((uv_handle_t *)&attempt->timer, on_timer_closed);
}

static void conclude(struct attempt *attempt)
{
    struct probe *probe = attempt->probe;
    struct probe_result result = attempt->result;
    result.latency_ms = (uint32_t)(clock_monotonic_ms() - attempt->started_ms);
    end_attempt(probe);
    probe->done(probe->context, &result);
}

/* The deadline; or the end of an attempt that failed from inside start(). */
static void on_timeout(uv_timer_t *timer)
{
    struct attempt *attempt = timer->data;
    if (!attempt->answered)
        probe_fail(&attempt->result, "timeout after %ums, no answer", attempt->probe->timeout_ms);
    conclude(attempt);
}

static bool open_channel(struct attempt *attempt)
{
    char lookups[] = "b"; /* never a file */
    struct ares_options options = {.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
                                   .timeout = NEVER_MS,
                                   .tries = 1,
                                   .ndots = 1,
                                   .lookups = lookups,
                                   .sock_state_cb = on_socket_state,
                                   .sock_state_cb_data = attempt};
    const int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
                      ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS | ARES_OPT_SORTLIST | ARES_OPT_SERVERS |
                      ARES_OPT_SOCK_STATE_CB;
    const struct endpoint *to = &attempt->probe->endpoint;
    struct ares_addr_port_node server = {.udp_port = to->port, .tcp_port = to->port};
    server.family = to->addr.family == ADDR_V4 ? AF_INET : AF_INET6;
    memcpy(&server.addr, to->addr.octets, to->addr.family == ADDR_V4 ? 4 : 16);
    if (ares_init_options(&attempt->channel, &options, given) != ARES_SUCCESS) {
        attempt->channel = NULL;
        return false;
    }
    ares_set_socket_functions(attempt->channel, &socket_functions, attempt);
    return ares_set_servers_ports(attempt->channel, &server) == ARES_SUCCESS;
}

static bool start(struct probe *probe)
{
    assert(!probe->attempt);
    uv_loop_t *loop = probe->engine->loop;
    struct attempt *attempt = probe->attempt = mem_alloc(sizeof *attempt);
    attempt->probe = probe;
    attempt->started_ms = clock_monotonic_ms();
    uv_timer_init(loop, &attempt->timer);
    attempt->timer.data = attempt;
    if (!open_channel(attempt)) {
        end_attempt(probe);
        return false;
    }
    ares_query(attempt->channel, probe->name, ns_c_in, probe->record, on_answer, attempt);
    uv_update_time(loop);
    uv_timer_start(&attempt->timer, on_timeout, attempt->answered ? 0 : probe->timeout_ms, 0);
    return true;
}

/* --- the probe ------------------------------------------------------------------------------------------- */

static struct probe_engine *engine_create(struct uv_loop_s *loop, struct err *err)
{
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
        err_add(err, ERR_ERROR, (struct err_place){NULL, 0, 0}, "c-ares cannot be started for DNS probes");
        return NULL;
    }
    struct probe_engine *engine = mem_alloc(sizeof *engine);
    engine->loop = loop;
    return engine;
}

static void engine_free(struct probe_engine *engine)
{
    if (!engine)
        return;
    ares_library_cleanup();
    free(engine);
}

static struct probe *create(struct probe_engine *engine, const struct config_check *check,
                            const struct endpoint *endpoint, probe_done *done, void *context)
{
    struct probe *probe = mem_alloc(sizeof *probe);
    *probe = (struct probe){.engine = engine, .done = done, .context = context, .endpoint = *endpoint};
    probe->name = mem_strdup(check->dns.name);
    probe->record = check->dns.record;
    probe->rcode = check->dns.rcode;
    probe->timeout_ms = check->timeout_ms;
    probe->expect_count = check->dns.expect_count;
    probe->expect = mem_alloc(probe->expect_count * sizeof *probe->expect);
    for (size_t i = 0; i < probe->expect_count; i++)
        probe->expect[i] = check->dns.expect[i];
    return probe;
}

static void probe_free(struct probe *probe)
{
    if (!probe)
        return;
    end_attempt(probe);
    free(probe->expect);
    free(probe->name);
    free(probe);
}

const struct probe_kind probe_dns = {
    .engine_create = engine_create,
    .engine_free = engine_free,
    .create = create,
    .start = start,
    .cancel = end_attempt,
    .free = probe_free,
};
