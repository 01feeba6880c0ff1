// y = x in another float format, in any strided layout: `convert` of a value that is not a packed weight.
//
//   x  float (SOURCE_F32), or ushort bits of a half (SOURCE_F16) or of a bfloat16 (SOURCE_BF16), with an offset and
//      RANK strides
//   y  the same of TARGET_F32, TARGET_F16 or TARGET_BF16
//
// Parameters count extent_0… x_offset x_stride_0… y_offset y_stride_0…
// Defines    RANK, one SOURCE_… and one TARGET_…                               Needs  nothing beyond OpenCL C 1.2
// Launch     global (count rounded up to 64), local (64); an item owns one element
// Numbers    to float exact; else to the nearest, ties to even, by integer steps: no rounding mode and no flushing
//            of the device matters. Beyond the range of half an infinity; NaN stays NaN
#include "Common/half_precision.cl"
#include "Common/strided.cl"

#if defined(SOURCE_F32)
#define SOURCE float
#define DECODE(x, index) (x)[index]
#elif defined(SOURCE_F16)
#define SOURCE ushort
#define DECODE(x, index) vload_half(index, (__global const half *)(x))
#elif defined(SOURCE_BF16)
#define SOURCE ushort
#define DECODE(x, index) as_float((uint)(x)[index] << 16)
#else
#error "no SOURCE_ is defined"
#endif

#if defined(TARGET_F32)
#define TARGET float
#define ENCODE(value) (value)
#elif defined(TARGET_F16)
#define TARGET ushort
#define ENCODE(value) half_bits(value)
#elif defined(TARGET_BF16)
#define TARGET ushort
#define ENCODE(value) bfloat16_bits(value)
#else
#error "no TARGET_ is defined"
#endif

TILE_FUNCTION convert_tile(__global const SOURCE *x, __global TARGET *y, TILE_UNIFORMS, long tile) {
  const long index = tile * 64 + get_local_id(0);
  if (index >= P_count) return;
  const long source = P_x_offset + strided_offset(uniforms, block, index, P_INDEX_x_stride_0);
  y[P_y_offset + strided_offset(uniforms, block, index, P_INDEX_y_stride_0)] = ENCODE(DECODE(x, source));
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void convert_simt(__global const SOURCE *restrict x,
                                                                           __global TARGET *restrict y, UNIFORMS) {
  convert_tile(x, y, uniforms, block, get_group_id(0));
}
