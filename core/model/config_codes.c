// SPDX-License-Identifier: MIT
#include "core/model/config_codes.h"

#include <stddef.h>
#include <string.h>

#include "core/model/config_subdivisions.h"

#define CODE 2 /* letters of a continent or country */

static const char continents[] = "AF AN AS EU NA OC SA ";

static const char countries[] = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ "
                                "BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
                                "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ "
                                "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR "
                                "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY "
                                "HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
                                "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY "
                                "MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ "
                                "NA NC NE NF NG NI NL NO NP NR NU NZ OM "
                                "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
                                "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ "
                                "TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ "
                                "UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

/* `list`: codes of two letters, each followed by a space. */
static bool is_listed(const char *list, const char *code, size_t length)
{
    if (length != CODE)
        return false;
    for (const char *at = list; *at; at += CODE + 1)
        if (!memcmp(at, code, CODE))
            return true;
    return false;
}

bool config_codes_is_continent(const char *code)
{
    return is_listed(continents, code, strlen(code));
}

bool config_codes_is_country(const char *code)
{
    return is_listed(countries, code, strlen(code));
}

bool config_codes_is_subdivision(const char *code)
{
    static const char part[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const size_t part_max = 3;
    size_t country = strcspn(code, "-");
    if (!code[country] || !is_listed(countries, code, country))
        return false;
    size_t length = strlen(code + country + 1);
    return length >= 1 && length <= part_max && strspn(code + country + 1, part) == length &&
           config_subdivisions_has(code, code + country + 1);
}
