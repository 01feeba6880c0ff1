// tq1_0: d · (t − 1), t a digit to the base 3; [32 bytes of five digits][16 bytes of five][4 bytes of four][half d].
//
// A byte is a fraction of 256 whose digits to the base 3 are the values': times a power of 3, modulo 256, it begins with
// the digit looked for. Digits of one place of all bytes are neighbours: a group is 16 bytes with one power, but the last,
// which has 4 bytes with four.
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 16, NAME(units) = 27 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 26); }
// The first of the bytes that value i of a group is in, and the power of 3 of its digit.
#define FIRST_BYTE(g, i) ((g) < 10 ? 16 * ((g)&1) + (i) : (g) < 15 ? 32 + (i) : 48 + ((i)&3))
#define DIGIT_PLACE(g, i) ((g) < 10 ? (g) >> 1 : (g) < 15 ? (g)-10 : (i) >> 2)
// 1, 3, 9, 27 and 81 as bytes.
#define DIGIT_POWER(g, i) ((int)(0x511B090301L >> (8 * DIGIT_PLACE(g, i))) & 255)

VALUE { return h * TO_FLOATS(((BYTE(p, FIRST_BYTE(g, i)) * DIGIT_POWER(g, i) & 255) * 3 >> 8) - 1); }

SCALED
LEVELS {
  const PAIRS raw = PAIR(p, FIRST_BYTE(g, i) >> 1), power = (PAIRS)DIGIT_POWER(g, i);
  const PAIRS low = ((raw & (PAIRS)255) * power & (PAIRS)255) * (PAIRS)3 >> (PAIRS)8;
  const PAIRS high = ((raw >> (PAIRS)8) * power & (PAIRS)255) * (PAIRS)3 >> (PAIRS)8;
  return low | high << (PAIRS)8;
}
