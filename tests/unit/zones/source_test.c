// SPDX-License-Identifier: MIT
#include "zones/source.h"

#include <fcntl.h>
#include <sys/time.h>

#include "core/base/clock.h"
#include "tests/unit/zones/fixture.h"

static struct source read_source(const char *path, uint64_t now_wall_ms)
{
    struct source source;
    int fd = open(path, O_RDONLY);
    ck_assert_int_ge(fd, 0);
    ck_assert(source_of(fd, path, now_wall_ms, &source));
    close(fd);
    return source;
}

/* As if the file had been read long after its last change, which in a test it never is. */
static struct source settled(const char *path)
{
    return read_source(path, clock_wall_ms() + 10 * SOURCE_SETTLED_MS);
}

START_TEST(changes)
{
    struct fixture fixture;
    fixture_open(&fixture);
    const char *path = fixture_file(&fixture, "a", "one\n");
    struct source source = settled(path);
    ck_assert(source_is_unchanged(&source));

    usleep(SOURCE_SETTLED_MS * 1000);
    FILE *file = fopen(path, "w"); /* in place, of the same size */
    fputs("two\n", file);
    fclose(file);
    ck_assert(!source_is_unchanged(&source));

    source = settled(path);
    usleep(SOURCE_SETTLED_MS * 1000);
    ck_assert_int_eq(utimes(path, (struct timeval[2]){{1, 0}, {1, 0}}), 0);
    ck_assert(!source_is_unchanged(&source));
    source = settled(path);
    fixture_file(&fixture, "a", "two\n"); /* replaced */
    ck_assert(!source_is_unchanged(&source));
    source = settled(path);
    unlink(path);
    ck_assert(!source_is_unchanged(&source));
    fixture_close(&fixture);
}
END_TEST

START_TEST(fresh_or_settled)
{
    struct fixture fixture;
    fixture_open(&fixture);
    const char *path = fixture_file(&fixture, "a", "one\n");
    uint64_t now = clock_wall_ms();
    ck_assert(!read_source(path, now).settled);
    ck_assert(!read_source(path, 0).settled); /* a file from the future */
    ck_assert(read_source(path, now + 2 * SOURCE_SETTLED_MS).settled);
    struct source source = read_source(path, now);
    ck_assert(!source_is_unchanged(&source));
    fixture_close(&fixture);
}
END_TEST

START_TEST(same_file)
{
    struct fixture fixture;
    fixture_open(&fixture);
    const char *a = fixture_file(&fixture, "a", "one\n"), *b = fixture_file(&fixture, "b", "one\n");
    const char *link = arena_printf(fixture.arena, "%s/link", fixture.folder);
    ck_assert_int_eq(symlink(a, link), 0);
    const struct source of_a = settled(a), of_b = settled(b), of_link = settled(link);
    ck_assert(source_is_same_file(&of_a, &of_link));
    ck_assert(!source_is_same_file(&of_a, &of_b));
    fixture_close(&fixture);
}
END_TEST

CHECK_MAIN("zones/source", changes, fresh_or_settled, same_file)
