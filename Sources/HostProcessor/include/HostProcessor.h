// What this process's own processor can do, for kernels of OpenCL devices that are this processor.
#pragma once
#include <stdbool.h>

#include "HostThreads.h"

/// Whether the processor and the system run `vdpbf16ps` on 512-bit registers (x86 AVX512_BF16).
bool heddle_host_has_bfloat16_dot(void);

/// Whether the processor and the system permute the lanes of 512-bit registers (x86 AVX512F).
bool heddle_host_has_lane_permute(void);

/// Whether the processor and the system multiply and shuffle bytes in 256-bit registers (x86 AVX2).
bool heddle_host_has_byte_multiply(void);

/// Whether the processor and the system run `vpdpbusd` on 512-bit registers (x86 AVX512_VNNI).
bool heddle_host_has_byte_dot(void);
