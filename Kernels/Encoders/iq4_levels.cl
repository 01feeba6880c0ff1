// The 16 levels of iq4_nl and iq4_xs. The nearest is found by what lies halfway between neighbours; on such a place is the
// lower one. The levels are whole numbers, so the halves are exact.
#include "Codebooks/iq4_nl.cl"

#define IQ4_LEVEL(code) ((float)((int)(iq4_nl_codebook[(code) >> 2] << (24 - 8 * ((code)&3))) >> 24))
#define IQ4_NEXT(code) level = x > 0.5f * (IQ4_LEVEL((code)-1) + IQ4_LEVEL(code)) ? (float4)(IQ4_LEVEL(code)) : level;
#define IQ4_STEP(code) +(x > 0.5f * (IQ4_LEVEL((code)-1) + IQ4_LEVEL(code)) ? 1 : 0)
#define IQ4_ALL(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15)

static float4 nearest_levels(float4 x) {
  float4 level = IQ4_LEVEL(0);
  IQ4_ALL(IQ4_NEXT)
  return level;
}

static int nearest_code(float x) { return 0 IQ4_ALL(IQ4_STEP); }
