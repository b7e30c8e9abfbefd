// SPDX-License-Identifier: MIT
/* What config_load() makes of good input, in full; and that no prefix of a good file upsets it. */
#include "tests/support/check_main.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/unit/core/model/config_text.h"

#define SAMPLE "zones/example/meridian.yaml"

static const char full[] =
    "server:\n"
    "  listen: [\"127.0.0.1@5300\", \"::1@5300\", 192.0.2.53]\n"
    "  threads: 2\n"
    "  run_dir: run/../state\n"
    "  nsid: ns1\n"
    "  watch: true\n"
    "geoip:\n"
    "  databases: [GeoLite2-City.mmdb, /var/lib/geoip]\n"
    "zones:\n" /* sections may come in any order */
    "  Example.COM:\n"
    "    file: zones/example.com.zone\n"
    "    steer: { \"@\": www, WWW: www, \"*.users\": www, api.example.com.: pair }\n"
    "  .: { file: /etc/root.zone }\n"
    "sites:\n"
    "  fra: { at: [50.03, 8.57] }\n"
    "  iad: { at: [38.95, -77.45], bias: 10 }\n"
    "maps:\n"
    "  eu: { default: [iad] }\n"
    "  default:\n"
    "    networks: { 10.20.0.0/16: [fra], 2001:db8:7::/48: [iad], \"::/0\": [fra], 192.0.2.1: [iad, fra] }\n"
    "    asns: { 64500: [iad], 4294967295: [fra] }\n"
    "    countries: { RU: [fra, iad], NO: [iad] }\n"
    "    continents: { EU: [fra] }\n"
    "    subdivisions: { US-CA: [iad] }\n"
    "    default: [iad, fra]\n"
    "    fence: true\n"
    "checks:\n"
    "  web: { type: http, port: 8080, path: /healthz, host: www.example.com, status: [200, 204], body: ok,\n"
    "         interval: 2s, timeout: 1s, confirm: 250ms, fall: 5, rise: 1 }\n"
    "  plain: { type: http }\n"
    "  quick: { type: http, interval: 500ms }\n"
    "services:\n"
    "  www:\n"
    "    mode: active-active\n"
    "    map: default\n"
    "    balance: nearest\n"
    "    answers: 1\n"
    "    check: web\n"
    "    ttl: 1m\n"
    "    members:\n"
    "      fra: { a: [192.0.2.10, 192.0.2.11], aaaa: [2001:db8::10], weight: 100 }\n"
    "      iad: { a: [198.51.100.10], check: plain, probe: 10.0.8.10 }\n"
    "    all_down: zone\n"
    "  pair:\n"
    "    mode: active-passive\n"
    "    map: eu\n"
    "    check: quick\n"
    "    members:\n"
    "      iad: { aaaa: [2001:db8::20], check: none }\n"
    "      fra: { aaaa: [2001:db8::21], probe: 2001:db8::99@81 }\n";

static void assert_addr(const struct addr *addr, const char *text)
{
    char shown[ADDR_TEXT_MAX];
    ck_assert_str_eq(addr_format(addr, shown), text);
}

static void assert_endpoint(const struct endpoint *endpoint, const char *text)
{
    char shown[ENDPOINT_TEXT_MAX];
    ck_assert_str_eq(endpoint_format(endpoint, shown), text);
}

static void assert_list(const struct config_site_list *list, const char *sites)
{
    char shown[CONFIG_SITES_MAX + 1] = "";
    for (size_t i = 0; i < list->count; i++)
        shown[i] = (char)('0' + list->sites[i]);
    ck_assert_str_eq(shown, sites);
}

static struct config *load_clean(const char *text)
{
    struct err err = ERR_INIT;
    struct config *config = load_text(text, &err);
    err_print(&err, stderr);
    ck_assert_uint_eq(err.count, 0);
    ck_assert_ptr_nonnull(config);
    err_free(&err);
    return config;
}

START_TEST(server)
{
    struct config *config = load_clean(full);
    ck_assert_uint_eq(config->server.listen_count, 3);
    assert_endpoint(&config->server.listen[0], "127.0.0.1@5300");
    assert_endpoint(&config->server.listen[1], "::1@5300");
    assert_endpoint(&config->server.listen[2], "192.0.2.53@53");
    ck_assert_uint_eq(config->server.threads, 2);
    ck_assert_str_eq(config->server.run_dir, "/tmp/state");
    ck_assert_str_eq(config->server.nsid, "ns1");
    ck_assert(config->server.watch);
    ck_assert_uint_eq(config->database_count, 2);
    ck_assert_uint_eq(config->max_change_percent, 30);
    ck_assert_str_eq(config->databases[0].path, "/tmp/GeoLite2-City.mmdb");
    ck_assert_uint_eq(config->databases[0].place.line, 8);
    ck_assert_uint_eq(config->databases[0].place.column, 15);
    ck_assert_str_eq(config->databases[1].path, "/var/lib/geoip");
    config_free(config);
}
END_TEST

START_TEST(tcp)
{
    struct config *config =
        load_clean("server: { tcp: { clients: 2000, clients_per_address: 20, idle: 30s } }\n"
                   "zones: {e.org: {file: x}}\n");
    ck_assert_uint_eq(config->server.tcp.clients, 2000);
    ck_assert_uint_eq(config->server.tcp.clients_per_address, 20);
    ck_assert_uint_eq(config->server.tcp.idle_ms, 30000);
    config_free(config);
}
END_TEST

START_TEST(sites)
{
    struct config *config = load_clean(full);
    ck_assert_uint_eq(config->site_count, 2);
    ck_assert_str_eq(config->sites[0].name, "fra");
    ck_assert_double_eq(config->sites[0].latitude, 50.03);
    ck_assert_double_eq(config->sites[0].longitude, 8.57);
    ck_assert_int_eq(config->sites[0].bias, 0);
    ck_assert_str_eq(config->sites[1].name, "iad");
    ck_assert_double_eq(config->sites[1].longitude, -77.45);
    ck_assert_int_eq(config->sites[1].bias, 10);
    ck_assert_uint_eq(config->sites[1].place.line, 16);
    ck_assert_uint_eq(config->sites[1].place.column, 3);
    config_free(config);
}
END_TEST

START_TEST(maps)
{
    static const struct {
        const char *prefix, *sites;
    } networks[] = {{"10.20.0.0/16", "0"}, {"2001:db8:7::/48", "1"}, {"::/0", "0"}, {"192.0.2.1/32", "10"}};
    struct config *config = load_clean(full);
    ck_assert_uint_eq(config->map_count, 2);
    const struct config_map *map = &config->maps[0]; /* although it comes second in the file */
    ck_assert_str_eq(map->name, "default");
    ck_assert_uint_eq(map->place.line, 19);
    ck_assert_uint_eq(map->network_count, 4);
    for (size_t i = 0; i < map->network_count; i++) {
        char shown[PREFIX_TEXT_MAX];
        ck_assert_str_eq(prefix_format(&map->networks[i].prefix, shown), networks[i].prefix);
        assert_list(&map->networks[i].list, networks[i].sites);
    }
    ck_assert_uint_eq(map->asn_count, 2);
    ck_assert_uint_eq(map->asns[1].asn, 4294967295);
    assert_list(&map->asns[1].list, "0");
    ck_assert_uint_eq(map->country_count, 2);
    ck_assert_str_eq(map->countries[0].code, "RU");
    assert_list(&map->countries[0].list, "01");
    ck_assert_str_eq(map->countries[1].code, "NO");
    ck_assert_uint_eq(map->continent_count, 1);
    ck_assert_str_eq(map->continents[0].code, "EU");
    ck_assert_uint_eq(map->subdivision_count, 1);
    ck_assert_str_eq(map->subdivisions[0].code, "US-CA");
    assert_list(&map->default_sites, "10");
    ck_assert(map->fence);
    ck_assert_str_eq(config->maps[1].name, "eu");
    ck_assert(!config->maps[1].fence);
    assert_list(&config->maps[1].default_sites, "1");
    config_free(config);
}
END_TEST

START_TEST(checks)
{
    struct config *config = load_clean(full);
    ck_assert_uint_eq(config->check_count, 3);
    const struct config_check *web = &config->checks[0], *plain = &config->checks[1],
                              *quick = &config->checks[2];
    ck_assert_str_eq(web->name, "web");
    ck_assert_int_eq(web->type, CONFIG_CHECK_HTTP);
    ck_assert_uint_eq(web->port, 8080);
    ck_assert_str_eq(web->http.path, "/healthz");
    ck_assert_str_eq(web->http.host, "www.example.com");
    ck_assert_uint_eq(web->http.status_count, 2);
    ck_assert_uint_eq(web->http.status[1].first, 204);
    ck_assert_str_eq(web->http.body, "ok");
    ck_assert_uint_eq(web->interval_ms, 2000);
    ck_assert_uint_eq(web->timeout_ms, 1000);
    ck_assert_uint_eq(web->confirm_ms, 250);
    ck_assert_uint_eq(web->fall, 5);
    ck_assert_uint_eq(web->rise, 1);
    ck_assert_uint_eq(web->place.line, 28);

    ck_assert_uint_eq(plain->port, 80);
    ck_assert_str_eq(plain->http.path, "/");
    ck_assert_ptr_null(plain->http.host);
    ck_assert_ptr_null(plain->http.body);
    ck_assert_uint_eq(plain->http.status_count, 1);
    ck_assert_uint_eq(plain->http.status[0].first, 200);
    ck_assert_uint_eq(plain->interval_ms, 10000);
    ck_assert_uint_eq(plain->timeout_ms, 2000);
    ck_assert_uint_eq(plain->confirm_ms, 1000);
    ck_assert_uint_eq(plain->fall, 3);
    ck_assert_uint_eq(plain->rise, 2);

    ck_assert_uint_eq(quick->timeout_ms, 500); /* no default is longer than the interval */
    ck_assert_uint_eq(quick->confirm_ms, 500);
    config_free(config);
}
END_TEST

/* Every key of every type of check. */
START_TEST(check_types)
{
    static const char text[] =
        "zones: { e.org: { file: e.zone } }\n"
        "checks:\n"
        "  api: { type: https, port: 8443, path: /h, host: \"api.e.org:8443\", method: HEAD,\n"
        "         headers: { X-A: b c, X-B: \"\" }, status: [200, \"300-399\"], ca_file: ca.pem, verify: "
        "true,\n"
        "         min_days_left: 14 }\n"
        "  sni: { type: https, host: a.e.org, sni: b.e.org, body_regex: 'o+k', json: { pointer: /a~1b/0,\n"
        "         less_than: -1.5e3 } }\n"
        "  ip: { type: https, host: \"192.0.2.1\" }\n"
        "  imap: { type: tls, port: 993, sni: m.e.org }\n"
        "  smtp: { type: tcp, port: 25, send: 'QUIT\\r\\n\\t\\\\\\x00\\xfF', expect: \"220 \\t\" }\n"
        "  ns: { type: dns, name: WWW.e.org, record: AAAA, expect: [2001:db8::1, 2001:db8::2] }\n"
        "  nx: { type: dns, port: 5353, name: nx.e.org., rcode: NXDOMAIN }\n"
        "  ping: { type: icmp, interval: 5s }\n"
        "  own: { type: exec, command: [/bin/check, \"a b\", \"\"], timeout: 300ms }\n";
    struct err err = ERR_INIT;
    struct config *config = load_text(text, &err);
    if (!config)
        err_print(&err, stderr);
    ck_assert_ptr_nonnull(config);
    ck_assert_uint_eq(config->check_count, 9);
    const struct config_check *c = config->checks;

    ck_assert_int_eq(c[0].type, CONFIG_CHECK_HTTPS);
    ck_assert(c[0].http.head);
    ck_assert_uint_eq(c[0].http.header_count, 2);
    ck_assert_str_eq(c[0].http.headers[0], "X-A: b c");
    ck_assert_str_eq(c[0].http.headers[1], "X-B;");
    ck_assert_uint_eq(c[0].http.status_count, 2);
    ck_assert_uint_eq(c[0].http.status[1].first, 300);
    ck_assert_uint_eq(c[0].http.status[1].last, 399);
    ck_assert_str_eq(c[0].http.host, "api.e.org:8443");
    ck_assert_str_eq(c[0].tls.name, "api.e.org"); /* the host without its port */
    ck_assert_str_eq(c[0].tls.ca_file, "/tmp/ca.pem");
    ck_assert(c[0].tls.verify);
    ck_assert_uint_eq(c[0].tls.min_days_left, 14);

    ck_assert_uint_eq(c[1].port, 443);
    ck_assert_str_eq(c[1].tls.name, "b.e.org");
    ck_assert_str_eq(c[1].http.body_regex, "o+k");
    ck_assert_str_eq(c[1].http.json.pointer, "/a~1b/0");
    ck_assert_int_eq(c[1].http.json.operator, CONFIG_JSON_LESS_THAN);
    ck_assert_str_eq(c[1].http.json.operand, "-1.5e3");
    ck_assert(c[1].tls.verify);
    ck_assert_uint_eq(c[1].tls.min_days_left, 0);
    ck_assert_ptr_null(c[2].tls.name); /* an address stands for itself */

    ck_assert_int_eq(c[3].type, CONFIG_CHECK_TLS);
    ck_assert_str_eq(c[3].tls.name, "m.e.org");

    ck_assert_uint_eq(c[4].tcp.send.size, 10);
    ck_assert_mem_eq(c[4].tcp.send.octets, "QUIT\r\n\t\\\0\xff", 10);
    ck_assert_uint_eq(c[4].tcp.expect.size, 5);

    ck_assert_uint_eq(c[5].port, 53);
    ck_assert_str_eq(c[5].dns.name, "www.e.org");
    ck_assert_int_eq(c[5].dns.record, 28);
    ck_assert_int_eq(c[5].dns.rcode, 0);
    ck_assert_uint_eq(c[5].dns.expect_count, 2);
    ck_assert_int_eq(c[6].dns.record, 1);
    ck_assert_int_eq(c[6].dns.rcode, 3);

    ck_assert_uint_eq(c[7].port, 0);
    ck_assert_uint_eq(c[8].port, 0);
    ck_assert_str_eq(c[8].exec.command[0], "/bin/check");
    ck_assert_str_eq(c[8].exec.command[1], "a b");
    ck_assert_str_eq(c[8].exec.command[2], "");
    ck_assert_ptr_null(c[8].exec.command[3]);
    config_free(config);
    err_free(&err);
}
END_TEST

START_TEST(services)
{
    struct config *config = load_clean(full);
    ck_assert_uint_eq(config->service_count, 2);
    const struct config_service *www = &config->services[0], *pair = &config->services[1];
    ck_assert_str_eq(www->name, "www");
    ck_assert_int_eq(www->mode, CONFIG_ACTIVE_ACTIVE);
    ck_assert_uint_eq(www->map, 0);
    ck_assert_uint_eq(www->ttl_s, 60);
    ck_assert_int_eq(www->all_down, CONFIG_ALL_DOWN_ZONE);
    ck_assert(www->has_a && www->has_aaaa);
    ck_assert_uint_eq(www->place.line, 33);
    ck_assert_uint_eq(www->member_count, 2);
    const struct config_member *fra = &www->members[0], *iad = &www->members[1];
    ck_assert_uint_eq(fra->site, 0);
    ck_assert_uint_eq(fra->a_count, 2);
    ck_assert_uint_eq(fra->aaaa_count, 1);
    assert_addr(&fra->addresses[0], "192.0.2.10");
    assert_addr(&fra->addresses[1], "192.0.2.11");
    assert_addr(&fra->addresses[2], "2001:db8::10");
    ck_assert_int_eq(fra->check, 0); /* the service's */
    ck_assert_uint_eq(fra->probe.addr.family, ADDR_NONE);
    ck_assert_uint_eq(iad->site, 1);
    ck_assert_int_eq(iad->check, 1);
    assert_addr(&iad->probe.addr, "10.0.8.10");
    ck_assert_uint_eq(iad->probe.port, 0);
    ck_assert_uint_eq(iad->place.line, 42);
    ck_assert_uint_eq(iad->place.column, 7);

    ck_assert_int_eq(pair->mode, CONFIG_ACTIVE_PASSIVE);
    ck_assert_uint_eq(pair->map, 1);
    ck_assert_uint_eq(pair->ttl_s, 30);
    ck_assert_int_eq(pair->all_down, CONFIG_ALL_DOWN_SERVE_ALL);
    ck_assert(!pair->has_a && pair->has_aaaa);
    ck_assert_uint_eq(pair->members[0].site, 1); /* priority: the order of the file */
    ck_assert_int_eq(pair->members[0].check, CONFIG_NO_CHECK);
    ck_assert_int_eq(pair->members[1].check, 2);
    assert_endpoint(&pair->members[1].probe, "2001:db8::99@81");
    config_free(config);
}
END_TEST

START_TEST(zones)
{
    static const struct {
        const char *owner;
        unsigned service;
    } steer[] = {
        {"example.com", 0}, {"www.example.com", 0}, {"*.users.example.com", 0}, {"api.example.com", 1}};
    struct config *config = load_clean(full);
    char shown[DNAME_TEXT_MAX];
    ck_assert_uint_eq(config->zone_count, 2);
    const struct config_zone *zone = &config->zones[0];
    ck_assert_str_eq(zone->name, "Example.COM");
    ck_assert_str_eq(dname_format(zone->origin, shown), "example.com");
    ck_assert_str_eq(zone->file, "/tmp/zones/example.com.zone");
    ck_assert_uint_eq(zone->place.line, 10);
    ck_assert_uint_eq(zone->steer_count, 4);
    for (size_t i = 0; i < zone->steer_count; i++) {
        ck_assert_str_eq(dname_format(zone->steer[i].owner, shown), steer[i].owner);
        ck_assert_uint_eq(zone->steer[i].service, steer[i].service);
    }
    ck_assert_uint_eq(zone->steer[1].place.column, 24);
    ck_assert_uint_eq(config->zones[1].origin[0], 0);
    ck_assert_str_eq(config->zones[1].file, "/etc/root.zone");
    ck_assert_uint_eq(config->zones[1].steer_count, 0);
    config_free(config);
}
END_TEST

START_TEST(what_the_server_tells)
{
    static const struct {
        const char *message, *server, *version, *identity;
    } rows[] = {
        {"nothing", "{}", NULL, NULL},
        {"the identity is the NSID", "{nsid: ns1}", NULL, "ns1"},
        {"unless it is another", "{nsid: ns1, identity: fra-2}", NULL, "fra-2"},
        {"or none", "{nsid: ns1, identity: none}", NULL, NULL},
        {"the version", "{version: \"Meridian 1\"}", "Meridian 1", NULL},
        {"no version", "{version: none}", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200];
        snprintf(text, sizeof text, "server: %s\nzones: {e.org: {file: x}}\n", rows[i].server);
        struct config *config = load_clean(text);
        const char *version = config->server.version, *identity = config->server.identity;
        ck_assert_msg(!version == !rows[i].version && (!version || !strcmp(version, rows[i].version)),
                      "%s: version", rows[i].message);
        ck_assert_msg(!identity == !rows[i].identity && (!identity || !strcmp(identity, rows[i].identity)),
                      "%s: identity", rows[i].message);
        config_free(config);
    }
}
END_TEST

START_TEST(cookies_and_rate_limits)
{
    struct config *config =
        load_clean("server: {any: full, cookies: {secret_file: keys/cookies}}\n"
                   "rrl: {rate: 20, errors_rate: 0, window: 5s, slip: 3, ipv4_prefix: 32, ipv6_prefix: 64,\n"
                   "      table_size: 2000, exempt: [10.0.0.0/8, \"2001:db8::/32\"]}\n"
                   "zones: {e.org: {file: x}}\n");
    ck_assert_int_eq(config->server.any, CONFIG_ANY_FULL);
    ck_assert_str_eq(config->server.cookies.secret_file, "/tmp/keys/cookies");
    const struct config_rrl *rrl = &config->rrl;
    ck_assert(rrl->enabled);
    ck_assert_uint_eq(rrl->rate, 20);
    ck_assert_uint_eq(rrl->nxdomain_rate, 20); /* as `rate`, unless given */
    ck_assert_uint_eq(rrl->errors_rate, 0);
    ck_assert_uint_eq(rrl->window_ms, 5000);
    ck_assert_uint_eq(rrl->slip, 3);
    ck_assert_uint_eq(rrl->ipv4_prefix, 32);
    ck_assert_uint_eq(rrl->ipv6_prefix, 64);
    ck_assert_uint_eq(rrl->table_size, 2000);
    ck_assert_uint_eq(rrl->exempt_count, 2);
    ck_assert_uint_eq(rrl->exempt[0].length, 8);
    config_free(config);

    config = load_clean("server: {cookies: {enabled: false}}\nrrl: {rate: 7}\nzones: {e.org: {file: x}}\n");
    ck_assert(!config->server.cookies.enabled);
    ck_assert_uint_eq(config->rrl.errors_rate, 7);
    ck_assert_uint_eq(config->rrl.window_ms, 15000);
    ck_assert_uint_eq(config->rrl.slip, 2);
    ck_assert_uint_eq(config->rrl.ipv4_prefix, 24);
    ck_assert_uint_eq(config->rrl.ipv6_prefix, 56);
    ck_assert_uint_eq(config->rrl.table_size, 65536);
    config_free(config);
}
END_TEST

START_TEST(defaults)
{
    struct config *config = load_clean("server:\nmaps: ~\nzones: {e.org: {file: x}}\n");
    ck_assert_uint_eq(config->server.listen_count, 2);
    assert_endpoint(&config->server.listen[0], "0.0.0.0@53");
    assert_endpoint(&config->server.listen[1], "::@53");
    ck_assert_uint_eq(config->server.threads, 0);
    ck_assert_str_eq(config->server.run_dir, "/run/meridian");
    ck_assert_ptr_null(config->server.nsid);
    ck_assert_ptr_null(config->server.version);
    ck_assert_ptr_null(config->server.identity);
    ck_assert_int_eq(config->server.any, CONFIG_ANY_ONE);
    ck_assert(config->server.cookies.enabled && config->server.cookies.secret_file == NULL);
    ck_assert(!config->rrl.enabled);
    ck_assert_uint_eq(config->server.tcp.clients, 1024);
    ck_assert_uint_eq(config->server.tcp.clients_per_address, 64);
    ck_assert_uint_eq(config->server.tcp.idle_ms, 10000);
    ck_assert(!config->server.watch);
    ck_assert_uint_eq(config->map_count, 1);
    ck_assert_str_eq(config->maps[0].name, "default");
    ck_assert_uint_eq(config->maps[0].default_sites.count, 0);
    ck_assert_uint_eq(config->site_count + config->check_count + config->service_count, 0);
    config_free(config);

    config = load_clean("zone_directory: zones.d\n"); /* enough by itself */
    ck_assert_uint_eq(config->zone_count, 0);
    ck_assert_str_eq(config->zone_directory, "/tmp/zones.d");
    ck_assert_uint_eq(config->zone_directory_place.line, 1);
    config_free(config);
    config = load_clean("zones: {e.org: {file: x}}\n"); /* not even the sections */
    ck_assert_ptr_null(config->zone_directory);
    ck_assert_uint_eq(config->server.listen_count, 2);
    ck_assert_uint_eq(config->map_count, 1);
    config_free(config);
}
END_TEST

START_TEST(sample)
{
    struct err err = ERR_INIT;
    struct config *config = config_load(SAMPLE, &err);
    err_print(&err, stderr);
    ck_assert_uint_eq(err.count, 0);
    ck_assert_ptr_nonnull(config);
    ck_assert_str_eq(config->databases[0].path, "build/geoip");
    ck_assert_str_eq(config->server.run_dir, "build/run");
    ck_assert_str_eq(config->zones[0].file, "zones/example/example.com.zone");
    ck_assert_str_eq(config->zones[0].place.file, SAMPLE);
    config_free(config);
}
END_TEST

/* A file cut anywhere loads or has findings, never both nothing. */
static void load_prefixes(const char *text, size_t size)
{
    for (size_t i = 0; i <= size; i++) {
        struct err err = ERR_INIT;
        struct config *config = load_octets(text, i, &err);
        ck_assert_msg((config != NULL) == (err.errors == 0), "cut at %zu", i);
        config_free(config);
        err_free(&err);
    }
}

START_TEST(truncated)
{
    char text[8192];
    FILE *file = fopen(SAMPLE, "r");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    ck_assert_uint_lt(size, sizeof text);
    load_prefixes(text, size);
    load_prefixes(full, sizeof full - 1);
}
END_TEST

/* An octet in the middle of a good file replaced: findings or not, it comes back. */
START_TEST(mutated)
{
    static const char octets[] = "\t\n :-[]{}*&!\"'#@,\x01\xff";
    for (size_t i = 0; i < sizeof full - 1; i += 3) {
        char text[sizeof full];
        memcpy(text, full, sizeof full);
        text[i] = octets[i / 3 % (sizeof octets - 1)];
        struct err err = ERR_INIT;
        struct config *config = load_octets(text, sizeof full - 1, &err);
        ck_assert_msg((config != NULL) == (err.errors == 0), "octet %zu", i);
        config_free(config);
        err_free(&err);
    }
}
END_TEST

START_TEST(max_change)
{
    struct config *config =
        load_clean("geoip: {databases: [x], max_change: 5%}\nzones: {e.org: {file: x}}\n");
    ck_assert_uint_eq(config->max_change_percent, 5);
    config_free(config);
}
END_TEST

static void assert_unreadable(const char *path, const char *fragment)
{
    struct err err = ERR_INIT;
    ck_assert_ptr_null(config_load(path, &err));
    ck_assert_uint_eq(err.errors, 1);
    ck_assert_str_eq(err.findings[0].place.file, path);
    ck_assert_msg(strstr(err.findings[0].text, fragment), "%s", err.findings[0].text);
    err_free(&err);
}

START_TEST(unreadable)
{
    assert_unreadable("/nonexistent/meridian.yaml", "No such file or directory");
    assert_unreadable("/tmp", "is a directory");
    assert_unreadable("/dev/zero", "larger than 64 MiB");
}
END_TEST

START_TEST(sixty_four_sites)
{
    char text[8192] = "zones: {e.org: {file: x}}\nsites:\n";
    for (unsigned i = 0; i < CONFIG_SITES_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "  s%u: {at: [%u, 0]}\n", i, i);
    struct config *config = load_clean(text);
    ck_assert_uint_eq(config->site_count, CONFIG_SITES_MAX);
    config_free(config);

    snprintf(text + strlen(text), sizeof text - strlen(text), "  s64: {at: [64, 0]}\n");
    struct err err = ERR_INIT;
    ck_assert_ptr_null(load_text(text, &err));
    ck_assert_uint_eq(err.errors, 1);
    ck_assert_uint_eq(err.findings[0].place.line, 3 + CONFIG_SITES_MAX);
    err_free(&err);
}
END_TEST

START_TEST(thirty_two_addresses)
{
    for (unsigned count = CONFIG_ADDRESSES_MAX; count <= CONFIG_ADDRESSES_MAX + 1; count++) {
        char text[8192] = "geoip: {databases: [x]}\nsites: {fra: {at: [1, 2]}}\n"
                          "zones: {e.org: {file: x, steer: {w: www}}}\n"
                          "services: {www: {members: {fra: {aaaa: [2001:db8::1], a: [192.0.2.1";
        for (unsigned i = 2; i < count; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), ", 192.0.2.%u", i);
        snprintf(text + strlen(text), sizeof text - strlen(text), "]}}}}\n");
        struct err err = ERR_INIT;
        struct config *config = load_text(text, &err);
        ck_assert_uint_eq(err.errors, count > CONFIG_ADDRESSES_MAX);
        ck_assert((config != NULL) == (count <= CONFIG_ADDRESSES_MAX));
        config_free(config);
        err_free(&err);
    }
}
END_TEST

CHECK_MAIN("config load", server, tcp, sites, maps, checks, check_types, services, zones, defaults,
           what_the_server_tells, cookies_and_rate_limits, sample, truncated, mutated, max_change, unreadable,
           sixty_four_sites, thirty_two_addresses)
