// SPDX-License-Identifier: MIT
#include "geo/classify.h"

#include "geo/join.h"
#include "tests/unit/geo/fixture.h"

/* 0.0.0.0/1 in Germany, 128.0.0.0/2 in Singapore, 192.0.0.0/2 in the United States. */
static void places_of(struct intern *set, struct leaves *leaves)
{
    static const char *const codes[] = {"", "DE", "SG", "US"};
    *set = intern_of(sizeof(struct geo_place));
    *leaves = (struct leaves){NULL, 0, 0};
    for (size_t i = 0; i < 4; i++) {
        struct geo_place place = {0};
        place_set_country(&place, codes[i], (uint32_t)strlen(codes[i]));
        ck_assert_uint_eq(intern_add(set, &place), i);
    }
    leaves_add(leaves, (struct bits){0, 0}, 1, 1);
    leaves_add(leaves, (struct bits){1ull << 63, 0}, 2, 2);
    leaves_add(leaves, (struct bits){3ull << 62, 0}, 2, 3);
}

struct row {
    const char *message;
    bool fence;
    size_t network_count; /* of those below */
    const char *expected; /* "depth:sites " of each leaf */
};

static const struct row rows[] = {
    {"no networks", false, 0, "1:fis 2:sfi 2:ifs "},
    {"a network across two places", false, 1, "1:fis 2:isf 2:ifs "},
    {"fenced, it is one leaf", true, 1, "1:fis 1:i "},
    {"a network inside a place", false, 2, "3:fis 3:ifs 2:fis 2:isf 2:ifs "},
    {"a network inside a network", true, 3, "3:fis 4:i 4:s 2:fis 1:i "},
};

START_TEST(networks_over_places)
{
    const struct config_network_rule networks[] = {{fixture_prefix("128.0.0.0/1"), LIST(IAD)},
                                                   {fixture_prefix("32.0.0.0/3"), LIST(IAD)},
                                                   {fixture_prefix("48.0.0.0/4"), LIST(SIN)}};
    struct intern set;
    struct leaves places;
    places_of(&set, &places);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config_map map = {.name = "m",
                                 .networks = networks,
                                 .network_count = rows[i].network_count,
                                 .fence = rows[i].fence};
        struct config config = {.sites = fixture_sites, .site_count = SITES, .maps = &map, .map_count = 1};
        struct arena *arena = arena_create();
        struct rules rules = rules_prepare(arena, &config, 0);
        struct intern lists = classify_lists(SITES);
        struct leaves classes = {NULL, 0, 0};
        struct err err = ERR_INIT;
        char text[256] = "", order[CONFIG_SITES_MAX + 1];
        ck_assert(classify_leaves(&rules, ADDR_V4, &places, &set, &lists, &classes, &err));
        for (size_t k = 0; k < classes.count; k++) {
            const uint8_t *list = intern_item(&lists, leaf_value(classes.items[k]));
            fixture_text(list + 1, list[0], order);
            snprintf(text + strlen(text), sizeof text - strlen(text), "%u:%s ", leaf_depth(classes.items[k]),
                     order);
        }
        ck_assert_msg(strcmp(text, rows[i].expected) == 0, "%s: %s", rows[i].message, text);
        leaves_free(&classes);
        intern_free(&lists);
        arena_free(arena);
    }
    leaves_free(&places);
    intern_free(&set);
}
END_TEST

CHECK_MAIN("geo/classify", networks_over_places)
