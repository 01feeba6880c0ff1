// Floats of four bits: a sign, two bits of exponent, one of mantissa.
#include "Values/level_table.cl"
#include "Values/nibbles.cl"
#include "Values/shape.cl"

// Twice the value of a code, a whole number: 0 1 2 3 4 6 8 12 by the low three bits, which stand in a constant as nibbles.
DECODER INTS NAME(twice_e2m1)(INTS code) {
  const INTS sign = -(code >> 3 & 1);
  return (((INTS)((int)0xC8643210u) >> (4 * (code & 7)) & 15) ^ sign) - sign;
}

// Twice the values of two nibbles and 12 more, as bytes.
#define TWICE_E2M1_LEVELS(nibbles) NAME(table_levels)(nibbles, 0x0F0E0D0C, 0x18141210, 0x090A0B0C, 0x00040608)
