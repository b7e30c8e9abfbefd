// SPDX-License-Identifier: MIT
/* Networks in a file of their own: what is read, and what is said about bad lines. */
#include "core/model/config_networks.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/support/check_main.h"

#define MANY 20000

static const char yaml[] = "sites: {fra: {at: [50, 8]}, iad: {at: [38, -77]}}\n"
                           "maps: {default: {networks_file: nets.txt, networks: {192.0.2.0/24: [iad]}}}\n"
                           "zones: {e.org: {file: e.zone}}\n";

struct folder {
    char path[64], config[96], networks[96];
};

static void write_octets(const char *path, const char *octets, size_t size)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(octets, 1, size, file), size);
    fclose(file);
}

static struct folder set_up(const char *networks, size_t size)
{
    struct folder f = {.path = "/tmp/meridian-networks-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(f.path));
    snprintf(f.config, sizeof f.config, "%s/meridian.yaml", f.path);
    snprintf(f.networks, sizeof f.networks, "%s/nets.txt", f.path);
    write_octets(f.config, yaml, sizeof yaml - 1);
    if (networks)
        write_octets(f.networks, networks, size);
    return f;
}

static void tear_down(const struct folder *f)
{
    unlink(f->config);
    unlink(f->networks);
    rmdir(f->path);
}

static void check_rule(const struct config_map *map, size_t i, const char *prefix, const char *sites)
{
    char text[PREFIX_TEXT_MAX], list[CONFIG_SITES_MAX + 1] = "";
    const struct config_network_rule *rule = &map->networks[i];
    ck_assert_str_eq(prefix_format(&rule->prefix, text), prefix);
    for (size_t k = 0; k < rule->list.count; k++)
        list[k] = "fi"[rule->list.sites[k]];
    ck_assert_str_eq(list, sites);
}

static void note(void *context, enum config_file_kind kind, const char *path)
{
    char *seen = context;
    size_t length = strlen(seen);
    snprintf(seen + length, 512 - length, "%d %s;", (int)kind, path);
}

START_TEST(lines)
{
    static const char text[] = "# offices\n"
                               "10.0.0.0/8 fra\n"
                               "\n"
                               "  10.1.0.0/16\tiad,fra   # nearer\r\n"
                               "2001:db8::/32 fra, iad\n"
                               "192.0.2.7 iad#no newline at the end";
    struct folder f = set_up(text, sizeof text - 1);
    struct err err = ERR_INIT;
    char seen[512] = "", expected[512];
    struct config *config = config_load(f.config, &err);
    err_print(&err, stderr);
    ck_assert_ptr_nonnull(config);
    ck_assert_uint_eq(config->maps[0].network_count, 5);
    check_rule(&config->maps[0], 0, "192.0.2.0/24", "i");
    check_rule(&config->maps[0], 1, "10.0.0.0/8", "f");
    check_rule(&config->maps[0], 2, "10.1.0.0/16", "if");
    check_rule(&config->maps[0], 3, "2001:db8::/32", "fi");
    check_rule(&config->maps[0], 4, "192.0.2.7/32", "i");
    config_files(config, note, seen);
    snprintf(expected, sizeof expected, "%d %s/e.zone;%d %s;", (int)CONFIG_FILE_ZONE, f.path,
             (int)CONFIG_FILE_NETWORKS, f.networks);
    ck_assert_str_eq(seen, expected);
    config_free(config);
    err_free(&err);
    tear_down(&f);
}
END_TEST

static const struct {
    const char *message, *text, *place, *fragment;
} rows[] = {
    {"no prefix", "10.0.0.0/8 fra\nten iad\n", "nets.txt:2:1", "`ten` is no prefix"},
    {"host bits", "  10.0.0.1/8 fra\n", "nets.txt:1:3", "did you mean `10.0.0.0/8`?"},
    {"unknown site", "10.0.0.0/8 fra,idd\n", "nets.txt:1:16", "did you mean `iad`?"},
    {"no site", "10.0.0.0/8\n", "nets.txt:1:1", "names no site"},
    {"a site twice", "10.0.0.0/8 fra,fra\n", "nets.txt:1:16", "twice"},
    {"a prefix twice", "10.0.0.0/8 fra\n# \n10.0.0.0/8 iad\n", "nets.txt:3:1", "already given at line 1"},
    {"a prefix of `networks`", "192.0.2.0/24 fra\n", "nets.txt:1:1", "meridian.yaml:2"},
    {"NUL", "10.0.0.0/8 f\0a\n", "nets.txt:1:12", "unknown site"},
    {"a comment instead of a site", "10.0.0.0/8 #fra\n", "nets.txt:1:1", "names no site"},
};

START_TEST(mistakes)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = strlen(rows[i].text);
        struct folder f = set_up(rows[i].text, rows[i].text[size - 1] == '\n' ? size : size + 3);
        struct err err = ERR_INIT;
        char line[512];
        ck_assert_msg(!config_load(f.config, &err), "%s: was loaded", rows[i].message);
        err_format(&err.findings[0], line, sizeof line);
        ck_assert_msg(err.errors == 1 && strstr(line, rows[i].place) && strstr(line, rows[i].fragment),
                      "%s: %zu errors, %s", rows[i].message, err.errors, line);
        err_free(&err);
        tear_down(&f);
    }
}
END_TEST

START_TEST(a_missing_file_is_reported_where_it_is_named)
{
    struct folder f = set_up(NULL, 0);
    struct err err = ERR_INIT;
    ck_assert_ptr_null(config_load(f.config, &err));
    ck_assert_uint_eq(err.findings[0].place.line, 2);
    ck_assert_uint_eq(err.findings[0].place.column, 33);
    ck_assert_ptr_nonnull(strstr(err.findings[0].text, "nets.txt: No such file"));
    err_free(&err);
    tear_down(&f);
}
END_TEST

START_TEST(thousands_of_lines)
{
    size_t size = 0;
    char *text = malloc((size_t)MANY * 32);
    ck_assert_ptr_nonnull(text);
    for (unsigned i = 0; i < MANY; i++)
        size += (size_t)snprintf(text + size, 32, "10.%u.%u.0/24 %s\n", i / 256, i % 256,
                                 i % 2 ? "fra" : "iad,fra");
    struct folder f = set_up(text, size);
    struct err err = ERR_INIT;
    struct config *config = config_load(f.config, &err);
    ck_assert_ptr_nonnull(config);
    ck_assert_uint_eq(config->maps[0].network_count, MANY + 1);
    check_rule(&config->maps[0], MANY, "10.78.31.0/24", "f");
    config_free(config);
    err_free(&err);
    tear_down(&f);
    free(text);
}
END_TEST

CHECK_MAIN("core/model/config_networks", lines, mistakes, a_missing_file_is_reported_where_it_is_named,
           thousands_of_lines)
