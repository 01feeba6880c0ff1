// Floats of eight bits, e4m3fn: a sign, four bits of exponent, three of mantissa, no infinities; NaN is all ones.
#include "Values/shape.cl"

// The bits at a float's place have an exponent that is 120 too small.
DECODER FLOATS NAME(e4m3)(INTS code) {
#if LANES == 16
  // Processors with vectors of 16 compute with subnormals: a product puts all right.
  const FLOATS magnitude = AS_FLOATS(code << 24 >> 4 & (int)0x87F00000) * 0x1p120f;
  return (code & 127) == 127 ? AS_FLOATS((INTS)(0x7FC00000)) : magnitude;
#else
  const INTS bits = code & 127;
  const FLOATS normal = AS_FLOATS(bits == 127 ? (INTS)(0x7FC00000) : (bits << 20) + (120 << 23));
  const FLOATS magnitude = bits < 8 ? TO_FLOATS(bits) * 0x1p-9f : normal;
  return (code & 128) == 0 ? magnitude : -magnitude;
#endif
}
