// Floats of eight bits, e5m2: a sign, five bits of exponent, two of mantissa: the upper half of a half.
#include "Values/shape.cl"

// The bits at a float's place have an exponent that is 112 too small, of infinities and NaN 224.
DECODER FLOATS NAME(e5m2)(INTS code) {
  const INTS bits = code & 127;
  const FLOATS normal = AS_FLOATS((bits << 21) + (bits < 124 ? (INTS)(112 << 23) : (INTS)(224 << 23)));
  const FLOATS magnitude = bits < 4 ? TO_FLOATS(bits) * 0x1p-16f : normal;
  return (code & 128) == 0 ? magnitude : -magnitude;
}
