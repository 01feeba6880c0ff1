// uint8_g128: d · (q − z); [float d][short z][128 bytes q].
#include "Values/uint8_groups.cl"

enum { NAME(block) = 128, NAME(group) = 32, NAME(units) = 67 };
