// SPDX-License-Identifier: MIT
/*
 * differential - asks Meridian and its peers, which serve the same zones, the same questions, and compares the answers.
 * Every difference must be one that a rule of rules.c explains, every rule must explain some, and every answer
 * of Meridian must keep its promises (reply_broken_promise).
 *
 *     differential SEED DOCUMENT RUN:PORT:FOLDER...
 *
 * A run has the zones FOLDER/NAME.zone; four servers serve them on 127.0.0.1, ports PORT and following: Meridian,
 * NSD, Knot, BIND. DOCUMENT explains the rules, each under a heading of its name. Links nothing of Meridian.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/corpus.h"
#include "tests/peers/exchange.h"
#include "tests/peers/question.h"
#include "tests/peers/reply.h"
#include "tests/peers/rules.h"

enum { OURS, SERVERS = 4, RULES_MAX = 64, SHOWN_MAX = 3 /* of a kind */ };

static const char *const server_names[SERVERS] = {"meridian", "nsd", "knot", "bind"};
static const enum rules_peer server_bits[SERVERS] = {0, RULES_NSD, RULES_KNOT, RULES_BIND};

struct differential {
    const char *run;
    const struct name_list *origins;
    struct exchange_server servers[SERVERS];
    uint8_t *room[SERVERS]; /* EXCHANGE_ROOM octets for each one's answer */
    uint64_t random_state;
    uint16_t next_id;
    size_t asked, failed, broken;
    size_t equal[SERVERS], explained[SERVERS]; /* answers, by peer */
    size_t uses[SERVERS][RULES_MAX];           /* by peer and rule */
    size_t tables[SERVERS][1024];              /* unexplained differences, by peer and what differs */
};

/* --- one question ------------------------------------------------------------------------------------------- */

static void print_question(const struct differential *d, const struct question *q)
{
    ldns_rdf *name = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, q->name.length, q->name.octets);
    char *text = ldns_rdf2str(name), *type = ldns_rr_type2str((ldns_rr_type)q->type);
    printf("FAILED [%s] %s %s, %s%s%s\n", d->run, text, type, q->way->text, q->oddity ? ": " : "",
           q->oddity ? q->oddity : "");
    free(text);
    free(type);
    ldns_rdf_deep_free(name);
}

static void show(struct differential *d, const struct question *q, const struct reply replies[SERVERS],
                 const unsigned unexplained[SERVERS], const char *broken)
{
    char text[128];
    bool rare = broken && d->broken++ < SHOWN_MAX;
    for (size_t i = OURS + 1; i < SERVERS; i++)
        rare = rare || (unexplained[i] && d->tables[i][unexplained[i]] <= SHOWN_MAX);
    if (!rare)
        return;
    print_question(d, q);
    if (broken)
        printf("  meridian's answer breaks a promise: %s\n", broken);
    for (size_t i = OURS + 1; i < SERVERS; i++)
        if (unexplained[i])
            printf("  differs from %s in: %s\n", server_names[i],
                   reply_difference_text(unexplained[i], text));
    for (size_t i = 0; i < SERVERS; i++)
        reply_print(server_names[i], &replies[i]);
}

static unsigned compare_with(struct differential *d, const struct question *q,
                             const struct reply replies[SERVERS], size_t peer)
{
    struct rules_case c = {q, &replies[OURS], &replies[peer], d->origins,
                           reply_compare(&replies[OURS], &replies[peer])};
    if (c.differences == 0) {
        d->equal[peer]++;
        return 0;
    }
    unsigned left = rules_unexplained(&c, server_bits[peer], d->uses[peer]);
    if (left == 0)
        d->explained[peer]++;
    else
        d->tables[peer][left]++;
    return left;
}

/* True if Meridian's answer was cut short. */
static bool ask(struct differential *d, struct question *q)
{
    struct reply replies[SERVERS];
    unsigned unexplained[SERVERS] = {0};
    q->run = d->run;
    q->packet[0] = (uint8_t)(++d->next_id >> 8);
    q->packet[1] = (uint8_t)d->next_id;
    for (size_t i = 0; i < SERVERS; i++)
        exchange_send(&d->servers[i], q);
    for (size_t i = 0; i < SERVERS; i++)
        reply_decode(&replies[i], d->room[i], exchange_receive(&d->servers[i], q, d->room[i]));

    const char *broken = reply_broken_promise(&replies[OURS], q, d->room[OURS]);
    bool failed = broken != NULL;
    for (size_t i = OURS + 1; i < SERVERS; i++) {
        unexplained[i] = compare_with(d, q, replies, i);
        failed = failed || unexplained[i];
    }
    if (failed)
        show(d, q, replies, unexplained, broken);
    d->asked++;
    d->failed += failed;
    bool truncated = (replies[OURS].flags & 0x0200) != 0;
    for (size_t i = 0; i < SERVERS; i++)
        reply_free(&replies[i]);
    return truncated;
}

/* --- all questions of a run --------------------------------------------------------------------------------- */

static const struct question_way *find_way(bool tcp)
{
    size_t i = 0;
    while (question_ways[i].tcp != tcp)
        i++;
    return &question_ways[i];
}

/* In one of the ways, chosen by chance; what does not fit is asked again over TCP. */
static void ask_about(struct differential *d, const struct name *name, uint16_t type)
{
    struct question q;
    uint64_t chance = name_random(&d->random_state) >> 32;
    question_write(&q, name, type, &question_ways[chance % question_way_count], (chance >> 16) & 1);
    if (ask(d, &q)) {
        question_write(&q, name, type, find_way(true), false);
        ask(d, &q);
    }
}

/* A, without EDNS: what comes close to 512 octets does so under every seed. */
static void ask_plainly(struct differential *d, const struct name *name)
{
    struct question q;
    question_write(&q, name, LDNS_RR_TYPE_A, find_way(false), false);
    ask(d, &q);
}

static void ask_about_owners(struct differential *d, const struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->owners.count; i++)
        for (size_t t = 0; t < corpus->type_count; t++)
            ask_about(d, &corpus->owners.names[i], corpus->types[t]);
}

/* Names that are made up, with the types asked for everywhere and some of the others. */
static void ask_about_derived(struct differential *d, const struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->derived.count; i++) {
        ask_plainly(d, &corpus->derived.names[i]);
        for (size_t t = 0; t < corpus->type_count;
             t += t < CORPUS_ALWAYS ? 1 : 1 + name_random(&d->random_state) % 40)
            ask_about(d, &corpus->derived.names[i], corpus->types[t]);
    }
}

static void ask_oddities(struct differential *d, const struct corpus *corpus)
{
    struct question q;
    struct name below;
    for (size_t i = 0; i < question_odd_count(); i++) {
        question_write_odd(&q, &corpus->origins.names[0], i);
        ask(d, &q);
        if (name_child(&corpus->origins.names[0], "nosuch", 6, &below)) {
            question_write_odd(&q, &below, i);
            ask(d, &q);
        }
    }
}

static bool run(struct differential *d, const char *argument)
{
    char name[64], folder[512];
    unsigned port;
    struct corpus corpus;
    if (sscanf(argument, "%63[^:]:%u:%511s", name, &port, folder) != 3) {
        printf("\"%s\" is not RUN:PORT:FOLDER\n", argument);
        return false;
    }
    d->run = name;
    d->origins = &corpus.origins;
    size_t before = d->asked;
    bool ok = corpus_read(&corpus, folder, &d->random_state);
    for (unsigned i = 0; ok && i < SERVERS; i++)
        ok = exchange_open(&d->servers[i], port + i);
    if (ok) {
        ask_about_owners(d, &corpus);
        ask_about_derived(d, &corpus);
        ask_oddities(d, &corpus);
        printf("%s: %zu zones, %zu owners, %zu names beside them, %zu types: %zu questions\n", name,
               corpus.origins.count, corpus.owners.count, corpus.derived.count, corpus.type_count,
               d->asked - before);
    }
    for (unsigned i = 0; i < SERVERS; i++)
        exchange_close(&d->servers[i]);
    corpus_free(&corpus);
    return ok;
}

/* --- the verdict ---------------------------------------------------------------------------------------------- */

static void print_summary(const struct differential *d)
{
    char text[128];
    for (size_t i = OURS + 1; i < SERVERS; i++) {
        printf("%s: %zu equal, %zu explained, %zu not\n", server_names[i], d->equal[i], d->explained[i],
               d->asked - d->equal[i] - d->explained[i]);
        for (unsigned j = 1; j < 1024; j++)
            if (d->tables[i][j])
                printf("  unexplained: %6zu  %s\n", d->tables[i][j], reply_difference_text(j, text));
    }
    printf("%-28s %8s %8s %8s\n", "rule", server_names[1], server_names[2], server_names[3]);
    for (size_t r = 0; r < rules_count; r++)
        printf("%-28s %8zu %8zu %8zu\n", rules_table[r].name, d->uses[1][r], d->uses[2][r], d->uses[3][r]);
}

/* A rule that explains nothing is wrong, and so is its paragraph. */
static size_t stale_rules(const struct differential *d)
{
    size_t stale = 0;
    for (size_t r = 0; r < rules_count; r++)
        for (size_t i = OURS + 1; i < SERVERS; i++)
            if ((rules_table[r].peers & server_bits[i]) && d->uses[i][r] == 0) {
                printf("FAILED rule %s never applied to %s\n", rules_table[r].name, server_names[i]);
                stale++;
            }
    return stale;
}

static size_t undocumented_rules(const char *path)
{
    enum { DOCUMENT_MAX = 1 << 16 };
    char *text = calloc(DOCUMENT_MAX, 1), heading[128];
    FILE *file = fopen(path, "re");
    size_t missing = 0, size = file ? fread(text, 1, DOCUMENT_MAX - 1, file) : 0;
    for (size_t r = 0; r < rules_count; r++) {
        snprintf(heading, sizeof heading, "\n### %s\n", rules_table[r].name);
        if (size > 0 && strstr(text, heading))
            continue;
        printf("FAILED rule %s has no paragraph in %s\n", rules_table[r].name, path);
        missing++;
    }
    if (file)
        fclose(file);
    free(text);
    return missing;
}

int main(int argc, char **argv)
{
    static struct differential d;
    if (argc < 4) {
        printf("usage: differential SEED DOCUMENT RUN:PORT:FOLDER...\n");
        return 2;
    }
    uint64_t seed = strtoull(argv[1], NULL, 10);
    d.random_state = seed ? seed : 1;
    for (size_t i = 0; i < SERVERS; i++)
        d.room[i] = malloc(EXCHANGE_ROOM);
    bool ran = true;
    for (int i = 3; i < argc; i++)
        ran = run(&d, argv[i]) && ran;
    print_summary(&d);
    size_t faults = stale_rules(&d) + undocumented_rules(argv[2]) + !ran;
    for (size_t i = 0; i < SERVERS; i++)
        free(d.room[i]);
    printf("%zu passed, %zu failed\n", d.asked - d.failed, d.failed + faults);
    return d.failed + faults > 0;
}
