// int8_g128: d · q; [half d][128 signed bytes q]. −128 is not used.
#define BLOCK 128
#define BLOCK_BYTES 130
#include "Encoders/int8_groups.cl"
