// y = float32(x) of 16-bit floats in any strided layout: `convert` of a value that is not a packed weight.
//
//   x  ushort bits, with an offset and RANK strides: half (SOURCE_F16) or bfloat16 (SOURCE_BF16)
//   y  float, with an offset and RANK strides
//
// Parameters count extent_0… x_offset x_stride_0… y_offset y_stride_0…
// Defines    RANK and one SOURCE_…                                             Needs  nothing beyond OpenCL C 1.2
// Launch     global (count rounded up to 64), local (64); an item owns one element
// Numbers    exact
#include "Common/strided.cl"

#if defined(SOURCE_F16)
#define CONVERT(x, index) vload_half(index, (__global const half *)(x))
#elif defined(SOURCE_BF16)
#define CONVERT(x, index) as_float((uint)(x)[index] << 16)
#else
#error "no SOURCE_ is defined"
#endif

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void convert_simt(__global const ushort *restrict x,
                                                                           __global float *restrict y, UNIFORMS) {
  const long index = get_group_id(0) * 64 + get_local_id(0);
  if (index >= P_count) return;
  const long source = P_x_offset + strided_offset(uniforms, block, index, P_INDEX_x_stride_0);
  y[P_y_offset + strided_offset(uniforms, block, index, P_INDEX_y_stride_0)] = CONVERT(x, source);
}
