// The first `count` of 16 neighbours: a vector at the end of a row. Lanes past them are neither read nor written, and
// read as 0; more than 16 count as 16. So the rest of a row goes through the vector expressions, and its bits do not
// depend on where the row ends.
#if SHAPE_WIDE
static float16 load_lanes(__global const float *p, int count) {
  if (count >= 16) return vload16(0, p);
  float lanes[16];
  for (int lane = 0; lane < 16; ++lane) lanes[lane] = lane < count ? p[lane] : 0.0f;
  return vload16(0, lanes);
}

static void store_lanes(float16 values, __global float *p, int count) {
  if (count >= 16) {
    vstore16(values, 0, p);
    return;
  }
  float lanes[16];
  vstore16(values, 0, lanes);
  for (int lane = 0; lane < count; ++lane) p[lane] = lanes[lane];
}
#endif
