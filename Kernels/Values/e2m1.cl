// Floats of four bits: a sign, two bits of exponent, one of mantissa.
#include "Values/shape.cl"

// Twice the value of a code, a whole number: 0 1 2 3 4 6 8 12 by the low three bits, which stand in a constant as nibbles.
DECODER INTS NAME(twice_e2m1)(INTS code) {
  const INTS sign = -(code >> 3 & 1);
  return (((INTS)((int)0xC8643210u) >> (4 * (code & 7)) & 15) ^ sign) - sign;
}
