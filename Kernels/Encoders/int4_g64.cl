// int4_g64: d · (q − 8); [half d][64 nibbles q, of each 32 as in q4_0].
#define BLOCK 64
#define BLOCK_BYTES 34
#include "Encoders/int4_groups.cl"
