// int4_g128: d · (q − 8); [half d][128 nibbles q, of each 32 as in q4_0].
#define BLOCK 128
#define BLOCK_BYTES 66
#include "Encoders/int4_groups.cl"
