// fp8_e4m3_g32: d · q; [float d][32 floats q of eight bits, e4m3fn].
#define BLOCK 32
#define BLOCK_BYTES 36
#include "Encoders/e4m3_groups.cl"
