// Twice the floats of four bits: ±0 1 2 3 4 6 8 12. The nearest is found by what lies halfway between neighbours; on such a
// place is the one of lesser magnitude. A zero has no sign.
static float4 nearest_levels(float4 x) {
  const float4 magnitude = fabs(x);
  float4 level = select((float4)0.0f, (float4)1.0f, isgreater(magnitude, (float4)0.5f));
  level = select(level, (float4)2.0f, isgreater(magnitude, (float4)1.5f));
  level = select(level, (float4)3.0f, isgreater(magnitude, (float4)2.5f));
  level = select(level, (float4)4.0f, isgreater(magnitude, (float4)3.5f));
  level = select(level, (float4)6.0f, isgreater(magnitude, (float4)5.0f));
  level = select(level, (float4)8.0f, isgreater(magnitude, (float4)7.0f));
  level = select(level, (float4)12.0f, isgreater(magnitude, (float4)10.0f));
  return copysign(level, x);
}

static int nearest_code(float x) {
  const float m = fabs(x);
  const int code = (m > 0.5f) + (m > 1.5f) + (m > 2.5f) + (m > 3.5f) + (m > 5.0f) + (m > 7.0f) + (m > 10.0f);
  return x < 0 && code > 0 ? code | 8 : code;
}
