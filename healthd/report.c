// SPDX-License-Identifier: MIT
#include "healthd/report.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "healthd/policy.h"

#define NAMES_LISTED 5

/* What clients get, by effect; then, for POLICY_ALL_DOWN, by the service's all_down. The names of the
 * services stand between `before` and `after`. */
#define CONSEQUENCES (POLICY_EFFECTS + CONFIG_ALL_DOWN_NODATA + 1)
static const struct {
    const char *before, *after;
} consequences[CONSEQUENCES] = {
    [POLICY_MORE_ADDRESSES] = {"clients of ", " get this address of it again"},
    [POLICY_OTHER_ADDRESSES] = {"clients of ", " get its other addresses"},
    [POLICY_STANDBY] = {"clients of ", " notice nothing: a site before it in the order is answered"},
    [POLICY_BACK] = {"clients of ", " come back to it"},
    [POLICY_NEXT_NEAREST] = {"clients of ", " go to the next nearest site"},
    [POLICY_NEXT_IN_ORDER] = {"clients of ", " go to the next site in the order"},
    [POLICY_EFFECTS +
        CONFIG_ALL_DOWN_SERVE_ALL] = {"NO SITE IS LEFT of ",
                                      ": all are answered as if they were up (all_down: serve-all)"},
    [POLICY_EFFECTS +
        CONFIG_ALL_DOWN_ZONE] = {"NO SITE IS LEFT of ",
                                 ": the addresses in the zone file are answered (all_down: zone)"},
    [POLICY_EFFECTS +
        CONFIG_ALL_DOWN_NODATA] = {"NO SITE IS LEFT of ", ": clients get no address (all_down: nodata)"},
};

/* --- text ------------------------------------------------------------------------------------------------ */

struct text {
    char *out;
    size_t size, length;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(text->out + text->length, text->size - text->length, format, arguments);
    va_end(arguments);
    if (wanted > 0)
        text->length += (size_t)wanted;
    if (text->length >= text->size)
        text->length = text->size - 1;
}

/* "a, b, c and 7 more" */
struct names {
    const char *items[NAMES_LISTED];
    size_t count;
};

/* `names` keeps each name once; those past the end are only counted, twice if they come twice. */
static void add_name(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count && i < NAMES_LISTED; i++)
        if (!strcmp(names->items[i], name))
            return;
    if (names->count < NAMES_LISTED)
        names->items[names->count] = name;
    names->count++;
}

static void add_names(struct text *text, const struct names *names)
{
    for (size_t i = 0; i < names->count && i < NAMES_LISTED; i++)
        add(text, "%s%s", i ? ", " : "", names->items[i]);
    if (names->count > NAMES_LISTED)
        add(text, " and %zu more", names->count - NAMES_LISTED);
}

static void add_sites(struct text *text, const struct targets *targets, const struct target *target)
{
    struct names names = {.count = 0};
    for (size_t i = 0; i < target->slot_count; i++)
        add_name(&names, targets->slots[target->slots[i]].site);
    add_names(text, &names);
}

static void add_services(struct text *text, const struct targets *targets, const struct target *target)
{
    struct names names = {.count = 0};
    for (size_t i = 0; i < target->slot_count; i++)
        add_name(&names, targets->slots[target->slots[i]].service->name);
    add_names(text, &names);
}

/* --- consequences ---------------------------------------------------------------------------------------- */

/* Index into `consequences` of the target's i-th slot. */
static size_t consequence_of(const struct targets *targets, const struct target *target, size_t i)
{
    size_t slot = target->slots[i];
    enum policy_effect effect = policy_effect_of(targets, slot, target);
    if (effect != POLICY_ALL_DOWN)
        return effect;
    return (size_t)POLICY_EFFECTS + targets->slots[slot].service->all_down;
}

/* One clause per consequence, with the services that have it; returns the gravest. */
static size_t add_consequences(struct text *text, const struct targets *targets, const struct target *target)
{
    struct names services[CONSEQUENCES] = {{.count = 0}};
    size_t gravest = POLICY_NOTHING;
    for (size_t i = 0; i < target->slot_count; i++) {
        size_t consequence = consequence_of(targets, target, i);
        add_name(&services[consequence], targets->slots[target->slots[i]].service->name);
        if (consequence > gravest)
            gravest = consequence;
    }
    for (size_t c = POLICY_NOTHING + 1; c < CONSEQUENCES; c++) {
        if (!services[c].count)
            continue;
        add(text, "; %s", consequences[c].before);
        add_names(text, &services[c]);
        add(text, "%s", consequences[c].after);
    }
    return gravest;
}

/* --- lines ----------------------------------------------------------------------------------------------- */

static const char *probes(unsigned count)
{
    return count == 1 ? "probe" : "probes";
}

/* A target of a type without port is an address alone. */
static const char *where(const struct target *target, char out[ENDPOINT_TEXT_MAX])
{
    return target->endpoint.port ? endpoint_format(&target->endpoint, out)
                                 : addr_format(&target->endpoint.addr, out);
}

static void add_cause(struct text *text, const struct target *target, const struct verdict *before,
                      uint64_t now_ms)
{
    char place[ENDPOINT_TEXT_MAX], span[CLOCK_TEXT_MAX];
    const struct verdict *verdict = &target->verdict;
    where(target, place);
    clock_format_span(now_ms - verdict->streak_ms, span);
    if (verdict->state == VERDICT_DOWN) {
        add(text, ": %s failed %u %s in %s, last: %s", place, verdict->fails, probes(verdict->fails), span,
            target->reason);
        return;
    }
    add(text, ": %s passed %u %s in %s, the last took %ums", place, verdict->passes, probes(verdict->passes),
        span, target->latency_ms);
    if (before->state == VERDICT_DOWN && before->since_ms)
        add(text, ", after being down for %s", clock_format_span(now_ms - before->since_ms, span));
    else if (before->state == VERDICT_DOWN)
        add(text, ", after being down since before healthd was started");
}

enum log_level report_flip(const struct targets *targets, const struct target *target,
                           const struct verdict *before, uint64_t now_ms, char out[REPORT_MAX])
{
    char meaning[REPORT_MAX / 2];
    struct text line = {out, REPORT_MAX, 0}, tail = {meaning, sizeof meaning, 0};
    bool up = verdict_is_up(&target->verdict);
    size_t gravest = POLICY_NOTHING;
    meaning[0] = '\0';
    if (before->state != VERDICT_UNKNOWN || !up)
        gravest = add_consequences(&tail, targets, target);
    bool partly = gravest == POLICY_OTHER_ADDRESSES || gravest == POLICY_MORE_ADDRESSES;
    add(&line, "%s", partly ? "an address of " : "");
    add_sites(&line, targets, target);
    add(&line, " is %s for ", !up ? "down" : before->state == VERDICT_DOWN ? "up again" : "up");
    add_services(&line, targets, target);
    add_cause(&line, target, before, now_ms);
    add(&line, "%s", meaning);
    if (up)
        return LOG_INFO;
    return gravest >= POLICY_ALL_DOWN ? LOG_ERROR : LOG_WARNING;
}

const char *report_name(const struct targets *targets, const struct target *target, char out[REPORT_MAX])
{
    char place[ENDPOINT_TEXT_MAX];
    struct text line = {out, REPORT_MAX, 0};
    add_sites(&line, targets, target);
    add(&line, " (");
    add_services(&line, targets, target);
    add(&line, ") %s", where(target, place));
    return out;
}
