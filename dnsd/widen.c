// SPDX-License-Identifier: MIT
#include "dnsd/widen.h"

#include <stdlib.h>
#include <uv.h>

#include "core/base/mem.h"
#include "dnsd/steer.h"

#define TABLES_MAX 32 /* in use at once; services beyond it have the narrower scopes */
#define UNUSED_MAX 4  /* kept for the day when the same sites are up again */
#define FAMILIES   2

/* What a table was, or is to be, built for. */
struct key {
    const struct geo *geo;
    size_t map;
    struct geo_answerers answerers;
};

struct built {
    struct key key;
    struct geo_scopes *scopes; /* NULL: a free place */
    uint64_t used;             /* the last look that wanted it */
};

struct widen_view {
    size_t count;
    struct widen_entry {
        struct geo_answerers answerers;
        const struct geo_scopes *scopes; /* NULL: not built, or not needed */
    } entries[];                         /* FAMILIES for each service */
};

struct widen {
    uv_loop_t *loop;
    widen_ready *ready;
    void *context;
    struct built tables[TABLES_MAX + UNUSED_MAX];
    uint64_t looks;
    const struct geo *geo; /* of the last look: tables of others are of no use any more */
    struct built job;
    struct part { /* of the job, for one family of clients each */
        uv_work_t work;
        struct widen *widen;
        enum addr_family family;
    } parts[FAMILIES];
    unsigned building; /* parts under way */
};

static size_t entry_of(size_t service, enum addr_family family)
{
    return service * FAMILIES + (family == ADDR_V6);
}

static bool same_answerers(struct geo_answerers a, struct geo_answerers b)
{
    return a.eligible == b.eligible && a.fallback == b.fallback;
}

static struct built *find_built(struct widen *w, const struct key *key)
{
    for (size_t i = 0; i < sizeof w->tables / sizeof *w->tables; i++) {
        struct built *built = &w->tables[i];
        if (built->scopes && built->key.geo == key->geo && built->key.map == key->map &&
            same_answerers(built->key.answerers, key->answerers))
            return built;
    }
    return NULL;
}

static void drop(struct built *built)
{
    geo_scopes_free(built->scopes);
    *built = (struct built){.scopes = NULL};
}

/* Tables that neither this look nor the one before wanted are in no view any more. Frees the oldest of them if there are more
 * than enough; returns a free place, or NULL if all are in use. */
static struct built *make_room(struct widen *w)
{
    struct built *oldest = NULL, *free_place = NULL;
    size_t unused = 0;
    for (size_t i = 0; i < sizeof w->tables / sizeof *w->tables; i++) {
        struct built *built = &w->tables[i];
        if (!built->scopes) {
            free_place = built;
        } else if (built->used + 1 < w->looks) {
            unused++;
            oldest = !oldest || built->used < oldest->used ? built : oldest;
        }
    }
    if (oldest && (unused > UNUSED_MAX || !free_place)) {
        drop(oldest);
        return oldest;
    }
    return free_place;
}

/* --- building, on threads of the pool ---------------------------------------------------------------------- */

static void build(uv_work_t *work)
{
    struct part *part = work->data;
    geo_scopes_fill(part->widen->job.scopes, part->family);
}

/* A part is never cancelled: `status` is 0. */
static void on_built(uv_work_t *work, int status)
{
    struct part *part = work->data;
    struct widen *w = part->widen;
    (void)status;
    if (--w->building > 0)
        return;
    struct built *place = w->job.key.geo == w->geo ? make_room(w) : NULL;
    if (!place) {
        drop(&w->job);
        return;
    }
    w->job.used = w->looks;
    *place = w->job;
    w->ready(w->context);
}

static void start_build(struct widen *w, const struct key *key, struct geo *geo)
{
    if (w->building || !make_room(w))
        return;
    w->job = (struct built){.key = *key, .scopes = geo_scopes_create(geo, key->map, key->answerers)};
    for (; w->building < FAMILIES; w->building++) {
        struct part *part = &w->parts[w->building];
        *part = (struct part){.widen = w, .family = w->building ? ADDR_V6 : ADDR_V4};
        part->work.data = part;
        uv_queue_work(w->loop, &part->work, build, on_built);
    }
}

/* --- views ------------------------------------------------------------------------------------------------- */

/* What belongs into the view for one service and family. */
static struct widen_entry wanted(struct widen *w, const struct snapshot *snapshot,
                                 const struct health_view *health, size_t service_index,
                                 enum addr_family family)
{
    const struct service *service = &snapshot->services[service_index];
    struct steer_state state;
    steer_observe(service, family, health, &state);
    if (steer_is_alike(service, &state))
        return (struct widen_entry){{0, 0}, NULL};
    struct key key = {snapshot->geo, service->map, state.answerers};
    struct built *built = find_built(w, &key);
    if (built)
        built->used = w->looks;
    else
        start_build(w, &key, snapshot->geo);
    return (struct widen_entry){state.answerers, built ? built->scopes : NULL};
}

struct widen_view *widen_look(struct widen *w, const struct snapshot *snapshot,
                              const struct health_view *health)
{
    size_t services = snapshot->config->service_count, count = services * FAMILIES;
    struct widen_view *view = mem_alloc(sizeof *view + count * sizeof *view->entries);
    view->count = count;
    w->looks++;
    w->geo = snapshot->geo;
    for (size_t i = 0; i < services; i++) {
        view->entries[entry_of(i, ADDR_V4)] = wanted(w, snapshot, health, i, ADDR_V4);
        view->entries[entry_of(i, ADDR_V6)] = wanted(w, snapshot, health, i, ADDR_V6);
    }
    return view;
}

void widen_view_free(struct widen_view *view)
{
    free(view);
}

/* A set without a table is as good as any other without one. */
static bool same_entry(const struct widen_entry *a, const struct widen_entry *b)
{
    return a->scopes == b->scopes && (!a->scopes || same_answerers(a->answerers, b->answerers));
}

bool widen_is_current(struct widen *w, const struct widen_view *view, const struct snapshot *snapshot,
                      const struct health_view *health)
{
    bool current = true;
    for (size_t i = 0; i < view->count; i++) {
        enum addr_family family = i % FAMILIES ? ADDR_V6 : ADDR_V4;
        struct widen_entry entry = wanted(w, snapshot, health, i / FAMILIES, family);
        current = current && same_entry(&entry, &view->entries[i]);
    }
    return current;
}

const struct geo_scopes *widen_find(const struct widen_view *view, size_t service, enum addr_family family,
                                    struct geo_answerers answerers)
{
    if (!view)
        return NULL;
    const struct widen_entry *entry = &view->entries[entry_of(service, family)];
    return same_answerers(entry->answerers, answerers) ? entry->scopes : NULL;
}

/* --- life --------------------------------------------------------------------------------------------------- */

struct widen *widen_create(struct uv_loop_s *loop, widen_ready *ready, void *context)
{
    struct widen *w = mem_alloc(sizeof *w);
    w->loop = loop;
    w->ready = ready;
    w->context = context;
    return w;
}

void widen_forget(struct widen *w, const struct geo *except)
{
    for (size_t i = 0; i < sizeof w->tables / sizeof *w->tables; i++)
        if (w->tables[i].scopes && w->tables[i].key.geo != except)
            drop(&w->tables[i]);
}

void widen_free(struct widen *w)
{
    if (w == NULL)
        return;
    widen_forget(w, NULL);
    free(w);
}
