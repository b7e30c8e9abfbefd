// SPDX-License-Identifier: MIT
/*
 * tcp_stream - the octets of one TCP connection: messages in, each after its length (RFC 1035 section 4.2.2),
 * however the network cut them; answers out, and what the client has not taken of them.
 *
 * A stream without a message under way has no buffer. A buffer grows with what has been received, not with
 * what was announced, so that two octets do not buy 64 KiB.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TCP_STREAM_LENGTH = 2,           /* octets of the length before a message */
    TCP_STREAM_INPUT_FIRST = 1024,   /* room for a message at first */
    TCP_STREAM_RECEIVE_MAX = 4096,   /* octets received at once: no client gets more work done in one turn */
    TCP_STREAM_INPUT_MAX = 2 + 65535 /* the longest message */
};

struct tcp_stream {
    int fd;                /* non-blocking; not the stream's */
    uint8_t *input;        /* NULL: nothing is held */
    size_t held, at, room; /* octets in `input`, where the next message begins, octets allocated */
    uint8_t *unsent;       /* NULL: the socket took everything */
    size_t unsent_size, unsent_at;
};

enum tcp_stream_outcome {
    TCP_STREAM_MORE,   /* something was received, or everything is sent */
    TCP_STREAM_WAIT,   /* the socket has nothing, or takes nothing, for now */
    TCP_STREAM_END,    /* the client sends no more; it may still read (RFC 7766 section 6.2.4) */
    TCP_STREAM_BROKEN, /* nothing can be sent or received any more */
};

void tcp_stream_init(struct tcp_stream *stream, int fd);
void tcp_stream_free(struct tcp_stream *stream);

/* Receives once, up to TCP_STREAM_RECEIVE_MAX octets. All complete messages must have been taken before. */
enum tcp_stream_outcome tcp_stream_receive(struct tcp_stream *stream);
/* The next complete message, in the stream's buffer; false if there is none. */
bool tcp_stream_next(struct tcp_stream *stream, const uint8_t **message, size_t *size);
/* Gives back what the messages taken have used. They must not be looked at any more. */
void tcp_stream_settle(struct tcp_stream *stream);
/* Whatever came in and was not answered will not be. */
void tcp_stream_discard(struct tcp_stream *stream);

/* Sends, and keeps what the socket does not take: TCP_STREAM_WAIT until tcp_stream_flush() got rid of it. Not
 * to be called while something is unsent. */
enum tcp_stream_outcome tcp_stream_send(struct tcp_stream *stream, const uint8_t *octets, size_t size);
enum tcp_stream_outcome tcp_stream_flush(struct tcp_stream *stream);

static inline bool tcp_stream_is_blocked(const struct tcp_stream *stream)
{
    return stream->unsent != NULL;
}

/* Octets allocated. */
static inline size_t tcp_stream_memory(const struct tcp_stream *stream)
{
    return stream->room + stream->unsent_size;
}
