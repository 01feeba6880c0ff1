// What selection and storing share, on the bits of floats: magnitudes compare as integers do, and a division is correctly
// rounded on every device, whatever its own division and its flushing do.

// |x| as bits; what is not a number counts as 0.
static uint magnitude(uint x) {
  const uint bits = x & 0x7FFFFFFFu;
  return bits > 0x7F800000u ? 0 : bits;
}

// a / b to the nearest, ties to even, of magnitudes; b is not 0, a and b are not both infinite.
static uint quotient(uint a, uint b) {
  if (a == 0 || b == 0x7F800000u) return 0;
  if (a == 0x7F800000u) return a;
  // Significands with 24 bits, subnormal ones shifted up.
  uint dividend = a < 0x800000u ? a : (a & 0x7FFFFFu) | 0x800000u;
  uint divisor = b < 0x800000u ? b : (b & 0x7FFFFFu) | 0x800000u;
  const int up = (int)clz(dividend) - 8, down = (int)clz(divisor) - 8;
  dividend <<= up;
  divisor <<= down;
  int exponent = max((int)(a >> 23), 1) - up - max((int)(b >> 23), 1) + down + 127;
  // 26 or 27 bits, the last one set if the division leaves a rest.
  const ulong numerator = (ulong)dividend << 26;
  uint bits = (uint)(numerator / divisor);
  if ((ulong)bits * divisor != numerator) bits |= 1;
  if (bits < 1u << 26) {
    bits <<= 1;
    --exponent;
  }
  if (exponent > 254) return 0x7F800000u;
  const int dropped = exponent < 1 ? 4 - exponent : 3;
  if (dropped > 28) return 0;
  const uint rest = bits & ((1u << dropped) - 1), half_step = 1u << (dropped - 1);
  bits >>= dropped;
  bits += rest > half_step || (rest == half_step && (bits & 1)) ? 1 : 0;
  // The hidden bit is one more in the exponent; a carry moves it, up to infinity.
  return exponent < 1 ? bits : ((uint)(exponent - 1) << 23) + bits;
}
