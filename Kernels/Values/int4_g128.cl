// int4_g128: d · (q − 8); [half d][128 nibbles q, of each 32 as in q4_0].
#include "Values/int4_groups.cl"

enum { NAME(block) = 128, NAME(group) = 32, NAME(units) = 33 };
