// SPDX-License-Identifier: MIT
#include "geo/distance.h"

#include <math.h>

struct distance_point distance_point_at(double latitude, double longitude)
{
    double north = latitude * M_PI / 180, east = longitude * M_PI / 180;
    return (struct distance_point){cos(north) * cos(east), cos(north) * sin(east), sin(north)};
}

/* The angle between two vectors by atan2(|a x b|, a.b): unlike acos of the dot product it is exact for
 * points that are close to each other or to each other's antipode. */
double distance_km(const struct distance_point *a, const struct distance_point *b)
{
    double x = a->y * b->z - a->z * b->y;
    double y = a->z * b->x - a->x * b->z;
    double z = a->x * b->y - a->y * b->x;
    double dot = a->x * b->x + a->y * b->y + a->z * b->z;
    return DISTANCE_EARTH_RADIUS_KM * atan2(sqrt(x * x + y * y + z * z), dot);
}

double distance_biased(double km, int bias)
{
    return bias >= 0 ? km * (1 - bias / 100.0) : km / (1 + bias / 100.0);
}
