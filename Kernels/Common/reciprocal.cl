// 1 / x by Newton's method, 0 of 0; the first guess is 12 % off at most, the last step rounds to nearest but where all bits of
// the mantissa are ones. Normal floats of either sign, whose reciprocal is normal.
static float reciprocal(float x) {
  if (x == 0.0f) return 0.0f;
  const uint bits = as_uint(x);
  float y = as_float((0x7EF311C3u - (bits & 0x7FFFFFFFu)) | (bits & 0x80000000u));
  for (int step = 0; step < 4; ++step) y = fma(y, fma(-x, y, 1.0f), y);
  return y;
}
