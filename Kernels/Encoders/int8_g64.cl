// int8_g64: d · q; [half d][64 signed bytes q]. −128 is not used.
#define BLOCK 64
#define BLOCK_BYTES 66
#include "Encoders/int8_groups.cl"
