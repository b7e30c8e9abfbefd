// SPDX-License-Identifier: MIT
/*
 * replay SCENARIO... - runs scenario files against the real state machine, policy, health table and answer
 * path, under a clock that only the scenario moves. A scenario is read line by line; '#' begins a comment.
 *
 *   FILE NAME ... END        the lines between become a file in the folder of meridian.yaml
 *   FILE NAME FROM PATH      a copy of a file of the repository
 *   START dnsd|healthd       STOP dnsd|healthd (as SIGKILL)      RELOAD dnsd|healthd
 *   RELOAD FAILS dnsd|healthd TEXT    the load is refused, and a finding contains TEXT
 *   AT 12s                   the clock: from here on it is so late; ms, s, m, h
 *   PROBE SITE|ADDRESS PASS|FAIL [xN]      one result, or N of them
 *   STATE SERVICE SITE WORD...             up, down, unknown, partly up
 *   HEARD | UNHEARD                        whether dnsd thinks healthd is alive
 *   QUERY NAME TYPE [FROM SUBNET] [BY RESOLVER]
 *   EXPECT WORDS...                        what the last QUERY was answered, see world_query()
 *
 * "AT 12s" may stand before another statement on its line.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tests/replay/world.h"

enum { WORDS_MAX = 32, LINE_ROOM = 1024, ANSWER_ROOM = 1024 };

struct replay {
    const char *path;
    FILE *file;
    unsigned line;
    struct world *world;
    char answer[ANSWER_ROOM];
    bool failed;
};

static void complain(struct replay *replay, const char *what, const char *expected, const char *got)
{
    printf("%s:%u: %s\n  expected: %s\n  got:      %s\n", replay->path, replay->line, what, expected, got);
    replay->failed = true;
}

static void bad_line(struct replay *replay, const char *why)
{
    complain(replay, "this line cannot be understood", why, "something else");
}

/* Splits at white space, up to a comment. */
static size_t split(char *line, char **words)
{
    size_t count = 0;
    for (char *at = line; count < WORDS_MAX;) {
        while (isspace((unsigned char)*at))
            at++;
        if (*at == '\0' || *at == '#')
            break;
        words[count++] = at;
        while (*at != '\0' && !isspace((unsigned char)*at))
            at++;
        if (*at != '\0')
            *at++ = '\0';
    }
    return count;
}

static void join(char **words, size_t count, char *out, size_t room)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && used < room; i++)
        used += (size_t)snprintf(out + used, room - used, "%s%s", i ? " " : "", words[i]);
}

static bool parse_time(const char *text, uint64_t *ms)
{
    static const struct {
        const char *unit;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    char *end;
    uint64_t number = strtoull(text, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].unit) == 0) {
            *ms = number * units[i].ms;
            return end != text;
        }
    return false;
}

/* --- statements: each gets what stands behind its word ---------------------------------------------------- */

/* The lines of `from` up to END, or to its end; `lines` counts them. */
static char *read_lines(FILE *from, bool *ended, unsigned *lines)
{
    char *text = NULL, line[LINE_ROOM];
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    *ended = false;
    while (to != NULL && !*ended && fgets(line, sizeof line, from) != NULL) {
        ++*lines;
        *ended = strcmp(line, "END\n") == 0;
        if (!*ended)
            fputs(line, to);
    }
    if (to != NULL)
        fclose(to);
    return text;
}

static void do_file(struct replay *replay, char **words, size_t count)
{
    bool copies = count == 3 && strcmp(words[1], "FROM") == 0, ended;
    unsigned ignored = 0;
    FILE *from = copies ? fopen(words[2], "re") : count == 1 ? replay->file : NULL;
    if (from == NULL) {
        bad_line(replay, "FILE NAME, lines, END; or FILE NAME FROM PATH");
        return;
    }
    char *text = read_lines(from, &ended, copies ? &ignored : &replay->line);
    if (text == NULL || ended == copies)
        bad_line(replay, "END behind the lines of a FILE");
    else
        world_write_file(replay->world, words[0], text);
    if (copies)
        fclose(from);
    free(text);
}

static const char *load(struct replay *replay, const char *daemon, bool start)
{
    struct world *world = replay->world;
    if (strcmp(daemon, "dnsd") == 0)
        return start ? world_start_dnsd(world) : world_reload_dnsd(world);
    return start ? world_start_healthd(world) : world_reload_healthd(world);
}

static void do_start(struct replay *replay, char **words, size_t count)
{
    const char *why = count == 1 ? load(replay, words[0], true) : "START dnsd or START healthd";
    if (why != NULL)
        complain(replay, "start", "it starts", why);
}

static void do_stop(struct replay *replay, char **words, size_t count)
{
    if (count == 1 && strcmp(words[0], "dnsd") == 0)
        world_stop_dnsd(replay->world);
    else if (count == 1 && strcmp(words[0], "healthd") == 0)
        world_stop_healthd(replay->world);
    else
        bad_line(replay, "STOP dnsd or STOP healthd");
}

static void do_reload(struct replay *replay, char **words, size_t count)
{
    char text[LINE_ROOM];
    bool fails = count >= 3 && strcmp(words[0], "FAILS") == 0;
    const char *why = count > 0 ? load(replay, words[fails ? 1 : 0], false) : "RELOAD dnsd or RELOAD healthd";
    if (!fails) {
        if (why != NULL)
            complain(replay, "reload", "it succeeds", why);
        return;
    }
    join(words + 2, count - 2, text, sizeof text);
    if (why == NULL || strstr(why, text) == NULL)
        complain(replay, "reload", text, why ? why : "it succeeds");
}

static void do_probe(struct replay *replay, char **words, size_t count)
{
    bool pass = count >= 2 && strcmp(words[1], "PASS") == 0;
    unsigned long times = count == 3 && words[2][0] == 'x' ? strtoul(words[2] + 1, NULL, 10) : 1;
    if (count < 2 || count > 3 || times == 0 || (!pass && strcmp(words[1], "FAIL") != 0)) {
        bad_line(replay, "PROBE SITE PASS|FAIL [xN]");
        return;
    }
    for (; times > 0; times--)
        if (!world_probe(replay->world, words[0], pass))
            complain(replay, "probe", "a running healthd that probes it", words[0]);
}

static void do_state(struct replay *replay, char **words, size_t count)
{
    char expected[LINE_ROOM];
    if (count < 3) {
        bad_line(replay, "STATE SERVICE SITE WORDS");
        return;
    }
    join(words + 2, count - 2, expected, sizeof expected);
    const char *got = world_state(replay->world, words[0], words[1]);
    if (strcmp(got, expected) != 0)
        complain(replay, "state", expected, got);
}

static void do_heard(struct replay *replay, char **words, size_t count)
{
    (void)words;
    if (count > 0 || world_is_stale(replay->world))
        complain(replay, "healthd", "dnsd hears of it", "it does not");
}

static void do_unheard(struct replay *replay, char **words, size_t count)
{
    (void)words;
    if (count > 0 || !world_is_stale(replay->world))
        complain(replay, "healthd", "dnsd knows that it is gone", "it does not");
}

static void do_query(struct replay *replay, char **words, size_t count)
{
    struct addr resolver = {.family = ADDR_V4, .octets = {192, 0, 2, 250}};
    struct prefix subnet;
    bool has_subnet = false, ok = count >= 2 && count % 2 == 0;
    for (size_t i = 2; ok && i + 1 < count; i += 2) {
        if (strcmp(words[i], "FROM") == 0)
            ok = has_subnet = prefix_parse(words[i + 1], &subnet, NULL);
        else
            ok = strcmp(words[i], "BY") == 0 && addr_parse(words[i + 1], &resolver);
    }
    if (!ok) {
        bad_line(replay, "QUERY NAME TYPE [FROM SUBNET] [BY RESOLVER]");
        return;
    }
    world_query(replay->world, words[0], words[1], &resolver, has_subnet ? &subnet : NULL, replay->answer,
                sizeof replay->answer);
}

static void do_expect(struct replay *replay, char **words, size_t count)
{
    char expected[LINE_ROOM];
    join(words, count, expected, sizeof expected);
    if (strcmp(expected, replay->answer) != 0)
        complain(replay, "answer", expected, replay->answer);
}

static const struct {
    const char *word;
    void (*run)(struct replay *replay, char **words, size_t count);
} statements[] = {
    {"FILE", do_file},   {"START", do_start},   {"STOP", do_stop},   {"RELOAD", do_reload},
    {"PROBE", do_probe}, {"STATE", do_state},   {"HEARD", do_heard}, {"UNHEARD", do_unheard},
    {"QUERY", do_query}, {"EXPECT", do_expect},
};

static void run_statement(struct replay *replay, char **words, size_t count)
{
    uint64_t now_ms;
    if (count >= 2 && strcmp(words[0], "AT") == 0) {
        if (!parse_time(words[1], &now_ms)) {
            bad_line(replay, "AT 12s");
            return;
        }
        world_set_time(replay->world, now_ms);
        words += 2;
        count -= 2;
    }
    if (count == 0)
        return;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (strcmp(words[0], statements[i].word) == 0) {
            statements[i].run(replay, words + 1, count - 1);
            return;
        }
    bad_line(replay, "a statement");
}

/* --- one scenario ------------------------------------------------------------------------------------------ */

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir != NULL)
        closedir(dir);
    rmdir(folder);
}

static bool run_file(const char *path)
{
    char folder[] = "/tmp/meridian-replay-XXXXXX", line[LINE_ROOM], *words[WORDS_MAX];
    struct replay replay = {.path = path, .file = fopen(path, "re")};
    if (replay.file == NULL || mkdtemp(folder) == NULL) {
        printf("%s: cannot be run\n", path);
        return false;
    }
    replay.world = world_create(folder);
    world_set_time(replay.world, 1000);
    while (!replay.failed && fgets(line, sizeof line, replay.file) != NULL) {
        replay.line++;
        run_statement(&replay, words, split(line, words));
    }
    world_free(replay.world);
    remove_folder(folder);
    fclose(replay.file);
    return !replay.failed;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;
    for (int i = 1; i < argc; i++)
        *(run_file(argv[i]) ? &passed : &failed) += 1;
    printf("replay: %d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}
