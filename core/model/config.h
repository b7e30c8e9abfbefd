// SPDX-License-Identifier: MIT
/*
 * config - meridian.yaml as plain immutable structs. Both daemons and the operator's program load the same
 * file through config_load(); nothing else reads YAML.
 *
 * Three steps:
 *   config_scan   YAML text -> tree of nodes, each with its line and column
 *   config_load   tree -> structs, by tables of keys (config_keys): types, ranges, defaults, suggestions;
 *                 one file for each section
 *   config_check  what spans sections: what nobody uses, clients that cannot be placed
 *
 * Names are resolved: a reference to a site, map, check or service is an index into the array of its kind,
 * in the order of the file. All memory belongs to the config's arena; readable by any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/err.h"
#include "core/model/dname.h"

#define CONFIG_SITES_MAX     64
#define CONFIG_ADDRESSES_MAX 32 /* of one member, both families */
#define CONFIG_NAME_MAX      63 /* octets in the name of a site, map, check, service: [A-Za-z0-9._-] */

/* DNS cookies, RFC 7873. */
struct config_cookies {
    bool enabled;
    const char *secret_file; /* ready for open(2); NULL: a secret made up at start */
};

/* What ANY asks for, RFC 8482. */
enum config_any {
    CONFIG_ANY_ONE,  /* one RRset */
    CONFIG_ANY_FULL, /* over TCP all there are; over UDP one */
};

/* What TCP clients may use; memory is bounded besides (dnsd/tcp.h). */
struct config_tcp {
    unsigned clients;             /* connections in all */
    unsigned clients_per_address; /* of one IPv4 address or one IPv6 /56 */
    uint32_t idle_ms;             /* a connection is closed after so long without a complete query */
};

struct config_server {
    const struct endpoint *listen;
    size_t listen_count;
    unsigned threads;               /* UDP threads; 0: one per core */
    const char *run_dir;            /* ready for open(2) */
    const char *nsid;               /* NULL: none */
    const char *version, *identity; /* CH TXT version.bind and id.server, RFC 4892; NULL: refused */
    int any;                        /* enum config_any */
    struct config_cookies cookies;
    struct config_tcp tcp;
    bool watch; /* reload when a zone file or a database changes */
};

/* Response rate limiting: answers a second to one client network for one subject; a rate of 0 is no limit. */
struct config_rrl {
    bool enabled;
    unsigned rate, nxdomain_rate, errors_rate;
    uint32_t window_ms; /* how long an excess is held against a network */
    unsigned slip;      /* of so many answers over the limit one is sent truncated; 0: none */
    unsigned ipv4_prefix, ipv6_prefix;
    unsigned table_size; /* buckets */
    const struct prefix *exempt;
    size_t exempt_count;
};

struct config_site {
    const char *name;
    double latitude, longitude; /* degrees, north and east positive */
    int bias;                   /* -99..99 per cent: positive attracts clients */
    struct err_place place;
};

/* A list of sites, nearest or most wanted first; indexes into config.sites. */
struct config_site_list {
    const uint8_t *sites;
    size_t count;
};

struct config_network_rule {
    struct prefix prefix;
    struct config_site_list list;
};

struct config_asn_rule {
    uint32_t asn;
    struct config_site_list list;
};

/* ISO 3166-1 alpha-2 country ("DE"), ISO 3166-2 subdivision ("US-CA"), or continent ("EU"), upper case. */
struct config_code_rule {
    char code[8];
    struct config_site_list list;
};

struct config_map {
    const char *name;
    const char *networks_file; /* ready for open(2); NULL: none. Its rules stand in `networks` too */
    const struct config_network_rule *networks;
    const struct config_asn_rule *asns;
    const struct config_code_rule *subdivisions, *countries, *continents;
    size_t network_count, asn_count, subdivision_count, country_count, continent_count;
    struct config_site_list default_sites; /* clients with no known place; empty: order of the file */
    bool fence;                            /* a rule's list is complete: no other site may answer */
    struct err_place place;
};

enum config_check_type {
    CONFIG_CHECK_HTTP,
    CONFIG_CHECK_HTTPS,
    CONFIG_CHECK_TLS,
    CONFIG_CHECK_TCP,
    CONFIG_CHECK_DNS,
    CONFIG_CHECK_ICMP,
    CONFIG_CHECK_EXEC,
};
#define CONFIG_CHECK_TYPES (CONFIG_CHECK_EXEC + 1)

struct config_octets {
    const char *octets; /* NULL: not given */
    size_t size;
};

struct config_status_range {
    uint16_t first, last; /* both belong to it */
};

enum config_json_operator {
    CONFIG_JSON_EQUALS,
    CONFIG_JSON_NOT_EQUALS,
    CONFIG_JSON_LESS_THAN,
    CONFIG_JSON_GREATER_THAN
};

/* A value in a JSON body, compared with `operand`; as numbers by the last two operators, and by the first two
 * if both sides are numbers. */
struct config_json {
    const char *pointer; /* RFC 6901; NULL: not looked at */
    enum config_json_operator operator;
    const char *operand;
};

struct config_check_http {
    const char *path; /* request target, begins with '/' */
    const char *host; /* Host header; NULL: the probed address */
    bool head;        /* HEAD instead of GET */
    const char *const *headers;
    size_t header_count; /* of "Name: value" */
    const struct config_status_range *status;
    size_t status_count;
    /* What must be true of the first 64 KiB of the body; NULL: not looked at. */
    const char *body;       /* occurs in it */
    const char *body_regex; /* matches somewhere (core/base/pattern.h) */
    struct config_json json;
};

struct config_check_tls {
    const char *name; /* sent as SNI and expected in the certificate; NULL: the probed address is expected */
    const char *ca_file;    /* PEM, ready for open(2); NULL: the system's store */
    bool verify;            /* chain and name */
    unsigned min_days_left; /* of the certificate; 0: not looked at */
};

struct config_check_tcp {
    struct config_octets send, expect;
};

struct config_check_dns {
    const char *name;          /* presentation form */
    int record, rcode;         /* numbers of the IANA registries */
    const struct addr *expect; /* every address of the answer must be one of them; none: not looked at */
    size_t expect_count;
};

struct config_check_exec {
    const char *const *command; /* absolute path and arguments, ended by NULL */
};

struct config_check {
    const char *name;
    enum config_check_type type;
    uint16_t port;                 /* 0: the type has none */
    struct config_check_http http; /* http and https */
    struct config_check_tls tls;   /* https and tls */
    struct config_check_tcp tcp;
    struct config_check_dns dns;
    struct config_check_exec exec;
    uint32_t interval_ms, timeout_ms, confirm_ms;
    unsigned fall, rise; /* consecutive results that turn the verdict */
    struct err_place place;
};

#define CONFIG_NO_CHECK (-1)

struct config_member {
    uint8_t site; /* index into config.sites */
    /* Answered addresses: first `a_count` IPv4, then `aaaa_count` IPv6. */
    const struct addr *addresses;
    uint8_t a_count, aaaa_count;
    int check;             /* index into config.checks, CONFIG_NO_CHECK: always up */
    struct endpoint probe; /* probed instead of the answered addresses; family ADDR_NONE: not given,
                              port 0: the check's port */
    struct err_place place;
};

enum config_mode { CONFIG_ACTIVE_ACTIVE, CONFIG_ACTIVE_PASSIVE };

/* What is answered when no member is eligible. */
enum config_all_down {
    CONFIG_ALL_DOWN_SERVE_ALL, /* as if all were up */
    CONFIG_ALL_DOWN_ZONE,      /* the addresses in the zone file */
    CONFIG_ALL_DOWN_NODATA,
};

struct config_service {
    const char *name;
    enum config_mode mode;
    unsigned map; /* index into config.maps */
    uint32_t ttl_s;
    const struct config_member *members; /* active-passive: the order is the priority */
    size_t member_count;
    enum config_all_down all_down;
    bool has_a, has_aaaa; /* some member has an address of that family */
    struct err_place place;
};

struct config_steer {
    const uint8_t *owner; /* absolute, wire format, lower case */
    unsigned service;     /* index into config.services */
    struct err_place place;
};

struct config_zone {
    const uint8_t *origin; /* wire format, lower case */
    const char *name;      /* as in the file, for people */
    const char *file;      /* absolute path or relative to the working directory; ready for open(2) */
    const struct config_steer *steer;
    size_t steer_count;
    struct err_place place;
};

struct config_database {
    const char *path; /* an .mmdb file, or a folder of which every .mmdb counts, by name */
    struct err_place place;
};

struct config {
    struct config_server server;
    struct config_rrl rrl;
    const struct config_database *databases;
    const struct config_site *sites;
    const struct config_map *maps; /* maps[0] is `default`: it always exists */
    const struct config_check *checks;
    const struct config_service *services;
    const struct config_zone *zones;
    const char *zone_directory; /* every NAME.zone in it is zone NAME; NULL: none. Ready for open(2) */
    struct err_place zone_directory_place;
    unsigned max_change_percent; /* of clients that a new edition of the databases may move */
    size_t database_count, site_count, map_count, check_count, service_count, zone_count;
    struct arena *arena; /* owns all of the above, and this struct */
};

/* Reads and checks `path`. NULL if anything is wrong; `err` then holds every mistake found, and warnings
 * in either case. The caller ends with config_free(). */
struct config *config_load(const char *path, struct err *err);
void config_free(struct config *config); /* NULL is fine */

/* The files and folders that what was loaded depends on besides the configuration itself. */
enum config_file_kind {
    CONFIG_FILE_ZONE,
    CONFIG_FILE_ZONE_DIRECTORY,
    CONFIG_FILE_DATABASE,
    CONFIG_FILE_NETWORKS
};
typedef void config_file_visitor(void *context, enum config_file_kind kind, const char *path);
void config_files(const struct config *config, config_file_visitor *visit, void *context);
