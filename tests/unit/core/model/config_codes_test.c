// SPDX-License-Identifier: MIT
#include "core/model/config_codes.h"

#include "tests/support/check_main.h"

START_TEST(codes)
{
    static const struct {
        const char *code;
        bool continent, country, subdivision;
    } rows[] = {
        {"DE", false, true, false},     {"NA", true, true, false},        {"EU", true, false, false},
        {"XK", false, true, false},     {"ZW", false, true, false},       {"AD", false, true, false},
        {"UK", false, false, false},    {"XX", false, false, false},      {"de", false, false, false},
        {"", false, false, false},      {"D", false, false, false},       {"DEU", false, false, false},
        {"E ", false, false, false},    {" D", false, false, false},      {"US-CA", false, false, true},
        {"GB-ENG", false, false, true}, {"FR-1", false, false, false},    {"FR-IDF", false, false, true},
        {"US-XX", false, false, false}, {"ZW-MW", false, false, true},    {"AD-02", false, false, true},
        {"US-C", false, false, false},  {"HK-KKC", false, false, true},   {"HK-KKCX", false, false, false},
        {"US-", false, false, false},   {"US-CALI", false, false, false}, {"XX-CA", false, false, false},
        {"US-ca", false, false, false}, {"-CA", false, false, false},     {"US-C-A", false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(config_codes_is_continent(rows[i].code) == rows[i].continent, "continent %s",
                      rows[i].code);
        ck_assert_msg(config_codes_is_country(rows[i].code) == rows[i].country, "country %s", rows[i].code);
        ck_assert_msg(config_codes_is_subdivision(rows[i].code) == rows[i].subdivision, "subdivision %s",
                      rows[i].code);
    }
}
END_TEST

/* ISO 3166-1 has 249 codes; Kosovo is the 250th. */
START_TEST(count)
{
    unsigned countries = 0;
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++)
            countries += config_codes_is_country((const char[]){a, b, '\0'});
    ck_assert_uint_eq(countries, 250);
}
END_TEST

CHECK_MAIN("config codes", codes, count)
