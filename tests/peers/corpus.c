// SPDX-License-Identifier: MIT
#include "tests/peers/corpus.h"

#include <glob.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_type(struct corpus *corpus, unsigned type)
{
    for (size_t i = 0; i < corpus->type_count; i++)
        if (corpus->types[i] == type)
            return;
    if (corpus->type_count < CORPUS_TYPES_MAX)
        corpus->types[corpus->type_count++] = (uint16_t)type;
}

static struct name name_of(const ldns_rdf *rdf)
{
    return name_from(ldns_rdf_data(rdf), ldns_rdf_size(rdf));
}

/* --- owners ------------------------------------------------------------------------------------------------- */

static void add_owner(struct corpus *corpus, const struct name *owner, const struct name *origin)
{
    struct name name = *owner;
    while (name.length > origin->length) {
        name_list_add(&corpus->owners, &name);
        name = name_parent(&name);
    }
    name_list_add(&corpus->owners, origin);
}

static ldns_rdf *origin_of(const char *path)
{
    char text[256];
    const char *base = strrchr(path, '/') + 1;
    snprintf(text, sizeof text, "%.*s.", (int)(strlen(base) - strlen(".zone")), base);
    return ldns_dname_new_frm_str(strcmp(text, "root.") == 0 ? "." : text);
}

static bool read_zone(struct corpus *corpus, const char *path)
{
    ldns_zone *zone = NULL;
    int line = 0;
    FILE *file = fopen(path, "re");
    ldns_rdf *rdf = origin_of(path);
    struct name origin = name_of(rdf);
    ldns_status status =
        file ? ldns_zone_new_frm_fp_l(&zone, file, rdf, 0, LDNS_RR_CLASS_IN, &line) : LDNS_STATUS_FILE_ERR;
    if (status != LDNS_STATUS_OK) {
        printf("%s:%d: %s\n", path, line, ldns_get_errorstr_by_id(status));
        return false;
    }
    name_list_add(&corpus->origins, &origin);
    name_list_add(&corpus->owners, &origin);
    for (size_t i = 0; i < ldns_rr_list_rr_count(ldns_zone_rrs(zone)); i++) {
        const ldns_rr *rr = ldns_rr_list_rr(ldns_zone_rrs(zone), i);
        struct name owner = name_of(ldns_rr_owner(rr));
        add_owner(corpus, &owner, &origin);
        add_type(corpus, ldns_rr_get_type(rr));
    }
    ldns_zone_deep_free(zone);
    ldns_rdf_deep_free(rdf);
    fclose(file);
    return true;
}

/* --- names beside them ---------------------------------------------------------------------------------------- */

/* An ordinary child, the wildcard, one that the zones have in places, one that makes
 * names long; below the first and the last a grandchild. */
static const struct {
    const char *label;
    bool parent;
} children[] = {
    {"x", true},
    {"*", false},
    {"www", false},
    {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", true},
};

static void derive_children(struct corpus *corpus, const struct name *parent)
{
    struct name child, grandchild;
    for (size_t i = 0; i < sizeof children / sizeof *children; i++) {
        if (!name_child(parent, children[i].label, strlen(children[i].label), &child))
            continue;
        name_list_add(&corpus->derived, &child);
        if (children[i].parent && name_child(&child, "a", 1, &grandchild))
            name_list_add(&corpus->derived, &grandchild);
    }
}

static void derive(struct corpus *corpus, uint64_t *random_state)
{
    struct name name, root = {.length = 1};
    for (size_t i = 0; i < corpus->owners.count; i++) {
        const struct name *owner = &corpus->owners.names[i];
        derive_children(corpus, owner);
        if (owner->length == 1)
            continue;
        struct name parent = name_parent(owner);
        if (name_child(&parent, "zz", 2, &name))
            name_list_add(&corpus->derived, &name);
        if (owner->octets[0] < 63) { /* a label that begins like the owner's */
            char label[64] = {0};
            memcpy(label, owner->octets + 1, owner->octets[0]);
            label[owner->octets[0]] = '0';
            if (name_child(&parent, label, owner->octets[0] + 1u, &name))
                name_list_add(&corpus->derived, &name);
        }
    }
    name_list_unique(&corpus->derived);
    name_list_add(&corpus->derived, &root);
    for (size_t i = 0; i < corpus->owners.count; i++) {
        name = name_in_case(&corpus->owners.names[i], random_state);
        name_list_add(&corpus->derived, &name);
    }
}

bool corpus_read(struct corpus *corpus, const char *folder, uint64_t *random_state)
{
    /* These are asked for at every name; the types of the zones follow. */
    static const uint16_t always[CORPUS_ALWAYS] = {1, 2, 5, 6, 16, 39, 43, 255, 65399, 65};
    char pattern[512];
    glob_t files;
    memset(corpus, 0, sizeof *corpus);
    for (size_t i = 0; i < CORPUS_ALWAYS; i++)
        add_type(corpus, always[i]);
    snprintf(pattern, sizeof pattern, "%s/*.zone", folder);
    if (glob(pattern, 0, NULL, &files) != 0) {
        printf("no zones in %s\n", folder);
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < files.gl_pathc; i++)
        ok = read_zone(corpus, files.gl_pathv[i]) && ok;
    globfree(&files);
    name_list_unique(&corpus->owners);
    derive(corpus, random_state);
    return ok;
}

void corpus_free(struct corpus *corpus)
{
    free(corpus->origins.names);
    free(corpus->owners.names);
    free(corpus->derived.names);
}
