// SPDX-License-Identifier: MIT
#include "dnsd/tcp_stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/mem.h"
#include "core/base/wire.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_temporary(int reason)
{
    return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

void tcp_stream_init(struct tcp_stream *stream, int fd)
{
    *stream = (struct tcp_stream){.fd = fd};
}

void tcp_stream_free(struct tcp_stream *stream)
{
    free(stream->input);
    free(stream->unsent);
    tcp_stream_init(stream, -1);
}

/* --- in -------------------------------------------------------------------------------------------------- */

static void set_room(struct tcp_stream *s, size_t room)
{
    if (room == s->room)
        return;
    if (room == 0)
        free(s->input);
    s->input = room == 0 ? NULL : mem_resize(s->input, room, 1);
    s->room = room;
}

enum tcp_stream_outcome tcp_stream_receive(struct tcp_stream *s)
{
    assert(s->at == 0);
    if (s->held == s->room) /* full, and no message in it is complete: one longer than the room */
        set_room(s, s->room == 0 ? TCP_STREAM_INPUT_FIRST : least(s->room * 2, TCP_STREAM_INPUT_MAX));
    size_t room = least(s->room - s->held, TCP_STREAM_RECEIVE_MAX);
    ssize_t count = recv(s->fd, s->input + s->held, room, MSG_DONTWAIT);
    if (count > 0) {
        s->held += (size_t)count;
        return TCP_STREAM_MORE;
    }
    int reason = errno;
    tcp_stream_settle(s);
    if (count == 0)
        return TCP_STREAM_END;
    return is_temporary(reason) ? TCP_STREAM_WAIT : TCP_STREAM_BROKEN;
}

bool tcp_stream_next(struct tcp_stream *s, const uint8_t **message, size_t *size)
{
    if (s->held - s->at < TCP_STREAM_LENGTH)
        return false;
    size_t announced = wire_load16(s->input + s->at);
    if (s->held - s->at - TCP_STREAM_LENGTH < announced)
        return false;
    *message = s->input + s->at + TCP_STREAM_LENGTH;
    *size = announced;
    s->at += TCP_STREAM_LENGTH + announced;
    return true;
}

void tcp_stream_settle(struct tcp_stream *s)
{
    s->held -= s->at;
    if (s->at > 0 && s->held > 0)
        memmove(s->input, s->input + s->at, s->held);
    s->at = 0;
    if (s->held == 0)
        set_room(s, 0);
    else if (s->held < TCP_STREAM_INPUT_FIRST)
        set_room(s, TCP_STREAM_INPUT_FIRST);
}

void tcp_stream_discard(struct tcp_stream *s)
{
    s->held = s->at = 0;
    set_room(s, 0);
}

/* --- out ------------------------------------------------------------------------------------------------- */

enum tcp_stream_outcome tcp_stream_send(struct tcp_stream *s, const uint8_t *octets, size_t size)
{
    assert(!tcp_stream_is_blocked(s));
    ssize_t count = send(s->fd, octets, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && !is_temporary(errno))
        return TCP_STREAM_BROKEN;
    size_t sent = count < 0 ? 0 : (size_t)count;
    if (sent == size)
        return TCP_STREAM_MORE;
    s->unsent_size = size - sent;
    s->unsent_at = 0;
    s->unsent = mem_resize(NULL, s->unsent_size, 1);
    memcpy(s->unsent, octets + sent, s->unsent_size);
    return TCP_STREAM_WAIT;
}

enum tcp_stream_outcome tcp_stream_flush(struct tcp_stream *s)
{
    size_t left = s->unsent_size - s->unsent_at;
    ssize_t count = send(s->fd, s->unsent + s->unsent_at, left, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0)
        return is_temporary(errno) ? TCP_STREAM_WAIT : TCP_STREAM_BROKEN;
    s->unsent_at += (size_t)count;
    if (s->unsent_at < s->unsent_size)
        return TCP_STREAM_WAIT;
    free(s->unsent);
    s->unsent = NULL;
    s->unsent_size = s->unsent_at = 0;
    return TCP_STREAM_MORE;
}
