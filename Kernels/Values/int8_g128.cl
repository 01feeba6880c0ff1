// int8_g128: d · q; [half d][128 signed bytes q].
#include "Values/int8_groups.cl"

enum { NAME(block) = 128, NAME(group) = 32, NAME(units) = 65 };
