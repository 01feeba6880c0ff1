// int4_g64: d · (q − 8); [half d][64 nibbles q, of each 32 as in q4_0].
#include "Values/int4_groups.cl"

enum { NAME(block) = 64, NAME(group) = 32, NAME(units) = 17 };
