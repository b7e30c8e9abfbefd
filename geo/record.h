// SPDX-License-Identifier: MIT
/*
 * record - a place from a data record of a MaxMind DB file. Three shapes are understood, field by field:
 *
 *   GeoIP2, GeoLite2   country.iso_code (else registered_country.iso_code), continent.code,
 *                      subdivisions[0].iso_code, location.latitude and .longitude,
 *                      autonomous_system_number
 *   DB-IP              the same names, without the ids of GeoNames
 *   flat               country_code, latitude, longitude, state1, autonomous_system_number
 *
 * With geo/database.c the only reader of libmaxminddb.
 */
#pragma once

#include <maxminddb.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/place.h"

/* The record at `offset` of the data section; `wanted` are enum place_wanted. False if it is corrupt:
 * `why` then says how. */
bool record_read(const MMDB_s *mmdb, uint32_t offset, unsigned wanted, struct geo_place *place,
                 const char **why);
