// What this process's own processor can do, for kernels of OpenCL devices that are this processor.
#pragma once
#include <stdbool.h>

/// Whether the processor and the system run `vdpbf16ps` on 512-bit registers (x86 AVX512_BF16).
bool heddle_host_has_bfloat16_dot(void);

/// Whether the processor and the system permute the lanes of 512-bit registers (x86 AVX512F).
bool heddle_host_has_lane_permute(void);
