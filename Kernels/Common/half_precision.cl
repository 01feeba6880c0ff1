// float → the bits of a half or a bfloat16: to the nearest, ties to even, by integer steps; NaN stays NaN.
static ushort half_bits(float value) {
  const uint bits = as_uint(value);
  const uint sign = (bits >> 16) & 0x8000u;
  const uint magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return (ushort)(sign | 0x7E00u);
  if (magnitude >= 0x47800000u) return (ushort)(sign | 0x7C00u);
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴, as floats between ½ and 1 are: adding ½ rounds.
  if (magnitude < 0x38800000u) return (ushort)(sign | (as_uint(as_float(magnitude) + 0.5f) - 0x3F000000u));
  // The exponent's bias is 112 less; a carry moves the exponent, up to infinity.
  return (ushort)(sign | ((magnitude - 0x38000000u + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13));
}

static ushort bfloat16_bits(float value) {
  const uint bits = as_uint(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return (ushort)((bits >> 16) | 0x40u);
  return (ushort)((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}
