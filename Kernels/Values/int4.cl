// int4: (q − 8) times the scale of the span, a half that precedes it; [4 nibbles]. The nibble's bits stand in the mantissa
// of a float beyond 2²³, at a place where this float's zero times any half is a float: one fma gives the scaled level
// exactly. (The host refuses scales that are not finite.)
#include "Values/shape.cl"

#define INT4_PLACE(i) ((i)&1 ? 12 : 8)

typedef ushort NAME(unit);
enum { NAME(block) = 4, NAME(group) = 4, NAME(units) = 1 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE {
  const float unity = 1.0f / (float)(1 << INT4_PLACE(i));
  const float zero = -(8388608.0f / (float)(1 << INT4_PLACE(i)) + 8.0f);
  const INTS raw = UNITS(p, i >> 2);
  return fma(AS_FLOATS((((i & 3) < 2 ? raw << 8 : raw) & (15 << INT4_PLACE(i))) | 0x4B000000), h * unity, h * zero);
}
