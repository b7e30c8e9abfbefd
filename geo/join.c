// SPDX-License-Identifier: MIT
#include "geo/join.h"

#include "geo/disguise.h"

/* A well-formed tree is visited once a node; trees that share subtrees a few times. More is a cycle. */
#define VISITS_PER_NODE 8
#define VISITS_LEAST    4096 /* splits around the disguises' ranges */
#define IPV4_DEPTH      96   /* databases keep IPv4 at ::/96 */

struct join {
    struct database *databases[DATABASES_MAX]; /* those that know of the family */
    size_t count;
    enum addr_family family;
    struct join_places *places;
    struct leaves *leaves;
    uint64_t visits_left;
    struct err *err;
    bool failed;
};

/* True if ::/96 lies below `path`/`depth`. */
static bool is_above_ipv4(struct bits path, unsigned depth)
{
    return depth < IPV4_DEPTH && !path.hi && !path.lo;
}

struct join_places join_places_of(unsigned wanted)
{
    struct join_places places = {.set = intern_of(sizeof(struct geo_place)), .wanted = wanted};
    struct geo_place unknown = {0};
    intern_add(&places.set, &unknown);
    return places;
}

void join_places_free(struct join_places *places)
{
    intern_free(&places->set);
    memo_free(&places->pairs);
}

/* The number of a data record's place; JOIN_UNKNOWN if it cannot be read. */
static uint32_t place_of(struct join *join, struct database *database, uint32_t record)
{
    if (database_is_empty(database, record))
        return JOIN_UNKNOWN;
    uint32_t number = database_number(database, record);
    if (number == MEMO_UNKNOWN) {
        struct geo_place place = {0};
        if (!database_place(database, record, join->places->wanted, &place, join->err))
            join->failed = true;
        number = intern_add(&join->places->set, &place);
        database_set_number(database, record, number);
    }
    return number;
}

static uint32_t merge(struct join_places *places, uint32_t first, uint32_t second)
{
    if (first == JOIN_UNKNOWN || first == second)
        return second;
    if (second == JOIN_UNKNOWN)
        return first;
    uint32_t *number = memo_at(&places->pairs, (uint64_t)first << 32 | second);
    if (*number == MEMO_UNKNOWN) {
        struct geo_place merged =
            place_merge(intern_item(&places->set, first), intern_item(&places->set, second));
        *number = intern_add(&places->set, &merged);
    }
    return *number;
}

static void add_place(struct join *join, uint32_t place, struct bits path, unsigned depth)
{
    if (join->places->set.count >= JOIN_DISGUISE || join->leaves->count >= LEAVES_COUNT_MAX) {
        err_add(join->err, ERR_ERROR, join->databases[0]->place,
                "GeoIP databases: more networks or places than can be joined; name fewer databases");
        join->failed = true;
        return;
    }
    leaves_add(join->leaves, path, depth, place);
}

static void add_leaf(struct join *join, const uint32_t *records, struct bits path, unsigned depth)
{
    uint32_t place = JOIN_UNKNOWN;
    for (size_t i = 0; i < join->count; i++)
        place = merge(join->places, place, place_of(join, join->databases[i], records[i]));
    add_place(join, place, path, depth);
}

static size_t count_nodes(const struct join *join, const uint32_t *records)
{
    size_t count = 0;
    for (size_t i = 0; i < join->count; i++)
        count += database_is_node(join->databases[i], records[i]);
    return count;
}

/* Makes what is deeper than `records` unknown: it belongs to the IPv4 tree. */
static void cut_nodes(const struct join *join, uint32_t *records)
{
    for (size_t i = 0; i < join->count; i++) {
        if (database_is_node(join->databases[i], records[i]))
            records[i] = join->databases[i]->node_count;
    }
}

/* True, with an error, for a tree that is deeper than its addresses or leads to its nodes again and again. */
static bool refuse_cycle(struct join *join, unsigned depth)
{
    if (depth < (join->family == ADDR_V4 ? 32 : 128) && join->visits_left)
        return false;
    for (size_t i = 0; i < join->count; i++)
        database_error(join->databases[i], join->err,
                       "this database, or one joined with it, is corrupt: its search tree has a cycle; fetch "
                       "it again");
    return true;
}

/* Only one database goes on splitting: what all others know is the same in all of its subtree. */
struct single {
    struct join *join;
    struct database *database;
    uint32_t before;      /* the place that the databases before it make */
    const uint32_t *rest; /* records of those behind it */
    size_t rest_first;
};

static void add_single_leaf(const struct single *single, uint32_t record, struct bits path, unsigned depth)
{
    struct join *join = single->join;
    uint32_t place = merge(join->places, single->before, place_of(join, single->database, record));
    for (size_t i = single->rest_first; i < join->count; i++)
        place = merge(join->places, place, place_of(join, join->databases[i], single->rest[i]));
    add_place(join, place, path, depth);
}

static void walk_single(const struct single *single, uint32_t record, struct bits path, unsigned depth)
{
    struct join *join = single->join;
    if (join->failed)
        return;
    if (!database_is_node(single->database, record)) {
        add_single_leaf(single, record, path, depth);
        return;
    }
    if (refuse_cycle(join, depth)) {
        join->failed = true;
        return;
    }
    join->visits_left--;
    walk_single(single, database_child(single->database, record, 0), path, depth + 1);
    walk_single(single, database_child(single->database, record, 1), bits_with(path, depth), depth + 1);
}

static void start_single(struct join *join, const uint32_t *records, struct bits path, unsigned depth)
{
    struct single single = {.join = join, .before = JOIN_UNKNOWN, .rest = records};
    size_t at = 0;
    for (; !database_is_node(join->databases[at], records[at]); at++)
        single.before = merge(join->places, single.before, place_of(join, join->databases[at], records[at]));
    single.database = join->databases[at];
    single.rest_first = at + 1;
    walk_single(&single, records[at], path, depth);
}

static void walk(struct join *join, const uint32_t *records, struct bits path, unsigned depth, bool near);

/* Both halves of `path`. */
static void descend(struct join *join, const uint32_t *records, struct bits path, unsigned depth, bool near)
{
    uint32_t next[DATABASES_MAX];
    if (refuse_cycle(join, depth)) {
        join->failed = true;
        return;
    }
    join->visits_left--;
    for (unsigned side = 0; side < 2; side++) {
        for (size_t i = 0; i < join->count; i++) {
            const struct database *database = join->databases[i];
            bool is_node = database_is_node(database, records[i]);
            next[i] = is_node ? database_child(database, records[i], side) : records[i];
        }
        if (near && depth + 1 == IPV4_DEPTH && !side && bits_equal(path, (struct bits){0, 0}))
            cut_nodes(join, next);
        walk(join, next, side ? bits_with(path, depth) : path, depth + 1, near);
    }
}

/* `records` are one record of each database: a point in the product of their trees. `near`: the range of a
 * disguise may lie in `path`, or be it. */
static void walk(struct join *join, const uint32_t *records, struct bits path, unsigned depth, bool near)
{
    if (join->failed)
        return;
    if (near && disguise_covers(path, depth)) {
        leaves_add(join->leaves, path, depth, JOIN_DISGUISE);
        return;
    }
    near = near && (disguise_below(path, depth) || is_above_ipv4(path, depth));
    size_t nodes = count_nodes(join, records);
    if (nodes == 1 && !near)
        start_single(join, records, path, depth);
    else if (nodes || (near && disguise_below(path, depth)))
        descend(join, records, path, depth, near);
    else
        add_leaf(join, records, path, depth);
}

bool join_databases(struct databases *databases, enum addr_family family, struct join_places *places,
                    struct leaves *leaves, struct err *err)
{
    struct join join = {
        .family = family, .places = places, .leaves = leaves, .visits_left = VISITS_LEAST, .err = err};
    uint32_t roots[DATABASES_MAX];
    for (size_t i = 0; i < databases->count; i++) {
        struct database *database = &databases->items[i];
        uint32_t root = family == ADDR_V4 ? database->root_v4 : database->root_v6;
        if (database_is_empty(database, root))
            continue;
        roots[join.count] = root;
        join.databases[join.count++] = database;
        join.visits_left += (uint64_t)VISITS_PER_NODE * database->node_count;
    }
    walk(&join, roots, (struct bits){0, 0}, 0, family == ADDR_V6);
    return !join.failed;
}
