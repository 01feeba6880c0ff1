// mxfp4: 2^(e − 128) · q, q twice a float of four bits; [byte e][16 bytes of nibbles]. The bytes of a block are odd in
// number, so a unit is one. The least powers are subnormal.
#include "Values/e2m1.cl"

typedef uchar NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 17 };
typedef FLOATS NAME(header);

HEADER {
  const INTS e = UNITS(p, 0);
  return AS_FLOATS(e < 2 ? (INTS)(0x00200000) << e : (e - 1) << 23);
}
VALUE { return h * TO_FLOATS(NAME(twice_e2m1)(UNITS(p, 1 + (i & 15)) >> (4 * (i >> 4)))); }

CENTRED
LEVELS {
  const PAIRS raw = TO_PAIRS(UNIT(p, 1 + (i & 15))) | TO_PAIRS(UNIT(p, 2 + (i & 15))) << (PAIRS)8;
  return TWICE_E2M1_LEVELS(NIBBLE_PAIR(raw, i));
}
