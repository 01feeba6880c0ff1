// fp8_e4m3_g128: d · q; [float d][128 floats q of eight bits, e4m3fn].
#define BLOCK 128
#define BLOCK_BYTES 132
#include "Encoders/e4m3_groups.cl"
