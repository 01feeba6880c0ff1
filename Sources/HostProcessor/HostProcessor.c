#include "HostProcessor.h"

bool heddle_host_has_bfloat16_dot(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

bool heddle_host_has_lane_permute(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

bool heddle_host_has_byte_multiply(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

bool heddle_host_has_byte_dot(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}
