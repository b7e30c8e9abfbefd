// SPDX-License-Identifier: MIT
#include "dnsd/watch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uv.h>

#include "core/base/hash.h"
#include "core/base/mem.h"

enum {
    CHANGES_MAX = 64,     /* files looked at until they rest; of further ones only the events count */
    COARSE_CLOCK_MS = 10, /* file times lag behind the clock by up to a tick */
};

/* A folder under watch. */
struct folder {
    uv_fs_event_t event;
    struct watch *watch;
    size_t number; /* in watch->files */
    uint64_t identity;
};

/* A file that has changed and may not be at rest yet. */
struct change {
    char *path;
    uint64_t look;
};

struct watch {
    uv_loop_t *loop;
    const struct log *log;
    watch_changed *changed;
    void *context;
    uv_timer_t timer;
    struct watch_files *files; /* NULL: none */
    struct folder **folders;   /* one for each folder of `files`; NULL where watching failed */
    struct change changes[CHANGES_MAX];
    size_t change_count;
    uint64_t next_report_ms;
};

/* --- changes --------------------------------------------------------------------------------------------- */

/* What of a file shows that somebody wrote to it; 0 if there is none. */
static uint64_t look_at(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return 0;
    const uint64_t seen[] = {status.st_dev, status.st_ino, (uint64_t)status.st_size,
                             (uint64_t)status.st_mtim.tv_sec, (uint64_t)status.st_mtim.tv_nsec};
    return hash_octets(seen, sizeof seen, 0);
}

/* Tells a folder from another that has taken its name; 0 if there is none. */
static uint64_t identity_of(const char *folder)
{
    struct stat status;
    return stat(folder, &status) == 0 ? hash_mix(status.st_dev, status.st_ino) : 0;
}

static void forget_changes(struct watch *watch)
{
    for (size_t i = 0; i < watch->change_count && i < CHANGES_MAX; i++)
        free(watch->changes[i].path);
    watch->change_count = 0;
}

/* Looks at all changed files; true if they are as they were at the look before. */
static bool at_rest(struct watch *watch)
{
    bool rest = true;
    for (size_t i = 0; i < watch->change_count && i < CHANGES_MAX; i++) {
        uint64_t look = look_at(watch->changes[i].path);
        rest = rest && look == watch->changes[i].look;
        watch->changes[i].look = look;
    }
    return rest;
}

static void on_timer(uv_timer_t *timer)
{
    struct watch *watch = timer->data;
    uint64_t now = uv_now(watch->loop);
    if (!at_rest(watch)) {
        uv_timer_start(timer, on_timer, WATCH_SETTLE_MS, 0);
        return;
    }
    if (now < watch->next_report_ms) {
        uv_timer_start(timer, on_timer, watch->next_report_ms - now, 0);
        return;
    }
    watch->next_report_ms = now + WATCH_PAUSE_MS;
    watch->changed(watch->context, watch->changes[0].path, watch->change_count);
    forget_changes(watch);
}

static void note_change(struct watch *watch, const char *folder, const char *name)
{
    char path[PATH_MAX + NAME_MAX + 2];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    size_t known = watch->change_count < CHANGES_MAX ? watch->change_count : CHANGES_MAX, i = 0;
    while (i < known && strcmp(watch->changes[i].path, path) != 0)
        i++;
    if (i == known) {
        if (known < CHANGES_MAX)
            watch->changes[i] = (struct change){.path = mem_strdup(path)};
        watch->change_count++;
    }
    if (i < CHANGES_MAX)
        watch->changes[i].look = look_at(path);
    uv_timer_start(&watch->timer, on_timer, WATCH_SETTLE_MS, 0);
}

/* --- events ---------------------------------------------------------------------------------------------- */

/* Links in a folder are switched to exchange files below them all at once: Kubernetes does so with `..data`. */
static bool is_link(const char *folder, const char *name)
{
    char path[PATH_MAX + NAME_MAX + 2];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/* What happens to the folder itself comes with its own name: it was moved away, another took its place. */
static bool is_own_name(const char *folder, const char *name)
{
    const char *slash = strrchr(folder, '/');
    return slash != NULL && strcmp(slash + 1, name) == 0;
}

static void on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
    const struct folder *f = event->data;
    struct watch *watch = f->watch;
    (void)events;
    if (status < 0 || name == NULL)
        return;
    const char *folder = watch_files_folder(watch->files, f->number);
    if (watch_files_has(watch->files, f->number, name) || is_own_name(folder, name) || is_link(folder, name))
        note_change(watch, folder, name);
}

static void on_folder_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static struct folder *watch_folder(struct watch *watch, size_t number)
{
    const char *path = watch_files_folder(watch->files, number);
    struct folder *folder = mem_alloc(sizeof *folder);
    folder->watch = watch;
    folder->number = number;
    folder->identity = identity_of(path);
    uv_fs_event_init(watch->loop, &folder->event);
    folder->event.data = folder;
    int status = uv_fs_event_start(&folder->event, on_event, path, 0);
    if (status == 0)
        return folder;
    log_line(
        watch->log, LOG_WARNING,
        "%s cannot be watched: %s; after a change there, reload with SIGHUP until the next reload succeeds "
        "in watching it",
        path, uv_strerror(status));
    uv_close((uv_handle_t *)&folder->event, on_folder_closed);
    return NULL;
}

/* --- the files under watch ------------------------------------------------------------------------------- */

struct newer_than {
    struct watch *watch;
    int64_t since_ms;
};

static void note_if_newer(void *context, const char *folder, const char *name)
{
    const struct newer_than *than = context;
    char path[PATH_MAX + NAME_MAX + 2];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    /* The time of change, not of modification: a renamed file brings the latter along. */
    if (stat(path, &status) == 0 &&
        status.st_ctim.tv_sec * 1000 + status.st_ctim.tv_nsec / 1000000 + COARSE_CLOCK_MS >= than->since_ms)
        note_change(than->watch, folder, name);
}

/* Whether the folder was already under watch among the old ones. */
static bool is_watched(const struct watch_files *files, struct folder *const *folders, const char *path,
                       uint64_t identity)
{
    size_t low = 0, high = files == NULL ? 0 : watch_files_folders(files);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(path, watch_files_folder(files, middle));
        if (order == 0)
            return folders[middle] != NULL && folders[middle]->identity == identity;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static void close_folders(struct folder **folders, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (folders[i] != NULL)
            uv_close((uv_handle_t *)&folders[i]->event, on_folder_closed);
    free(folders);
}

/* The new watches begin before the old ones end: the kernel counts them as one, and no event falls between. */
void watch_set(struct watch *watch, struct watch_files *files, uint64_t since_ms)
{
    struct watch_files *old_files = watch->files;
    struct folder **old_folders = watch->folders;
    size_t count = files == NULL ? 0 : watch_files_folders(files);
    watch->files = files;
    watch->folders = mem_alloc((count + 1) * sizeof *watch->folders);
    for (size_t i = 0; i < count; i++) {
        const char *path = watch_files_folder(files, i);
        struct folder *folder = watch->folders[i] = watch_folder(watch, i);
        if (folder != NULL && !is_watched(old_files, old_folders, path, folder->identity))
            watch_files_each(files, i, note_if_newer, &(struct newer_than){watch, (int64_t)since_ms});
    }
    close_folders(old_folders, old_files == NULL ? 0 : watch_files_folders(old_files));
    watch_files_free(old_files);
}

struct watch *watch_start(void *loop, const struct log *log, watch_changed *changed, void *context)
{
    struct watch *watch = mem_alloc(sizeof *watch);
    watch->loop = loop;
    watch->log = log;
    watch->changed = changed;
    watch->context = context;
    uv_timer_init(watch->loop, &watch->timer);
    watch->timer.data = watch;
    return watch;
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void watch_stop(struct watch *watch)
{
    forget_changes(watch);
    close_folders(watch->folders, watch->files == NULL ? 0 : watch_files_folders(watch->files));
    watch_files_free(watch->files);
    watch->files = NULL;
    uv_close((uv_handle_t *)&watch->timer, on_timer_closed);
}
