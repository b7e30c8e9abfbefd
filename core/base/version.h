// SPDX-License-Identifier: MIT
/* version - of all programs of Meridian: they are released together. */
#pragma once

#define MERIDIAN_VERSION "0.1.0"
