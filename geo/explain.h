// SPDX-License-Identifier: MIT
/*
 * explain - why a client is sent where it is: the databases and the rules, asked once more, one by one. Slow, and
 * apart from the tables; their scope is asked of a geo. The interface is in geo/geo.h.
 */
#pragma once

#include "geo/geo.h"
