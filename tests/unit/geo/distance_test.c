// SPDX-License-Identifier: MIT
#include "geo/distance.h"

#include <math.h>

#include "tests/support/check_main.h"

struct row {
    const char *message;
    double from[2], to[2], km;
};

static const struct row rows[] = {
    {"the same point", {50.03, 8.57}, {50.03, 8.57}, 0},
    {"a quarter of the equator", {0, 0}, {0, 90}, 10007.557},
    {"pole to pole", {90, 0}, {-90, 77}, 20015.115},
    {"antipodes", {45, 10}, {-45, -170}, 20015.115},
    {"across the antimeridian", {0, 179.5}, {0, -179.5}, 111.195},
    {"Fiji to Samoa, across the antimeridian", {-18.1, 178.4}, {-13.8, -171.8}, 1152},
    {"over the north pole", {89, 0}, {89, 180}, 222.39},
    {"at the pole longitude means nothing", {90, 0}, {90, 123}, 0},
    {"near the south pole", {-89, -90}, {-89, 90}, 222.39},
    {"Frankfurt to Ashburn", {50.03, 8.57}, {38.95, -77.45}, 6557},
    {"Singapore to Frankfurt", {1.36, 103.99}, {50.03, 8.57}, 10262},
    {"a metre", {52, 13}, {52.000009, 13}, 0.001},
};

START_TEST(great_circle)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct distance_point a = distance_point_at(rows[i].from[0], rows[i].from[1]);
        struct distance_point b = distance_point_at(rows[i].to[0], rows[i].to[1]);
        double km = distance_km(&a, &b), back = distance_km(&b, &a);
        ck_assert_msg(fabs(km - rows[i].km) <= 0.002 + rows[i].km * 0.002, "%s: %f", rows[i].message, km);
        ck_assert_msg(fabs(km - back) < 1e-9, "%s: not symmetrical", rows[i].message);
    }
}
END_TEST

START_TEST(bias)
{
    static const struct {
        int bias;
        double km;
    } biases[] = {{0, 1000}, {50, 500}, {99, 10}, {-50, 2000}, {-99, 100000}, {-20, 1250}};
    for (size_t i = 0; i < sizeof biases / sizeof *biases; i++)
        ck_assert_double_eq_tol(distance_biased(1000, biases[i].bias), biases[i].km, 1e-6);
}
END_TEST

CHECK_MAIN("geo/distance", great_circle, bias)
