// y = f(a, b), element by element, with strides (0 where an operand broadcasts).
//
//   a, b, y  float, each with an offset and RANK strides
//   f        a + b   (FUNCTION_ADD)          a · b   (FUNCTION_MULTIPLY)
//            b · a / (1 + exp(−a))   (FUNCTION_GATED_SILU: a the gate, b the up projection)
//
// Parameters simt: count extent_0… a_offset a_stride_0… b_offset b_stride_0… y_offset y_stride_0…
//            wide: rows width a_offset a_row b_offset b_row y_offset y_row; values of a row are contiguous
// Defines    RANK, one FUNCTION_…, and VALUES_PER_ITEM (a multiple of 16)       Needs  nothing beyond OpenCL C 1.2
// Launch     simt: global (count rounded up to 64), local (64); an item owns one element
//            wide: global (⌈width / VALUES_PER_ITEM⌉, rows), local (1, 1); an item owns a piece of a row
// Numbers    sum and product are rounded once; gated SiLU within 6 ulp
#ifndef VALUES_PER_ITEM
#include "Common/strided.cl"
#endif

#if defined(FUNCTION_ADD)
#define APPLY(a, b) ((a) + (b))
#elif defined(FUNCTION_MULTIPLY)
#define APPLY(a, b) ((a) * (b))
#elif defined(FUNCTION_GATED_SILU)
#define APPLY(a, b) ((b) * ((a) / (1.0f + exp(-(a)))))
#else
#error "no FUNCTION_ is defined"
#endif

#ifdef VALUES_PER_ITEM
__kernel WIDE_KERNEL void binary_wide(__global const float *restrict a, __global const float *restrict b,
                                      __global float *restrict y, UNIFORMS) {
  const long first = get_group_id(0) * VALUES_PER_ITEM;
  const long row = get_group_id(1);
  const int count = (int)min(P_width - first, (long)VALUES_PER_ITEM);
  __global const float *left = a + P_a_offset + row * P_a_row + first;
  __global const float *right = b + P_b_offset + row * P_b_row + first;
  __global float *output = y + P_y_offset + row * P_y_row + first;
  for (int i = 0; i < count / 16; ++i) {
    const float16 x = vload16(i, left);
    vstore16(APPLY(x, vload16(i, right)), i, output);
  }
  for (int i = count / 16 * 16; i < count; ++i) output[i] = APPLY(left[i], right[i]);
}
#else
__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void binary_simt(__global const float *restrict a,
                                                                          __global const float *restrict b,
                                                                          __global float *restrict y, UNIFORMS) {
  const long index = get_group_id(0) * 64 + get_local_id(0);
  if (index >= P_count) return;
  const float left = a[P_a_offset + strided_offset(uniforms, block, index, P_INDEX_a_stride_0)];
  const float right = b[P_b_offset + strided_offset(uniforms, block, index, P_INDEX_b_stride_0)];
  y[P_y_offset + strided_offset(uniforms, block, index, P_INDEX_y_stride_0)] = APPLY(left, right);
}
#endif
