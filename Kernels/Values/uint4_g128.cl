// uint4_g128: d · (q − z); [float d][short z][128 nibbles q, of each 32 as in q4_0].
#include "Values/uint4_groups.cl"

enum { NAME(block) = 128, NAME(group) = 32, NAME(units) = 35 };
