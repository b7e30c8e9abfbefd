// SPDX-License-Identifier: MIT
/*
 * origin NAME ADDR@PORT - a stand-in for a site: a small HTTP server that says which one it is.
 *
 *   GET /          200, "NAME\n", header X-Site: NAME
 *   GET /healthz   200, "ok\n"; after SIGUSR1 503, "draining\n", until the next SIGUSR1
 *
 * Says on standard output when it is ready. SIGTERM and SIGINT end it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BODY_MAX             256
#define MICROHTTPD_TIMEOUT_S 10

struct origin {
    const char *name;
    atomic_bool draining;
};

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    const struct origin *origin = context;
    char body[BODY_MAX];
    unsigned status = MHD_HTTP_OK;
    (void)method, (void)version, (void)upload, (void)upload_size, (void)state;
    if (!strcmp(url, "/healthz")) {
        bool draining = atomic_load(&origin->draining);
        status = draining ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK;
        (void)snprintf(body, sizeof body, draining ? "draining\n" : "ok\n");
    } else if (!strcmp(url, "/")) {
        (void)snprintf(body, sizeof body, "%s\n", origin->name);
    } else {
        status = MHD_HTTP_NOT_FOUND;
        (void)snprintf(body, sizeof body, "not found\n");
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", "text/plain");
    MHD_add_response_header(response, "X-Site", origin->name);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* "127.0.0.1@8080" or "::1@8080" */
static bool parse_listen(const char *text, struct sockaddr_storage *out, socklen_t *length)
{
    char address[INET6_ADDRSTRLEN], *end = NULL;
    const char *at = strchr(text, '@');
    if (!at || (size_t)(at - text) >= sizeof address)
        return false;
    memcpy(address, text, (size_t)(at - text));
    address[at - text] = '\0';
    unsigned long port = strtoul(at + 1, &end, 10);
    if (end == at + 1 || *end || port == 0 || port > 65535)
        return false;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
        memcpy(out, &v4, *length = sizeof v4);
        return true;
    }
    if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
        return false;
    memcpy(out, &v6, *length = sizeof v6);
    return true;
}

/* A socket of our own making, so that a failure can be told. -1: errno says why. */
static int listen_on(const struct sockaddr_storage *address, socklen_t length)
{
    const int yes = 1;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address->ss_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(fd, (const struct sockaddr *)address, length) || listen(fd, SOMAXCONN))
        return -1; /* the process ends: fd is not leaked for long */
    return fd;
}

/* Returns at SIGTERM or SIGINT. All signals are blocked: they are taken here, in order. */
static void serve_signals(struct origin *origin, const sigset_t *signals)
{
    int number;
    while (!sigwait(signals, &number) && number == SIGUSR1)
        atomic_store(&origin->draining, !atomic_load(&origin->draining));
}

int main(int argc, char **argv)
{
    struct sockaddr_storage address;
    socklen_t length = 0;
    sigset_t signals;
    if (argc != 3 || !parse_listen(argv[2], &address, &length)) {
        fprintf(stderr, "usage: origin NAME ADDR@PORT\n");
        return 2;
    }
    struct origin origin = {argv[1], false};
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* before threads exist: they inherit it */
    int fd = listen_on(&address, length);
    if (fd < 0) {
        fprintf(stderr, "origin %s cannot listen on %s: %s\n", argv[1], argv[2], strerror(errno));
        return EXIT_FAILURE;
    }
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer, &origin, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_TIMEOUT, MICROHTTPD_TIMEOUT_S, MHD_OPTION_END);
    if (!daemon) {
        fprintf(stderr, "origin %s cannot be started on %s\n", argv[1], argv[2]);
        return EXIT_FAILURE;
    }
    printf("origin %s listens on %s\n", argv[1], argv[2]);
    fflush(stdout);
    serve_signals(&origin, &signals);
    MHD_stop_daemon(daemon);
    return EXIT_SUCCESS;
}
