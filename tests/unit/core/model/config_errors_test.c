// SPDX-License-Identifier: MIT
/* What config_load() says about bad input: every row has one mistake and has to give exactly one error, at the
 * offending word. */
#include "tests/support/check_main.h"

#include <stdio.h>

#include "tests/unit/core/model/config_text.h"

/* Sections that complete a row; the row's own text comes first, so that its lines count from 1. */
#define ZONES   "zones: {e.org: {file: e.zone}}\n"
#define SITES   "sites: {fra: {at: [50, 8]}, iad: {at: [38, -77]}}\n"
#define CHECKS  "checks: {web: {type: http}}\n"
#define SERVICE "services: {www: {members: {fra: {a: [192.0.2.1]}}}}\n"

struct row {
    const char *message, *yaml, *place, *fragment;
};

static void check_row(const struct row *row)
{
    struct err err = ERR_INIT;
    struct config *config = load_text(row->yaml, &err);
    if (config || err.errors != 1)
        err_print(&err, stderr);
    ck_assert_msg(!config, "%s: was loaded", row->message);
    ck_assert_msg(err.errors == 1, "%s: %zu errors", row->message, err.errors);
    char place[64];
    const struct err_finding *finding = &err.findings[0];
    snprintf(place, sizeof place, "%u:%u", finding->place.line, finding->place.column);
    ck_assert_msg(!strcmp(place, row->place), "%s: at %s, not %s: %s", row->message, place, row->place,
                  finding->text);
    ck_assert_msg(strstr(finding->text, row->fragment), "%s: `%s` lacks `%s`", row->message, finding->text,
                  row->fragment);
    ck_assert_msg(!strchr(finding->text, '\n'), "%s: more than one line", row->message);
    err_free(&err);
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i]);
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

START_TEST(yaml)
{
    static const struct row rows[] = {
        {"empty file", "", "1:1", "empty"},
        {"comment only", "# nothing\n", "1:1", "empty"},
        {"a word", "zones\n", "1:1", "sections"},
        {"a list", "- a\n", "1:1", "sections"},
        {"list not closed", "a: [1,\nb: 2\n", "3:1",
         "a list is not closed (what is read here begins at line 1)"},
        {"mapping not closed", "a: {b: 1\nc: 2\n", "2:2", "a mapping is not closed"},
        {"tab", "a:\n\tb: 1\n", "2:1", "a tab cannot indent"},
        {"two colons", "a: b: c\n", "1:5", "quotes"},
        {"quote not closed", "a: \"b\n", "2:1", "closing quote is missing"},
        {"unquoted apex", ZONES "steer: { @: www }\n", "2:10", "put it in quotes"},
        {"unquoted wildcard", "steer: { *.users: www }\n", "1:11", "put the value in quotes"},
        {"alias of nothing", "a: *q\n", "1:4", "nothing above is anchored"},
        {"unquoted IPv6 first in a list", "a: [::1]\n", "1:5", "put the IPv6 address in quotes"},
        {"unquoted IPv6 first in a mapping", "a: { ::/0: [x] }\n", "1:6", "put the IPv6 address in quotes"},
        {"IPv6 that ends a list", "a: [2001:db8::]\n", "1:14", "put it in quotes"},
        {"not UTF-8", "a: \xff\n", "1:4", "not UTF-8"},
        {"control character", "ab: 1\nc: \x01\n", "2:4", "control character 0x01"},
        {"NUL in a value", ZONES "server: {nsid: \"a\\0b\"}\n", "2:16", "NUL"},
        {"two documents", ZONES "---\na: 1\n", "2:1", "second YAML document"},
        {"duplicate key", ZONES SITES "maps: {}\nsites: {}\n", "4:1", "already given at line 2"},
        {"duplicate key, deeper", "sites:\n  a: {at: [1, 2], at: [1, 2]}\n" ZONES, "2:19", "at line 2"},
        {"key that is a list", ZONES "[a]: b\n", "2:1", "a key must be a plain word"},
        {"tag", ZONES "server: {threads: !!int 4}\n", "2:19", "tags"},
        {"anchor in itself", "a: &x {b: *x}\n" ZONES, "1:8", "nested deeper than 32 levels"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(keys)
{
    static const struct row rows[] = {
        {"no zones", "server: {}\n", "0:0", "there is no zone"},
        {"zones empty", "zones: {}\n", "1:8", "there is no zone"},
        {"unknown section", "zonse: {}\n" ZONES, "1:1",
         "unknown key `zonse` in the configuration: did you mean `zones`?"},
        {"unknown key", "server:\n  theads: 2\n" ZONES, "2:3", "did you mean `threads`?"},
        {"nothing near", "server:\n  xyzzy: 2\n" ZONES, "2:3", "known keys: listen, threads, run_dir, nsid"},
        {"section is a value", "server: 4\n" ZONES, "1:9", "`server` takes a mapping"},
        {"value is a list", "server: {threads: [4]}\n" ZONES, "1:19", "`threads` takes one value"},
        {"list is a value", "server: {listen: 127.0.0.1}\n" ZONES, "1:18", "`listen` takes a list"},
        {"no value", "server: {threads: }\n" ZONES, "1:19", "`threads` has no value"},
        {"state_dir", "server: {state_dir: x}\n" ZONES, "1:10", "state_dir: not supported yet"},
        {"http", "server: {http: {dnsd: x}}\n" ZONES, "1:10", "http: not supported yet"},
        {"zone_directory without a value", "zone_directory:\n" ZONES, "1:16",
         "`zone_directory` has no value"},
        {"zone_directory, two", "zone_directory: [a, b]\n" ZONES, "1:17", "takes one value"},
        {"canaries", "canaries: []\n" ZONES, "1:1", "canaries: not supported yet"},
        {"escapes do not reach the terminal", "\"a\\e[1m\\n\": 1\n" ZONES, "1:1", "unknown key `a?[1m?`"},
        {"long words are cut",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4"
         "aa: 1\n" ZONES,
         "1:1", "aaa...`"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(server)
{
    static const struct row rows[] = {
        {"threads: word", "server: {threads: two}\n" ZONES, "1:19",
         "`two` is no whole number: write 1 to 256"},
        {"threads: zero", "server: {threads: 0}\n" ZONES, "1:19", "0 is out of range: 1 to 256"},
        {"threads: many", "server: {threads: 257}\n" ZONES, "1:19", "1 to 256"},
        {"threads: huge", "server: {threads: 99999999999999999999}\n" ZONES, "1:19", "1 to 256"},
        {"threads: octal", "server: {threads: 010}\n" ZONES, "1:19", "decimal"},
        {"watch: word", "server: {watch: yes}\n" ZONES, "1:17", "write true"},
        {"tcp: unknown key", "server: {tcp: {client: 5}}\n" ZONES, "1:16", "did you mean `clients`?"},
        {"tcp: no clients", "server: {tcp: {clients: 0}}\n" ZONES, "1:25", "1 to 65536"},
        {"tcp: many clients", "server: {tcp: {clients: 65537}}\n" ZONES, "1:25", "1 to 65536"},
        {"tcp: none per address", "server: {tcp: {clients_per_address: 0}}\n" ZONES, "1:37", "1 to 65536"},
        {"tcp: idle without unit", "server: {tcp: {idle: 10}}\n" ZONES, "1:22", "did you mean `10s`?"},
        {"tcp: idle too short", "server: {tcp: {idle: 99ms}}\n" ZONES, "1:22", "100ms to 10m"},
        {"tcp: idle too long", "server: {tcp: {idle: 11m}}\n" ZONES, "1:22", "100ms to 10m"},
        {"listen: empty", "server: {listen: []}\n" ZONES, "1:18", "1 to 256 addresses"},
        {"listen: twice", "server:\n  listen:\n  - 127.0.0.1\n  - 127.0.0.1@53\n" ZONES, "4:5",
         "first at line 3"},
        {"listen: colon", "server: {listen: [\"127.0.0.1:53\"]}\n" ZONES, "1:19",
         "did you mean `127.0.0.1@53`?"},
        {"listen: brackets", "server: {listen: [\"[::1]:53\"]}\n" ZONES, "1:19", "did you mean `::1@53`?"},
        {"listen: name", "server: {listen: [localhost]}\n" ZONES, "1:19", "write it like 192.0.2.1@53"},
        {"listen: port 0", "server: {listen: [127.0.0.1@0]}\n" ZONES, "1:19", "no address@port"},
        {"listen: multicast", "server: {listen: [224.0.0.1]}\n" ZONES, "1:19", "multicast"},
        {"listen: list in list", "server: {listen: [[127.0.0.1]]}\n" ZONES, "1:19", "single value"},
        {"nsid: empty", "server: {nsid: \"\"}\n" ZONES, "1:16", "0 octets: it must have 1 to 128"},
        {"version: empty", "server: {version: \"\"}\n" ZONES, "1:19", "0 octets: it must have 1 to 255"},
        {"identity: a list", "server: {identity: [a]}\n" ZONES, "1:20", "`identity` takes one value"},
        {"any: unknown", "server: {any: ful}\n" ZONES, "1:15", "did you mean `full`?"},
        {"cookies: value", "server: {cookies: true}\n" ZONES, "1:19", "`cookies` takes a mapping"},
        {"cookies: unknown key", "server: {cookies: {secret: x}}\n" ZONES, "1:20",
         "unknown key `secret` in `cookies`"},
        {"cookies: not a bool", "server: {cookies: {enabled: \"off\"}}\n" ZONES, "1:29", "write false"},
        {"cookies: no path", "server: {cookies: {secret_file: \"\"}}\n" ZONES, "1:33", "a path is missing"},
        {"run_dir: empty", "server: {run_dir: \"\"}\n" ZONES, "1:19", "a path is missing"},
        {"run_dir: long",
         "server: {run_dir: "
         "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaa}\n" ZONES,
         "1:19", "too long for the sockets"},
        {"databases: value", "geoip: {databases: x.mmdb}\n" ZONES, "1:20", "takes a list"},
        {"max_change: number", "geoip: {max_change: 30}\n" ZONES, "1:21", "a share from 0% to 100%"},
        {"max_change: too much", "geoip: {max_change: 101%}\n" ZONES, "1:21", "`101%` is not a share"},
        {"max_change: huge", "geoip: {max_change: 99999999999999%}\n" ZONES, "1:21", "is not a share"},
        {"databases: twice", "geoip: {databases: [x.mmdb, ./x.mmdb]}\n" ZONES, "1:29", "twice"},
        {"databases: empty item", "geoip: {databases: [~]}\n" ZONES, "1:21", "single value"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(rrl)
{
    static const struct row rows[] = {
        {"no rate", "rrl: {}\n" ZONES, "1:6", "`rate` is missing: `rrl` needs it"},
        {"rate: many", "rrl: {rate: 100001}\n" ZONES, "1:13", "0 to 100000"},
        {"window: no unit", "rrl: {rate: 5, window: 15}\n" ZONES, "1:24", "did you mean `15s`?"},
        {"window: long", "rrl: {rate: 5, window: 2h}\n" ZONES, "1:24", "1s to 1h"},
        {"slip", "rrl: {rate: 5, slip: 11}\n" ZONES, "1:22", "0 to 10"},
        {"ipv4_prefix", "rrl: {rate: 5, ipv4_prefix: 33}\n" ZONES, "1:29", "1 to 32"},
        {"ipv6_prefix", "rrl: {rate: 5, ipv6_prefix: 0}\n" ZONES, "1:29", "1 to 128"},
        {"table_size", "rrl: {rate: 5, table_size: 8}\n" ZONES, "1:28", "1024 to 16777216"},
        {"exempt: host bits", "rrl: {rate: 5, exempt: [10.0.0.1/8]}\n" ZONES, "1:25", "10.0.0.0/8"},
        {"exempt: value", "rrl: {rate: 5, exempt: 10.0.0.0/8}\n" ZONES, "1:24", "takes a list"},
        {"unknown key", "rrl: {rate: 5, error_rate: 5}\n" ZONES, "1:16", "did you mean `errors_rate`?"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(sites)
{
    static const struct row rows[] = {
        {"no place", "sites:\n  fra:\n" ZONES, "2:3", "`at` is missing"},
        {"swapped", "sites:\n  sin: {at: [103.99, 1.36]}\n" ZONES, "2:14", "did you mean [1.36, 103.99]?"},
        {"latitude", "sites:\n  sin: {at: [-90.1, 100]}\n" ZONES, "2:14",
         "latitude -90.1 is out of range: -90 to 90"},
        {"longitude", "sites:\n  sin: {at: [0, 180.5]}\n" ZONES, "2:17", "longitude 180.5 is out of range"},
        {"not a number", "sites: {a: {at: [nan, 1]}}\n" ZONES, "1:18", "`nan` is no number"},
        {"hexadecimal", "sites: {a: {at: [1, 0x10]}}\n" ZONES, "1:21", "`0x10` is no number"},
        {"degrees twice", "sites: {a: {at: [1.2.3, 1]}}\n" ZONES, "1:18", "no number"},
        {"decimal comma", "sites: {a: {at: [50,03, 8,57]}}\n" ZONES, "1:17", "decimal points"},
        {"bias", "sites: {a: {at: [1, 2], bias: -100}}\n" ZONES, "1:31", "-99 to 99"},
        {"bias: percent", "sites: {a: {at: [1, 2], bias: 10%}}\n" ZONES, "1:31", "no whole number"},
        {"name", "sites: {\"f a\": {at: [1, 2]}}\n" ZONES, "1:9", "`f a` is no name of a site"},
        {"empty name", "sites: {\"\": {at: [1, 2]}}\n" ZONES, "1:9", "is no name"},
        {"long name",
         "sites: {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: {at: [1, 2]}}\n" ZONES,
         "1:9", "at most 63"},
        {"site is a list", "sites: {a: [1, 2]}\n" ZONES, "1:12", "`a` takes a mapping"},
    };
    CHECK_ROWS(rows);
}
END_TEST

#define MAP(text) "maps:\n  default:\n    " text "\n" SITES ZONES
START_TEST(maps)
{
    static const struct row rows[] = {
        {"unknown site", MAP("default: [fra, iat]"), "3:20", "unknown site `iat`: did you mean `iad`?"},
        {"no site is near", MAP("default: [xyzzy]"), "3:15", "known sites: fra, iad"},
        {"no sites at all", "maps: {default: {default: [fra]}}\n" ZONES, "1:28", "there are no sites"},
        {"site twice", MAP("default: [fra, iad, fra]"), "3:25", "`fra` stands in this list twice"},
        {"no site", MAP("default: []"), "3:14", "names no site"},
        {"site alone", MAP("countries: {DE: fra}"), "3:21", "`DE` takes a list"},
        {"country, lower case", MAP("countries: {ru: [fra]}"), "3:17", "did you mean `RU`?"},
        {"country, unknown", MAP("countries: {XX: [fra]}"), "3:17", "unknown code `XX`"},
        {"country, UK", MAP("countries: {UK: [fra]}"), "3:17", "did you mean `GB`?"},
        {"country, three letters", MAP("countries: {DEU: [fra]}"), "3:17", "ISO 3166-1"},
        {"continent", MAP("continents: {XA: [fra]}"), "3:18", "AF, AN, AS, EU, NA, OC or SA"},
        {"subdivision, country", MAP("subdivisions: {XX-CA: [fra]}"), "3:20", "ISO 3166-2"},
        {"subdivision that does not exist", MAP("subdivisions: {US-XX: [fra]}"), "3:20",
         "unknown code `US-XX`"},
        {"subdivision, form", MAP("subdivisions: {USCA: [fra]}"), "3:20", "US-CA"},
        {"subdivision, lower case", MAP("subdivisions: {us-ca: [fra]}"), "3:20", "did you mean `US-CA`?"},
        {"asn 0", MAP("asns: {0: [fra]}"), "3:12", "1 to 4294967295"},
        {"asn too large", MAP("asns: {4294967296: [fra]}"), "3:12", "1 to 4294967295"},
        {"asn with AS", MAP("asns: {AS64500: [fra]}"), "3:12", "`64500` instead of `AS64500`"},
        {"asn word", MAP("asns: {x: [fra]}"), "3:12", "no whole number"},
        {"host bits", MAP("networks: {10.20.0.1/16: [fra]}"), "3:16", "did you mean `10.20.0.0/16`?"},
        {"host bits, IPv6", MAP("networks: {2001:db8::1/32: [fra]}"), "3:16",
         "did you mean `2001:db8::/32`?"},
        {"prefix too long", MAP("networks: {10.0.0.0/33: [fra]}"), "3:16", "no prefix"},
        {"prefix twice", MAP("networks: {10.0.0.1: [fra], 10.0.0.1/32: [fra]}"), "3:33",
         "already given at line 3"},
        {"prefix twice, IPv6", MAP("networks: {2001:db8:0::/48: [fra], 2001:db8::/48: [fra]}"), "3:40",
         "2001:db8::/48 was already given"},
        {"IPv4-mapped", MAP("networks: {\"::ffff:10.0.0.0/104\": [fra]}"), "3:16", "use 10.0.0.0/8"},
        {"fence", MAP("fence: yes"), "3:12", "write true"},
        {"fence, capital", MAP("fence: False"), "3:12", "write false"},
        {"networks_file", MAP("networks_file: /nonexistent/x"), "3:20", "No such file or directory"},
        {"networks_file, a folder", MAP("networks_file: /tmp"), "3:20", "/tmp is a directory"},
    };
    CHECK_ROWS(rows);
}
END_TEST

#define CHECK(text) "checks:\n  web: {" text "}\n" ZONES
START_TEST(checks)
{
    static const struct row rows[] = {
        {"no type", CHECK("port: 80"), "2:3", "`type` is missing"},
        {"type push", CHECK("token: x, type: push"), "2:25", "push: not supported yet"},
        {"type unknown", CHECK("type: htpt"), "2:15", "unknown word `htpt`"},
        {"type near", CHECK("type: httpp"), "2:15", "did you mean `http`?"},
        {"port 0", CHECK("type: http, port: 0"), "2:27", "1 to 65535"},
        {"port 65536", CHECK("type: http, port: 65536"), "2:27", "1 to 65535"},
        {"path", CHECK("type: http, path: healthz"), "2:27", "did you mean `/healthz`?"},
        {"path with a line break", CHECK("type: http, path: \"/a\\r\\nX: y\""), "2:27", "printable"},
        {"host with a line break", CHECK("type: http, host: \"a\\nb\""), "2:27", "printable"},
        {"host is a URL", CHECK("type: http, host: \"http://a\""), "2:27", "not a URL"},
        {"status 99", CHECK("type: http, status: [99]"), "2:30", "100 to 599"},
        {"status none", CHECK("type: http, status: []"), "2:29", "no status code"},
        {"status twice", CHECK("type: http, status: [200, 200]"), "2:35", "twice"},
        {"status alone", CHECK("type: http, status: 200"), "2:29", "takes a list"},
        {"no unit", CHECK("type: http, interval: 10"), "2:31", "did you mean `10s`?"},
        {"unknown unit", CHECK("type: http, interval: 10sec"), "2:31", "ms, s, m, h, d"},
        {"fraction", CHECK("type: http, interval: 1.5s"), "2:31", "whole number"},
        {"negative", CHECK("type: http, interval: -1s"), "2:31", "no duration"},
        {"interval short", CHECK("type: http, interval: 99ms"), "2:31", "out of range: 100ms to 1h"},
        {"interval long", CHECK("type: http, interval: 61m"), "2:31", "100ms to 1h"},
        {"interval endless", CHECK("type: http, interval: 99999999999999999999d"), "2:31", "100ms to 1h"},
        {"timeout over interval", CHECK("type: http, interval: 1s, timeout: 2s"), "2:44",
         "longer than the interval"},
        {"timeout over default interval", CHECK("type: http, timeout: 11s"), "2:30",
         "longer than the interval"},
        {"fall", CHECK("type: http, fall: 0"), "2:27", "1 to 100"},
        {"rise", CHECK("type: http, rise: 101"), "2:27", "1 to 100"},
        {"reserved name", "checks: {none: {type: http}}\n" ZONES, "1:10", "stands for no check"},
    };
    CHECK_ROWS(rows);
}
END_TEST

/* A check of `type` with more keys: the type comes first, so that columns count from behind it. */
#define OF(type, text) "checks:\n  web: {type: " type ", " text "}\n" ZONES
START_TEST(http_checks)
{
    static const struct row rows[] = {
        {"method", OF("http", "method: POST"), "2:29", "known words: GET, HEAD"},
        {"HEAD with body", OF("http", "method: HEAD, body: ok"), "2:41", "the answer to HEAD has no body"},
        {"HEAD with JSON", OF("https", "method: HEAD, json: {pointer: /a, equals: 1}"), "2:42", "no body"},
        {"headers are a list", OF("http", "headers: [a]"), "2:30", "`headers` takes a mapping"},
        {"header name", OF("http", "headers: {\"a b\": c}"), "2:31", "`a b` is no name of a header field"},
        {"header value", OF("http", "headers: {A: \"b\\nc\"}"), "2:34", "control character"},
        {"header value is a list", OF("http", "headers: {A: [b]}"), "2:34", "single value"},
        {"header Host", OF("http", "headers: {host: b}"), "2:31", "is set with `host`"},
        {"header of the framing", OF("http", "headers: {Transfer-Encoding: b}"), "2:31",
         "is set by the prober itself"},
        {"status range", OF("http", "status: [\"399-300\"]"), "2:30", "399-300 ends before it begins"},
        {"status range, end", OF("http", "status: [300-600]"), "2:30", "600 is out of range: 100 to 599"},
        {"status range, word", OF("http", "status: [300-x]"), "2:30", "`x` is no whole number"},
        {"status ranges overlap", OF("http", "status: [200-299, 204]"), "2:39",
         "204 stands in this list twice"},
        {"status negative", OF("http", "status: [-200]"), "2:30", "100 to 599"},
        {"body_regex", OF("http", "body_regex: \"a(b\""), "2:33", "no regular expression: Unmatched ("},
        {"body_regex, back reference", OF("http", "body_regex: '(a)\\1'"), "2:33", "back references"},
        {"json is a word", OF("http", "json: a"), "2:27", "`json` takes a mapping"},
        {"json without pointer", OF("http", "json: {equals: 1}"), "2:27", "`pointer` is missing"},
        {"json without comparison", OF("http", "json: {pointer: /a}"), "2:27", "takes one of `equals`"},
        {"json with two", OF("http", "json: {pointer: /a, equals: 1, less_than: 2}"), "2:27", "takes one of"},
        {"json pointer", OF("http", "json: {pointer: a/b, equals: 1}"), "2:37", "did you mean `/a/b`?"},
        {"json pointer, escape", OF("http", "json: {pointer: /a~b, equals: 1}"), "2:37", "write ~ as ~0"},
        {"json less_than", OF("http", "json: {pointer: /a, less_than: much}"), "2:52", "`much` is no number"},
        {"json greater_than", OF("http", "json: {pointer: /a, greater_than: 0x1}"), "2:55", "no number"},
        {"json unknown", OF("http", "json: {pointer: /a, equal: 1}"), "2:41", "did you mean `equals`?"},
        {"a key of https", OF("http", "verify: false"), "2:21", "unknown key `verify` in an http check"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(tls_checks)
{
    static const struct row rows[] = {
        {"sni", OF("https", "sni: \"a b\""), "2:27", "`a b` is no host name"},
        {"sni with port", OF("tls", "sni: a.example:443"), "2:25", "is no host name"},
        {"host that no certificate has", OF("https", "host: \"a@b\""), "2:28", "name the server with `sni`"},
        {"ca_file", OF("https", "ca_file: \"\""), "2:31", "a path is missing"},
        {"verify", OF("tls", "verify: no"), "2:28", "write false"},
        {"min_days_left", OF("tls", "min_days_left: 0"), "2:35", "1 to 3650"},
        {"min_days_left with unit", OF("https", "min_days_left: 7d"), "2:37", "no whole number"},
        {"a key of https", OF("tls", "path: /a"), "2:20", "unknown key `path` in a tls check"},
        {"port", OF("tls", "port: 0"), "2:26", "1 to 65535"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(other_checks)
{
    static const struct row rows[] = {
        {"tcp without port", OF("tcp", "send: x"), "2:3", "`port` is missing: a tcp check needs it"},
        {"tcp send, escape", OF("tcp", "port: 1, send: '\\q'"), "2:35", "write a backslash as"},
        {"tcp send, hexadecimal", OF("tcp", "port: 1, send: '\\x1'"), "2:35", "\\xHH"},
        {"tcp expect, escape at its end", OF("tcp", "port: 1, expect: 'a\\'"), "2:37", "backslash"},
        {"tcp expect, empty", OF("tcp", "port: 1, expect: ''"), "2:37", "0 octets: it must have 1 to 1024"},
        {"dns without name", OF("dns", "record: A"), "2:3", "`name` is missing: a dns check needs it"},
        {"dns name", OF("dns", "name: a..b"), "2:26", "`a..b` is no domain name"},
        {"dns record", OF("dns", "name: a, record: AA"), "2:37", "did you mean `A`"},
        {"dns rcode", OF("dns", "name: a, rcode: NOEROR"), "2:36", "did you mean `NOERROR`?"},
        {"dns expect, word", OF("dns", "name: a, expect: [b]"), "2:38", "no address that an A record"},
        {"dns expect, family", OF("dns", "name: a, record: AAAA, expect: [192.0.2.1]"), "2:52",
         "no address that an AAAA record"},
        {"dns expect, record", OF("dns", "name: a, record: TXT, expect: [192.0.2.1]"), "2:50",
         "`record` must be A or AAAA"},
        {"dns expect, none", OF("dns", "name: a, expect: []"), "2:37", "0 addresses: give it 1 to 64"},
        {"dns expect, rcode", OF("dns", "name: a, rcode: NXDOMAIN, expect: [192.0.2.1]"), "2:54",
         "has no addresses"},
        {"icmp has no port", OF("icmp", "port: 7"), "2:21", "unknown key `port` in an icmp check"},
        {"exec without command", OF("exec", "port: 7"), "2:3", "`command` is missing"},
        {"exec, a line", OF("exec", "command: /bin/true"), "2:30", "takes a list"},
        {"exec, empty", OF("exec", "command: []"), "2:30", "0 words"},
        {"exec, relative", OF("exec", "command: [check.sh]"), "2:31", "no absolute path"},
        {"exec, list in list", OF("exec", "command: [/bin/true, [a]]"), "2:42", "single value"},
        {"family", OF("icmp", "family: v4"), "2:21", "family: not supported yet"},
    };
    CHECK_ROWS(rows);
}
END_TEST

#define WWW(text)    "services:\n  www: {" text "}\n" SITES CHECKS ZONES
#define MEMBER(text) WWW("members: {fra: {" text "}}")
START_TEST(services)
{
    static const struct row rows[] = {
        {"no members", WWW("ttl: 30"), "2:3", "`members` is missing"},
        {"members empty", WWW("members: {}"), "2:18", "no member"},
        {"unknown site", WWW("members: {fraa: {a: [192.0.2.1]}}"), "2:19", "did you mean `fra`?"},
        {"mode", WWW("mode: active, members: {fra: {a: [192.0.2.1]}}"), "2:15",
         "active-active, active-passive"},
        {"map", WWW("map: defualt, members: {fra: {a: [192.0.2.1]}}"), "2:14", "did you mean `default`?"},
        {"balance", WWW("balance: weighted, members: {fra: {a: [192.0.2.1]}}"), "2:18",
         "weighted: not supported yet"},
        {"answers", WWW("answers: 2, members: {fra: {a: [192.0.2.1]}}"), "2:9", "answers: not supported yet"},
        {"all_down", WWW("all_down: last-good, members: {fra: {a: [192.0.2.1]}}"), "2:19",
         "not supported yet"},
        {"all_down unknown", WWW("all_down: nothing, members: {fra: {a: [192.0.2.1]}}"), "2:19",
         "serve-all, zone, nodata"},
        {"failback", WWW("failback: {}, members: {fra: {a: [192.0.2.1]}}"), "2:9",
         "failback: not supported yet"},
        {"brake", WWW("brake: {}, members: {fra: {a: [192.0.2.1]}}"), "2:9", "brake: not supported yet"},
        {"ttl_unstable", WWW("ttl_unstable: 5, members: {fra: {a: [192.0.2.1]}}"), "2:9",
         "not supported yet"},
        {"check", WWW("check: wbe, members: {fra: {a: [192.0.2.1]}}"), "2:16", "unknown check `wbe`"},
        {"check, probe", WWW("check: wbe, members: {fra: {a: [192.0.2.1], probe: 10.0.0.1}}"), "2:16",
         "unknown check"},
        {"ttl", WWW("ttl: 86401, members: {fra: {a: [192.0.2.1]}}"), "2:14", "0s to 1d"},
        {"ttl, parts of seconds", WWW("ttl: 1500ms, members: {fra: {a: [192.0.2.1]}}"), "2:14",
         "whole seconds"},
        {"ttl, negative", WWW("ttl: -1, members: {fra: {a: [192.0.2.1]}}"), "2:14", "no duration"},
        {"no address", MEMBER("check: web"), "2:19", "0 addresses: give it 1 to 32"},
        {"not an address", MEMBER("a: [192.0.2.300]"), "2:29", "`192.0.2.300` is no IPv4 address"},
        {"a number", MEMBER("a: [3]"), "2:29", "no IPv4 address"},
        {"aaaa under a", MEMBER("a: [2001:db8::1]"), "2:29", "IPv6 address: put it under `aaaa`"},
        {"a under aaaa", MEMBER("aaaa: [192.0.2.1]"), "2:32", "IPv4 address: put it under `a`"},
        {"unspecified", MEMBER("a: [0.0.0.0]"), "2:29", "0.0.0.0/8"},
        {"unspecified, IPv6", MEMBER("aaaa: [\"::\"]"), "2:32", "unspecified"},
        {"multicast", MEMBER("a: [239.1.2.3]"), "2:29", "multicast"},
        {"multicast, IPv6", MEMBER("aaaa: [\"ff02::1\"]"), "2:32", "multicast"},
        {"broadcast", MEMBER("a: [255.255.255.255]"), "2:29", "240.0.0.0/4"},
        {"IPv4-mapped", MEMBER("aaaa: [\"::ffff:192.0.2.1\"]"), "2:32", "use the IPv4 address 192.0.2.1"},
        {"address twice", WWW("members: {fra: {a: [192.0.2.1]}, iad: {a: [192.0.2.1]}}"), "2:52",
         "at line 2"},
        {"probe without check", MEMBER("a: [192.0.2.1], probe: 10.0.0.1"), "2:48", "without a check"},
        {"probe, no check", WWW("check: web, members: {fra: {a: [192.0.2.1], check: none, probe: 10.0.0.1}}"),
         "2:73", "without a check"},
        {"probe port", MEMBER("a: [192.0.2.1], check: web, probe: 10.0.0.1@0"), "2:60", "no address@port"},
        {"probe unspecified", MEMBER("a: [192.0.2.1], check: web, probe: 0.0.0.0@80"), "2:60",
         "no host's address"},
        {"weight", MEMBER("a: [192.0.2.1], weight: 50"), "2:41", "weight: not supported yet"},
        {"cname", MEMBER("cname: cdn.example.net"), "2:25", "cname: not supported yet"},
        {"min_healthy", MEMBER("a: [192.0.2.1], min_healthy: 2"), "2:41", "min_healthy: not supported yet"},
    };
    CHECK_ROWS(rows);
}
END_TEST

#define ZONE(text) "zones:\n  e.org: {" text "}\n" SITES SERVICE
START_TEST(zones)
{
    static const struct row rows[] = {
        {"no file", ZONE(""), "2:3", "`file` is missing"},
        {"file empty", ZONE("file: \"\""), "2:17", "a path is missing"},
        {"unknown service", ZONE("file: x, steer: {w: wwww}"), "2:31", "did you mean `www`?"},
        {"no service", ZONE("file: x, steer: {w: }"), "2:31", "name of a service"},
        {"not in the zone", ZONE("file: x, steer: {w.example.com.: www}"), "2:28",
         "does not lie in the zone e.org"},
        {"no name", ZONE("file: x, steer: {a..b: www}"), "2:28", "no domain name"},
        {"steered twice", ZONE("file: x, steer: {w: www, W: www}"), "2:36", "same name as at line 2"},
        {"steered twice, absolute", ZONE("file: x, steer: {w: www, w.e.org.: www}"), "2:36", "same name"},
        {"zone twice", "zones:\n  e.org: {file: x}\n  E.org.: {file: x}\n", "3:3", "same zone as at line 2"},
        {"zone name", "zones: {a..b: {file: x}}\n", "1:9", "no name of a zone"},
        {"zone name @", "zones: {\"@\": {file: x}}\n", "1:9", "write `.` for the root zone"},
    };
    CHECK_ROWS(rows);
}
END_TEST

/* Twelve mistakes in one file: all are found, in the order of the file, and nothing else. */
START_TEST(all_at_once)
{
    static const char text[] = "zones:\n"
                               "  e.org: {file: x, steer: {w: wwww}}\n"
                               "  f.org: {}\n"
                               "services:\n"
                               "  www:\n"
                               "    ttl: 1y\n"
                               "    chekc: web\n"
                               "    members:\n"
                               "      frb: {a: [1.2.3]}\n"
                               "checks:\n"
                               "  web: {type: http, timeout: 1h, fall: x}\n"
                               "sites:\n"
                               "  fra: {at: [91, 181]}\n"
                               "  fra: {}\n"
                               "server:\n"
                               "  threads: -1\n"
                               "  watch: maybe\n";
    static const unsigned lines[] = {2, 3, 6, 7, 9, 9, 11, 13, 13, 14, 16, 17};
    const size_t count = sizeof lines / sizeof *lines;
    struct err err = ERR_INIT;
    ck_assert_ptr_null(load_text(text, &err));
    if (err.errors != count)
        err_print(&err, stderr);
    ck_assert_uint_eq(err.errors, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(err.findings[i].place.line, lines[i]);
    err_free(&err);
}
END_TEST

START_TEST(warnings)
{
    static const struct row rows[] = {
        {"unused map", "maps: {eu: {}}\n" ZONES, "1:8", "map `eu` is used by no service"},
        {"unused check", CHECKS ZONES, "1:10", "check `web` is used by no member"},
        {"unused service", "geoip: {databases: [x]}\n" SERVICE SITES ZONES, "2:12",
         "service `www` is never answered"},
        {"no databases", SERVICE SITES "zones: {e.org: {file: x, steer: {w: www}}}\n", "0:0",
         "no geoip databases"},
        {"confirm over interval",
         "checks: {web: {type: http, confirm: 11s}}\ngeoip: {databases: [x]}\n" SITES
         "services: {www: {check: web, members: {fra: {a: [192.0.2.1]}}}}\n"
         "zones: {e.org: {file: x, steer: {w: www}}}\n",
         "1:37", "longer than the interval"},
        {"verify: false",
         "checks: {web: {type: tls, verify: false}}\ngeoip: {databases: [x]}\n" SITES
         "services: {www: {check: web, members: {fra: {a: [192.0.2.1]}}}}\n"
         "zones: {e.org: {file: x, steer: {w: www}}}\n",
         "1:35", "counts as healthy"},
        {"name that repeats the zone",
         "zones:\n  e.org: {file: x, steer: {w.e.org: www}}\ngeoip: {databases: [x]}\n" SITES SERVICE, "2:28",
         "means w.e.org.e.org"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;
        struct config *config = load_text(rows[i].yaml, &err);
        char place[64] = "none";
        if (err.count != 1)
            err_print(&err, stderr);
        ck_assert_msg(config && err.count == 1, "%s: not loaded with one warning", rows[i].message);
        snprintf(place, sizeof place, "%u:%u", err.findings[0].place.line, err.findings[0].place.column);
        ck_assert_msg(!strcmp(place, rows[i].place), "%s: at %s", rows[i].message, place);
        ck_assert_msg(strstr(err.findings[0].text, rows[i].fragment), "%s: %s", rows[i].message,
                      err.findings[0].text);
        config_free(config);
        err_free(&err);
    }
}
END_TEST

CHECK_MAIN("config errors", yaml, keys, server, rrl, sites, maps, checks, http_checks, tls_checks,
           other_checks, services, zones, all_at_once, warnings)
