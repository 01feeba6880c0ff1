// Levels that are whole numbers from LOWEST to HIGHEST, whose codes begin at 0.
#if !defined(LOWEST) || !defined(HIGHEST)
#error "LOWEST and HIGHEST must be defined before Encoders/uniform_levels.cl is included"
#endif

static float4 nearest_levels(float4 x) { return clamp(rint(x), (float)(LOWEST), (float)(HIGHEST)); }
static int nearest_code(float x) { return (int)clamp(rint(x), (float)(LOWEST), (float)(HIGHEST)) - (LOWEST); }
