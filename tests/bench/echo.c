// SPDX-License-Identifier: MIT
/*
 * echo ADDR@PORT - the floor of any UDP name server: one thread that receives a batch, marks each query as a
 * response, and sends the batch back. What a server costs above this is its own.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/addr.h"

enum { BATCH = 32, ROOM = 1536 };

static struct mmsghdr messages[BATCH];
static struct iovec vectors[BATCH];
static struct sockaddr_storage peers[BATCH];
static unsigned char octets[BATCH][ROOM];

static int open_socket(const char *text)
{
    struct endpoint endpoint;
    struct sockaddr_storage name;
    if (!endpoint_parse(text, 53, &endpoint))
        return -1;
    socklen_t size = endpoint_to_sockaddr(&endpoint, &name);
    int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){4 << 20}, sizeof(int));
    return fd >= 0 && bind(fd, (struct sockaddr *)&name, size) == 0 ? fd : -1;
}

int main(int argc, char **argv)
{
    int fd = argc == 2 ? open_socket(argv[1]) : -1;
    if (fd < 0) {
        fprintf(stderr, "echo: cannot bind; usage: echo ADDR@PORT\n");
        return 1;
    }
    for (size_t i = 0; i < BATCH; i++) {
        vectors[i].iov_base = octets[i];
        messages[i].msg_hdr = (struct msghdr){.msg_name = &peers[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    for (;;) {
        for (size_t i = 0; i < BATCH; i++) {
            vectors[i].iov_len = ROOM;
            messages[i].msg_hdr.msg_namelen = sizeof peers[i];
        }
        int received = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < received; i++) {
            vectors[i].iov_len = messages[i].msg_len;
            octets[i][2] |= 0x80;
        }
        if (received > 0)
            sendmmsg(fd, messages, (unsigned)received, 0);
    }
}
