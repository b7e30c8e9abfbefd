// SPDX-License-Identifier: MIT
#include "core/base/clock.h"

#include <stdio.h>
#include <time.h>

static uint64_t read_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t clock_monotonic_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

uint64_t clock_monotonic_ms(void)
{
    return read_ns(CLOCK_MONOTONIC) / 1000000;
}

uint64_t clock_wall_ms(void)
{
    return read_ns(CLOCK_REALTIME) / 1000000;
}

const char *clock_format(uint64_t wall_ms, char out[CLOCK_TEXT_MAX])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    size_t length = strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out + length, CLOCK_TEXT_MAX - length, ".%03uZ", (unsigned)(wall_ms % 1000));
    return out;
}

const char *clock_format_span(uint64_t span_ms, char out[CLOCK_TEXT_MAX])
{
    unsigned long long s = span_ms / 1000, m = s / 60, h = m / 60;
    if (s < 1)
        snprintf(out, CLOCK_TEXT_MAX, "%llums", (unsigned long long)span_ms);
    else if (m < 1)
        snprintf(out, CLOCK_TEXT_MAX, "%llus", s);
    else if (h < 1)
        snprintf(out, CLOCK_TEXT_MAX, "%llum%02llus", m, s % 60);
    else if (h < 24)
        snprintf(out, CLOCK_TEXT_MAX, "%lluh%02llum", h, m % 60);
    else
        snprintf(out, CLOCK_TEXT_MAX, "%llud%02lluh", h / 24, h % 24);
    return out;
}
