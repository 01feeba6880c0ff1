// Floats of eight bits, e4m3fn, after a scale: d · q; [float d][bytes q]. BLOCK and BLOCK_BYTES are defined before.
#define LEAST_EXPONENT -116
#define MANTISSA_BITS 3
#define LEAST_NORMAL -6
#define GREATEST_LEVEL 448.0f
#define SEVENTH_POWER 6
#include "Encoders/float8_levels.cl"
