// SPDX-License-Identifier: MIT
#include "core/base/siphash.h"

#include "tests/support/check_main.h"

/* The reference vectors: key 00 01 .. 0f, message 00 01 .. of the row's number of octets. Zero to sixteen
 * octets reach every length of the last word twice; 63 is the longest of the reference. */
static const struct {
    size_t size;
    uint64_t expected;
} vectors[] = {
    {0, 0x726fdb47dd0e0e31},  {1, 0x74f839c593dc67fd},  {2, 0x0d6c8009d9a94f5a},  {3, 0x85676696d7fb7e2d},
    {4, 0xcf2794e0277187b7},  {5, 0x18765564cd99a68d},  {6, 0xcbc9466e58fee3ce},  {7, 0xab0200f58b01d137},
    {8, 0x93f5f5799a932462},  {9, 0x9e0082df0ba9e4b0},  {10, 0x7a5dbbc594ddb9f3}, {11, 0xf4b32f46226bada7},
    {12, 0x751e8fbc860ee5fb}, {13, 0x14ea5627c0843d90}, {14, 0xf723ca908e7af2ee}, {15, 0xa129ca6149be45e5},
    {16, 0x3f2acc7f57c29bdb}, {63, 0x958a324ceb064572},
};

START_TEST(agrees_with_the_reference)
{
    uint8_t key[SIPHASH_KEY_SIZE], message[64];
    for (uint8_t i = 0; i < sizeof key; i++)
        key[i] = i;
    for (uint8_t i = 0; i < sizeof message; i++)
        message[i] = i;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        ck_assert_msg(siphash(key, message, vectors[i].size) == vectors[i].expected, "%zu octets",
                      vectors[i].size);
}
END_TEST

START_TEST(the_key_matters)
{
    uint8_t one[SIPHASH_KEY_SIZE] = {0}, other[SIPHASH_KEY_SIZE] = {[15] = 1};
    ck_assert(siphash(one, "meridian", 8) != siphash(other, "meridian", 8));
}
END_TEST

CHECK_MAIN("core/base/siphash", agrees_with_the_reference, the_key_matters)
