// fp8_e5m2_g32: d · q; [float d][32 floats q of eight bits, e5m2, no infinities]. The least level is 2⁻³² of the greatest.
#define BLOCK 32
#define BLOCK_BYTES 36
#define LEAST_EXPONENT -109
#define LEAST_POWER -34
#define MANTISSA_BITS 2
#define LEAST_NORMAL -14
#define GREATEST_LEVEL 57344.0f
#define SEVENTH_POWER 13
#include "Encoders/float8_levels.cl"
