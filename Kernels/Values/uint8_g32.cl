// uint8_g32: d · (q − z); [float d][short z][32 bytes q].
#include "Values/uint8_groups.cl"

enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 19 };
