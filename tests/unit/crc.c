#include "firmware/core/crc16.h"
#include "firmware/core/crc32.h"

#include "tests/test.h"

static const uint8_t CHECK_INPUT[9] = "123456789"; /* the input of the catalogue of CRCs */

static void catalogue_values(void)
{
    CHECK(crc32_add(0, CHECK_INPUT, 9) == 0xcbf43926);
    CHECK(crc16_of(CHECK_INPUT, 9) == 0x4b37);
}

static void crc32_in_pieces_is_crc32_of_the_whole(void)
{
    for (size_t cut = 0; cut <= 9; cut++)
        CHECK(crc32_add(crc32_add(0, CHECK_INPUT, cut), CHECK_INPUT + cut, 9 - cut) == 0xcbf43926);
}

/* The definitions bit by bit, so that a wrong table entry shows. */
static void every_byte_agrees_with_the_definition(void)
{
    for (unsigned value = 0; value < 256; value++) {
        uint8_t byte = (uint8_t)value;
        uint32_t crc = ~0U ^ value, modbus = 0xffff ^ value;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
            modbus = modbus & 1 ? modbus >> 1 ^ 0xa001 : modbus >> 1;
        }
        CHECK(crc32_add(0, &byte, 1) == ~crc);
        CHECK(crc16_of(&byte, 1) == modbus);
    }
}

/* From the Modbus guide: 02 07 has the checksum 41 12 on the line. */
static void modbus_example(void)
{
    static const uint8_t frame[] = {0x02, 0x07};

    CHECK(crc16_of(frame, 2) == 0x1241);
}

int main(void)
{
    TEST(catalogue_values);
    TEST(crc32_in_pieces_is_crc32_of_the_whole);
    TEST(every_byte_agrees_with_the_definition);
    TEST(modbus_example);
    return test_done();
}
