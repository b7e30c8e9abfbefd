// SPDX-License-Identifier: MIT
/* Each test makes a network of its own (a network namespace); where that is not allowed, only what needs none is
 * tested. */
#include "healthd/probe.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

#include "tests/unit/healthd/probing.h"

#define NOBODY 65534
#define MANY   500

static struct config_check check_of(void)
{
    return (struct config_check){.type = CONFIG_CHECK_ICMP, .timeout_ms = TIMEOUT_MS};
}

static struct endpoint endpoint_of(const char *text)
{
    struct endpoint endpoint = {.port = 0};
    ck_assert(addr_parse(text, &endpoint.addr));
    return endpoint;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

static void loopback_up(void)
{
    struct ifreq request = {.ifr_flags = IFF_UP};
    (void)snprintf(request.ifr_name, sizeof request.ifr_name, "lo");
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
    (void)close(fd);
}

static bool own_network(void)
{
    if (!unshare(CLONE_NEWNET))
        return true;
    (void)fprintf(stderr, "no network namespace here: ICMP is tested less\n");
    return false;
}

static void check_reason(const char *message, const char *address, const char *reason)
{
    struct endpoint endpoint = endpoint_of(address);
    struct config_check check = check_of();
    struct probe_result result = probe_twice(message, &check, &endpoint);
    check_result(message, &result, reason);
}

/* A ping socket if this group may have one, else a raw one. */
static void check_targets(const char *socket)
{
    char message[100];
    static const struct {
        const char *message, *address;
    } rows[] = {{"IPv4", "127.0.0.1"}, {"another", "127.9.9.9"}, {"IPv6", "::1"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)snprintf(message, sizeof message, "%s, %s", socket, rows[i].message);
        check_reason(message, rows[i].address, NULL);
    }
}

START_TEST(raw_and_unprivileged)
{
    if (!own_network())
        return;
    check_reason("an interface that is down", "127.0.0.1", "network unreachable");
    loopback_up();
    check_targets("raw");
    check_reason("no route", "192.0.2.1", "network unreachable");
    if (write_file("/proc/sys/net/ipv4/ping_group_range", "0 2147483647"))
        check_targets("ping");
}
END_TEST

START_TEST(silence)
{
    static const char *const ranges[] = {"1 0", "0 2147483647"};
    if (!own_network())
        return;
    loopback_up();
    if (!write_file("/proc/sys/net/ipv4/icmp_echo_ignore_all", "1"))
        return;
    for (size_t i = 0; i < 2; i++)
        if (write_file("/proc/sys/net/ipv4/ping_group_range", ranges[i]))
            check_reason(ranges[i], "127.0.0.1", "timeout after 300ms, no echo reply");
}
END_TEST

/* Replies that nobody asked for, and such as have another payload: a socket that answers in the kernel's place. */
START_TEST(forged_replies)
{
    if (!own_network())
        return;
    loopback_up();
    if (!write_file("/proc/sys/net/ipv4/icmp_echo_ignore_all", "1"))
        return;
    pid_t forger = fork();
    if (forger == 0) {
        uint8_t octets[2048];
        int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
        struct sockaddr_in from;
        for (;;) {
            socklen_t length = sizeof from;
            ssize_t size = recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&from, &length);
            uint8_t *message = octets + 20;
            if (size < 28 || message[0] != 8)
                continue;
            message[0] = 0;
            message[8] ^= 1;
            (void)sendto(fd, message, (size_t)size - 20, 0, (struct sockaddr *)&from, length);
            (void)sendto(fd, message, 9, 0, (struct sockaddr *)&from, length);
            (void)sendto(fd, message, 3, 0, (struct sockaddr *)&from, length);
        }
    }
    check_reason("another payload", "127.0.0.1", "timeout after 300ms, no echo reply");
    (void)kill(forger, SIGKILL);
}
END_TEST

START_TEST(not_allowed)
{
    if (!own_network() || setresuid(NOBODY, NOBODY, NOBODY))
        return;
    struct endpoint endpoint = endpoint_of("127.0.0.1");
    struct config_check check = check_of();
    struct probe_result result = probe_twice("not allowed", &check, &endpoint);
    ck_assert_int_eq(result.outcome, PROBE_UNDONE);
    ck_assert_str_eq(result.reason,
                     "healthd may not ping: its group is not in net.ipv4.ping_group_range, and it has no "
                     "CAP_NET_RAW");
}
END_TEST

/* All on one socket. */
START_TEST(many)
{
    if (!own_network())
        return;
    loopback_up();
    struct outcome outcomes[MANY] = {{0}};
    struct probe *probes[MANY];
    struct config_check check = check_of();
    struct err err = ERR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct probe_engine *engine = probe_icmp.engine_create(&loop, &err);
    for (unsigned i = 0; i < MANY; i++) {
        char address[ADDR_TEXT_MAX];
        (void)snprintf(address, sizeof address, "127.0.%u.%u", i / 250 + 1, i % 250 + 1);
        struct endpoint endpoint = endpoint_of(address);
        probes[i] = probe_icmp.create(engine, &check, &endpoint, on_done, &outcomes[i]);
        ck_assert(probe_icmp.start(probes[i]));
    }
    run_for(&loop, TIMEOUT_MS + SETTLE_MS);
    for (unsigned i = 0; i < MANY; i++) {
        ck_assert_uint_eq(outcomes[i].results, 1);
        ck_assert_msg(outcomes[i].last.outcome == PROBE_PASS, "%u: %s", i, outcomes[i].last.reason);
    }
    for (unsigned i = 1; i < MANY; i++)
        probe_icmp.free(probes[i]);
    finish(&loop, &probe_icmp, engine, probes[0]);
}
END_TEST

START_TEST(cancelled_gives_no_result)
{
    if (!own_network())
        return;
    loopback_up();
    if (!write_file("/proc/sys/net/ipv4/icmp_echo_ignore_all", "1"))
        return;
    struct endpoint endpoint = endpoint_of("127.0.0.1");
    struct config_check check = check_of();
    check_cancel(&check, &endpoint);
}
END_TEST

START_TEST(own_fault_is_not_the_targets)
{
    if (!own_network())
        return;
    loopback_up();
    struct endpoint endpoint = endpoint_of("127.0.0.1");
    struct config_check check = check_of();
    check_own_fault(&check, &endpoint);
}
END_TEST

CHECK_MAIN("healthd/probe_icmp", raw_and_unprivileged, silence, forged_replies, not_allowed, many,
           cancelled_gives_no_result, own_fault_is_not_the_targets)
