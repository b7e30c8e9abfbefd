// SPDX-License-Identifier: MIT
/*
 * distance - great circle distance on a sphere, and what a site's bias makes of it. Pure.
 *
 * Points are unit vectors, so that the antimeridian and the poles are nothing special and the
 * trigonometry of a place is done once for all sites.
 */
#pragma once

#define DISTANCE_EARTH_RADIUS_KM 6371.0088 /* mean radius, IUGG */

struct distance_point {
    double x, y, z;
};

/* Degrees, north and east positive. */
struct distance_point distance_point_at(double latitude, double longitude);
double distance_km(const struct distance_point *a, const struct distance_point *b);
/* `bias` -99..99 per cent: positive brings a site nearer (km * (1 - bias/100)), negative takes it further
 * away (km / (1 + bias/100)). */
double distance_biased(double km, int bias);
