// int8_g64: d · q; [half d][64 signed bytes q].
#include "Values/int8_groups.cl"

enum { NAME(block) = 64, NAME(group) = 32, NAME(units) = 33 };
