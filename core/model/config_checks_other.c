// SPDX-License-Identifier: MIT
/* The checks that speak neither HTTP nor TLS. */
#include "core/model/config_checks.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX      1024
#define ARGUMENTS_MAX 64
#define EXPECT_MAX    64

/* --- tcp --------------------------------------------------------------------------------------------------- */

/* The octet that the escape sequence at `*at` stands for, moving `*at` behind it; -1 if it is none. */
static int read_escape(const char **at)
{
    static const char letters[] = "\\nrt", octets[] = "\\\n\r\t";
    const char *escape = *at + 1;
    if (*escape == 'x') {
        char digits[3] = {escape[1], escape[1] ? escape[2] : '\0', '\0'}, *end;
        long value = strtol(digits, &end, 16);
        if (strspn(digits, "0123456789abcdefABCDEF") != 2)
            return -1;
        *at += sizeof "\\xHH" - 1;
        return (int)value;
    }
    const char *letter = *escape ? strchr(letters, *escape) : NULL;
    if (!letter)
        return -1;
    *at += 2;
    return octets[letter - letters];
}

static bool read_octets(struct config_loader *loader, const struct config_key *key,
                        const struct config_node *node, void *into)
{
    const char *at = node->text;
    size_t size = 0;
    char *octets = arena_alloc(loader->arena, strlen(at) + 1);
    while (*at) {
        int octet = *at == '\\' ? read_escape(&at) : (unsigned char)*at++;
        if (octet < 0) {
            config_loader_error(loader, node,
                                "`%s`: write a backslash as \\\\, others as \\n, \\r, \\t, \\xHH", key->name);
            return false;
        }
        octets[size++] = (char)octet;
    }
    if (size < 1 || size > TEXT_MAX) {
        config_loader_error(loader, node, "`%s` has %zu octets: it must have 1 to %d", key->name, size,
                            TEXT_MAX);
        return false;
    }
    *(struct config_octets *)config_keys_field(key, into) = (struct config_octets){octets, size};
    return true;
}

/* --- dns --------------------------------------------------------------------------------------------------- */

/* Numbers of the IANA registry "Resource Record (RR) TYPEs". */
static const struct config_word record_words[] = {
    {"A", 1},
    {"AAAA", 28},
    {"CAA", 257},
    {"CNAME", 5},
    {"DNSKEY", 48},
    {"DS", 43},
    {"HTTPS", 65},
    {"MX", 15},
    {"NAPTR", 35},
    {"NS", 2},
    {"PTR", 12},
    {"SOA", 6},
    {"SRV", 33},
    {"SVCB", 64},
    {"TLSA", 52},
    {"TXT", 16},
    {NULL, CONFIG_WORD_LATER},
};
#define RECORD_A    1
#define RECORD_AAAA 28

/* And of "DNS RCODEs". */
static const struct config_word rcode_words[] = {
    {"NOERROR", 0}, {"FORMERR", 1}, {"SERVFAIL", 2}, {"NXDOMAIN", 3},
    {"NOTIMP", 4},  {"REFUSED", 5}, {"NOTAUTH", 9},  {NULL, CONFIG_WORD_LATER},
};

static bool read_dns_name(struct config_loader *loader, const struct config_key *key,
                          const struct config_node *node, void *into)
{
    uint8_t name[DNAME_MAX];
    char text[DNAME_TEXT_MAX];
    const char *why;
    if (!dname_parse(node->text, NULL, name, &why)) {
        config_loader_error(loader, node, "`%s`: `%s` is no domain name: %s", key->name,
                            config_loader_word(loader, node->text), why);
        return false;
    }
    *(const char **)config_keys_field(key, into) = arena_strdup(loader->arena, dname_format(name, text));
    return true;
}

static bool read_expected_address(struct config_loader *loader, const struct config_key *key,
                                  const struct config_node *node, int record, struct addr *out)
{
    const char *text = config_value_scalar(loader, key->name, node);
    if (!text)
        return false;
    if (addr_parse(text, out) && out->family == (record == RECORD_A ? ADDR_V4 : ADDR_V6))
        return true;
    config_loader_error(loader, node, "`%s`: `%s` is no address that an %s record could hold", key->name,
                        config_loader_word(loader, text), record == RECORD_A ? "A" : "AAAA");
    return false;
}

static bool read_expected(struct config_loader *loader, const struct config_key *key,
                          const struct config_node *node, void *into)
{
    struct config_check *check = into;
    if (check->dns.record != RECORD_A && check->dns.record != RECORD_AAAA) {
        config_loader_error(loader, node, "`%s` takes addresses: `record` must be A or AAAA", key->name);
        return false;
    }
    if (!node->count || node->count > EXPECT_MAX) {
        config_loader_error(loader, node, "`%s` has %zu addresses: give it 1 to %d", key->name, node->count,
                            EXPECT_MAX);
        return false;
    }
    struct addr *addresses = arena_array(loader->arena, node->count, sizeof *addresses);
    bool ok = true;
    for (size_t i = 0; i < node->count; i++)
        ok &= read_expected_address(loader, key, &node->items[i], check->dns.record, &addresses[i]);
    check->dns.expect = addresses;
    check->dns.expect_count = node->count;
    return ok;
}

static bool complete_dns(struct config_loader *loader, const struct config_node *node,
                         struct config_check *check)
{
    if (!check->dns.expect_count || !check->dns.rcode)
        return true;
    config_loader_error(loader, config_checks_value(node, "expect"),
                        "`expect` with another `rcode` than NOERROR: such an answer has no addresses");
    return false;
}

/* --- exec -------------------------------------------------------------------------------------------------- */

static bool read_command(struct config_loader *loader, const struct config_key *key,
                         const struct config_node *node, void *into)
{
    struct config_check *check = into;
    if (!node->count || node->count > ARGUMENTS_MAX) {
        config_loader_error(loader, node, "`%s` has %zu words: give it 1 to %d, the path of a program first",
                            key->name, node->count, ARGUMENTS_MAX);
        return false;
    }
    const char **command = arena_array(loader->arena, node->count + 1, sizeof *command);
    for (size_t i = 0; i < node->count; i++) {
        const char *word = config_value_scalar(loader, key->name, &node->items[i]);
        if (!word)
            return false;
        command[i] = arena_strdup(loader->arena, word);
    }
    if (*command[0] != '/') {
        config_loader_error(
            loader, &node->items[0],
            "`%s`: `%s` is no absolute path; no shell looks for it: write it like /usr/bin/%s", key->name,
            config_loader_word(loader, command[0]), config_loader_word(loader, command[0]));
        return false;
    }
    check->exec.command = command;
    return true;
}

/* --- the types --------------------------------------------------------------------------------------------- */

#define FIELD(name) CONFIG_CHECK_FIELD(name)
static const struct config_key tcp_rows[] = {
    CONFIG_CHECK_COMMON_ROWS,
    CONFIG_CHECK_PORT_ROW(.required = true),
    {"send", CONFIG_TAKES_SCALAR, .parse = read_octets, FIELD(tcp.send)},
    {"expect", CONFIG_TAKES_SCALAR, .parse = read_octets, FIELD(tcp.expect)},
};

static const struct config_key dns_rows[] = {
    CONFIG_CHECK_COMMON_ROWS,
    CONFIG_CHECK_PORT_ROW(.fallback = "53"),
    {"name", CONFIG_TAKES_SCALAR, .parse = read_dns_name, FIELD(dns.name), .required = true},
    {"record", CONFIG_TAKES_SCALAR, .parse = config_value_word, FIELD(dns.record), .words = record_words,
     .fallback = "A"},
    {"rcode", CONFIG_TAKES_SCALAR, .parse = config_value_word, FIELD(dns.rcode), .words = rcode_words,
     .fallback = "NOERROR"},
    {"expect", CONFIG_TAKES_LIST, .parse = read_expected}, /* below `record`: it decides about the family */
};

static const struct config_key icmp_rows[] = {CONFIG_CHECK_COMMON_ROWS};

static const struct config_key exec_rows[] = {
    CONFIG_CHECK_COMMON_ROWS,
    CONFIG_CHECK_PORT_ROW(.required = false),
    {"command", CONFIG_TAKES_LIST, .parse = read_command, .required = true},
};

const struct config_check_kind config_checks_tcp = {CONFIG_KEYS("a tcp check", tcp_rows), NULL};
const struct config_check_kind config_checks_dns = {CONFIG_KEYS("a dns check", dns_rows), complete_dns};
const struct config_check_kind config_checks_icmp = {CONFIG_KEYS("an icmp check", icmp_rows), NULL};
const struct config_check_kind config_checks_exec = {CONFIG_KEYS("an exec check", exec_rows), NULL};
