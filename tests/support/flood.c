// SPDX-License-Identifier: MIT
/*
 * flood - asks a name server one question again and again over many sockets, and counts what comes back.
 *
 *     flood [-t] [-s SOCKETS] [-w WINDOW] [-r RATE] [-d SECONDS] ADDRESS@PORT NAME
 *
 * -t  TCP, one connection per socket     -w  unanswered queries per socket (1-64)
 * -r  queries a second in all, 0: as fast as answers come      -d  for so long
 *
 * Asks for A records. Prints one line
 *     sent N answered N lost N wrong N max US p99 US
 * and one line "ADDRESS COUNT" for each address answered, "RCODE n COUNT" for each other rcode. A query is lost
 * if no answer has come LOSS_MS after the last one was sent; an answer is wrong if nobody asked for its id.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/addr.h"
#include "core/base/clock.h"
#include "core/base/wire.h"

enum {
    SOCKETS_MAX = 256,
    WINDOW_MAX = 64,
    LOSS_MS = 2000,
    ANSWERS_MAX = 32,
    LATENCY_MAX_US = 1000000,
    HEADER = 12,
};

struct asker {
    int fd;
    uint16_t next_id;
    uint64_t sent_us[WINDOW_MAX]; /* by id modulo WINDOW_MAX; 0: not waiting */
    uint16_t ids[WINDOW_MAX];
    unsigned waiting;
    size_t held;
    uint8_t input[2 + 65535];
};

struct tally {
    char text[ADDR_TEXT_MAX + 16];
    unsigned long count;
};

struct flood {
    bool tcp;
    unsigned sockets, window, rate, seconds;
    uint8_t query[300]; /* behind its length */
    size_t size;
    struct asker *askers;
    unsigned long sent, answered, wrong;
    struct tally tallies[ANSWERS_MAX];
    unsigned long *latencies; /* by microsecond */
};

static uint64_t now_us(void)
{
    return clock_monotonic_ns() / 1000;
}

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void write_query(struct flood *f, const char *name)
{
    struct wire_writer w = wire_writer_of(f->query, sizeof f->query);
    wire_put16(&w, 0);
    wire_put16(&w, 0);
    wire_put16(&w, 0);
    wire_put16(&w, 1);
    wire_put32(&w, 0);
    wire_put16(&w, 0);
    while (*name != '\0') {
        size_t length = strcspn(name, ".");
        wire_put8(&w, (unsigned)length);
        wire_put(&w, name, length);
        name += length + (name[length] == '.');
    }
    wire_put8(&w, 0);
    wire_put16(&w, 1);
    wire_put16(&w, 1);
    f->size = wire_written(&w);
    wire_store16(f->query, (unsigned)f->size - 2);
}

static void open_sockets(struct flood *f, const struct endpoint *server)
{
    struct sockaddr_storage name;
    socklen_t size = endpoint_to_sockaddr(server, &name);
    f->askers = calloc(f->sockets, sizeof *f->askers);
    for (unsigned i = 0; i < f->sockets; i++) {
        int fd = socket(name.ss_family, f->tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&name, size) != 0)
            die("connect");
        f->askers[i].fd = fd;
    }
}

static void count_answer(struct flood *f, const char *text)
{
    size_t i = 0;
    while (i < ANSWERS_MAX - 1 && f->tallies[i].count > 0 && strcmp(f->tallies[i].text, text) != 0)
        i++;
    snprintf(f->tallies[i].text, sizeof f->tallies[i].text, "%s", text);
    f->tallies[i].count++;
}

static void judge(struct flood *f, struct asker *a, const uint8_t *message, size_t size)
{
    char text[ADDR_TEXT_MAX + 16];
    uint16_t id = size >= HEADER ? wire_load16(message) : 0;
    unsigned slot = id % WINDOW_MAX;
    if (size < HEADER || !(message[2] & 0x80) || a->sent_us[slot] == 0 || a->ids[slot] != id) {
        f->wrong++;
        return;
    }
    uint64_t took = now_us() - a->sent_us[slot];
    f->latencies[took < LATENCY_MAX_US ? took : LATENCY_MAX_US]++;
    a->sent_us[slot] = 0;
    a->waiting--;
    f->answered++;
    struct addr addr = {.family = ADDR_V4};
    memcpy(addr.octets, message + size - 4, 4); /* minimal answers without EDNS end with the address */
    if ((message[3] & 15) != 0 || wire_load16(message + 6) == 0)
        snprintf(text, sizeof text, "RCODE %d", message[3] & 15);
    else
        addr_format(&addr, text);
    count_answer(f, text);
}

static void receive(struct flood *f, struct asker *a)
{
    ssize_t count;
    while ((count = recv(a->fd, a->input + a->held, sizeof a->input - a->held, MSG_DONTWAIT)) > 0) {
        if (!f->tcp) {
            judge(f, a, a->input, (size_t)count);
            continue;
        }
        size_t at = 0;
        a->held += (size_t)count;
        while (a->held - at >= 2 && a->held - at - 2 >= wire_load16(a->input + at)) {
            judge(f, a, a->input + at + 2, wire_load16(a->input + at));
            at += 2u + wire_load16(a->input + at);
        }
        a->held -= at;
        memmove(a->input, a->input + at, a->held);
    }
}

static bool ask(struct flood *f, struct asker *a)
{
    unsigned slot = a->next_id % WINDOW_MAX;
    if (a->waiting >= f->window || a->sent_us[slot] != 0)
        return false;
    wire_store16(f->query + 2, a->next_id);
    size_t skip = f->tcp ? 0 : 2;
    if (send(a->fd, f->query + skip, f->size - skip, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return false;
    a->sent_us[slot] = now_us();
    a->ids[slot] = a->next_id++;
    a->waiting++;
    f->sent++;
    return true;
}

/* As many as the rate has allowed since `begin_us`, each socket in its turn. */
static void ask_all(struct flood *f, uint64_t begin_us)
{
    for (unsigned i = 0; i < f->sockets; i++)
        for (unsigned n = 0; n < f->window; n++) {
            uint64_t due = (now_us() - begin_us) * f->rate / 1000000;
            if ((f->rate > 0 && f->sent >= due) || !ask(f, &f->askers[i]))
                break;
        }
}

static void receive_all(struct flood *f, struct pollfd *wait)
{
    for (unsigned i = 0; i < f->sockets; i++)
        wait[i] = (struct pollfd){f->askers[i].fd, POLLIN, 0};
    poll(wait, f->sockets, 1);
    for (unsigned i = 0; i < f->sockets; i++)
        if (wait[i].revents != 0)
            receive(f, &f->askers[i]);
}

static void report(const struct flood *f)
{
    unsigned long seen = 0, p99 = 0, longest = 0;
    for (unsigned long us = 0; us <= LATENCY_MAX_US; us++) {
        seen += f->latencies[us];
        if (f->latencies[us] > 0)
            longest = us;
        if (seen * 100 <= f->answered * 99)
            p99 = us;
    }
    printf("sent %lu answered %lu lost %lu wrong %lu max %lu p99 %lu\n", f->sent, f->answered,
           f->sent - f->answered, f->wrong, longest, p99);
    for (size_t i = 0; i < ANSWERS_MAX && f->tallies[i].count > 0; i++)
        printf("%s %lu\n", f->tallies[i].text, f->tallies[i].count);
}

static void run(struct flood *f)
{
    struct pollfd wait[SOCKETS_MAX];
    uint64_t begin = now_us(), end = begin + f->seconds * 1000000ull, last = end;
    while (now_us() < end) {
        ask_all(f, begin);
        receive_all(f, wait);
    }
    for (last = now_us(); f->answered < f->sent && now_us() - last < LOSS_MS * 1000ull;)
        receive_all(f, wait);
}

static unsigned number(const char *text, unsigned least, unsigned most)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*end != '\0' || value < least || value > most) {
        fprintf(stderr, "flood: %s: %u to %u\n", text, least, most);
        exit(2);
    }
    return (unsigned)value;
}

int main(int argc, char **argv)
{
    static struct flood flood = {.sockets = 8, .window = 16, .seconds = 1};
    struct endpoint server;
    int option;
    while ((option = getopt(argc, argv, "ts:w:r:d:")) != -1) {
        if (option == 't')
            flood.tcp = true;
        else if (option == 's')
            flood.sockets = number(optarg, 1, SOCKETS_MAX);
        else if (option == 'w')
            flood.window = number(optarg, 1, WINDOW_MAX);
        else if (option == 'r')
            flood.rate = number(optarg, 0, 10000000);
        else if (option == 'd')
            flood.seconds = number(optarg, 1, 600);
        else
            return 2;
    }
    if (argc - optind != 2 || !endpoint_parse(argv[optind], 53, &server)) {
        fprintf(stderr,
                "usage: flood [-t] [-s SOCKETS] [-w WINDOW] [-r RATE] [-d SECONDS] ADDRESS@PORT NAME\n");
        return 2;
    }
    flood.latencies = calloc(LATENCY_MAX_US + 1, sizeof *flood.latencies);
    write_query(&flood, argv[optind + 1]);
    open_sockets(&flood, &server);
    run(&flood);
    report(&flood);
    return flood.sent == flood.answered && flood.wrong == 0 ? 0 : 1;
}
