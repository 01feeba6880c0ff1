// uint4_g32: d · (q − z); [float d][short z][32 nibbles q, as in q4_0].
#include "Values/uint4_groups.cl"

enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 11 };
