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
VALUE {
  const int first = g < 10 ? 16 * (g & 1) : g < 15 ? 32 : 48;
  const int within = g < 15 ? i : i & 3;
  const int place = g < 10 ? g >> 1 : g < 15 ? g - 10 : i >> 2;
  // 1, 3, 9, 27 and 81 as bytes.
  const int power = (int)(0x511B090301L >> (8 * place)) & 255;
  return h * TO_FLOATS(((BYTE(p, first + within) * power & 255) * 3 >> 8) - 1);
}
