// uint4_g64: d · (q − z); [float d][short z][64 nibbles q, of each 32 as in q4_0].
#include "Values/uint4_groups.cl"

enum { NAME(block) = 64, NAME(group) = 32, NAME(units) = 19 };
