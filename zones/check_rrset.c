// SPDX-License-Identifier: MIT
#include "zones/check.h"

#include <stdlib.h>

#include "core/base/mem.h"
#include "core/model/dname.h"
#include "zones/rdata.h"

/* --- duplicates (RFC 2181 section 5) -------------------------------------------------------------------- */

/* What qsort() sorts, as it passes no context: a record, the type it is of, and its number in the RRset. */
struct sorted {
    struct builder_record *record;
    size_t at;
    uint16_t type;
};

static int compare(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    int order = rdata_compare(a->type, a->record->rdata, a->record->size, b->record->rdata, b->record->size);
    if (order)
        return order;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* The records of an RRset, equal ones side by side in the order of the file. The caller frees. */
static struct sorted *sort_records(const struct builder_rrset *rrset)
{
    struct sorted *sorted = mem_resize(NULL, rrset->count, sizeof *sorted);
    size_t count = 0;
    for (struct builder_record *record = rrset->first; record; record = record->next, count++)
        sorted[count] = (struct sorted){record, count, rrset->type};
    qsort(sorted, count, sizeof *sorted, compare);
    return sorted;
}

static void drop_duplicates(struct builder_rrset *rrset)
{
    struct builder_record **link = &rrset->first;
    while (*link) {
        if (!(*link)->duplicate) {
            link = &(*link)->next;
            continue;
        }
        rrset->count--;
        rrset->size -= BUILDER_RECORD_HEADER + (*link)->size;
        *link = (*link)->next;
    }
    rrset->end = link;
}

static void check_duplicates(struct builder *builder, const struct builder_node *node,
                             struct builder_rrset *rrset)
{
    char text[DNAME_TEXT_MAX], place[BUILDER_PLACE_MAX];
    struct sorted *sorted = sort_records(rrset);
    const struct builder_record *kept = sorted[0].record;
    for (size_t i = 1; i < rrset->count; i++) {
        struct builder_record *record = sorted[i].record;
        record->duplicate =
            rdata_compare(rrset->type, kept->rdata, kept->size, record->rdata, record->size) == 0;
        if (record->duplicate)
            err_add(builder->err, ERR_WARNING, builder_err_place(builder, record->place),
                    "\"%s\" has this record already, on %s; dropped", dname_format(node->name, text),
                    builder_place_text(builder, kept->place, record->place, place));
        else
            kept = record;
    }
    free(sorted);
    drop_duplicates(rrset);
}

/* --- rules ---------------------------------------------------------------------------------------------- */

/* RFC 2181 section 5.2. Signatures have the TTL of the RRset they cover (RFC 4034 section 3). */
static void check_ttls(struct builder *builder, const struct builder_node *node,
                       const struct builder_rrset *rrset)
{
    char text[DNAME_TEXT_MAX], place[BUILDER_PLACE_MAX];
    if (rrset->type == RDATA_RRSIG)
        return;
    for (const struct builder_record *record = rrset->first; record->next; record = record->next) {
        if (record->ttl_s == record->next->ttl_s)
            continue;
        err_add(builder->err, ERR_WARNING, builder_err_place(builder, record->next->place),
                "the TTLs of an RRset of \"%s\" differ (%u, %s has %u); the smallest, %u, is used for all",
                dname_format(node->name, text), record->next->ttl_s,
                builder_place_text(builder, record->place, record->next->place, place), record->ttl_s,
                rrset->ttl_s);
        return;
    }
}

static void check_singleton(struct builder *builder, const struct builder_node *node,
                            const struct builder_rrset *rrset)
{
    static const struct {
        uint16_t type;
        const char *name;
    } singletons[] = {{RDATA_SOA, "SOA"}, {RDATA_CNAME, "CNAME"}, {RDATA_DNAME, "DNAME"}};
    char text[DNAME_TEXT_MAX], place[BUILDER_PLACE_MAX];
    for (size_t i = 0; i < sizeof singletons / sizeof *singletons; i++) {
        if (rrset->type != singletons[i].type || rrset->count < 2)
            continue;
        const struct builder_place first = rrset->first->place, second = rrset->first->next->place;
        err_add(builder->err, ERR_ERROR, builder_err_place(builder, second),
                "\"%s\" has more than one %s; the first is on %s", dname_format(node->name, text),
                singletons[i].name, builder_place_text(builder, first, second, place));
    }
}

static void check_size(struct builder *builder, const struct builder_node *node,
                       const struct builder_rrset *rrset)
{
    char text[DNAME_TEXT_MAX];
    if (rrset->size > BUILDER_RRSET_MAX)
        err_add(
            builder->err, ERR_ERROR, builder_err_place(builder, rrset->first->place),
            "the RRset of type %u of \"%s\", which begins here, does not fit into a DNS message of 64 KiB; "
            "give it fewer records",
            rrset->type, dname_format(node->name, text));
}

static void check_one(struct builder *builder, const struct builder_node *node, struct builder_rrset *rrset)
{
    check_size(builder, node, rrset);
    if (rrset->count < 2)
        return;
    check_ttls(builder, node, rrset);
    check_duplicates(builder, node, rrset);
    check_singleton(builder, node, rrset);
}

void check_rrsets(struct builder *builder)
{
    for (const struct builder_node *node = builder->nodes; node; node = node->next)
        for (struct builder_rrset *rrset = node->rrsets; rrset; rrset = rrset->next)
            check_one(builder, node, rrset);
}
