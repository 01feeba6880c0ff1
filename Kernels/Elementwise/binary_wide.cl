// y = f(a, b), element by element along rows of contiguous values: for devices whose work-item is a SIMD unit (CPUs).
//
//   a, b, y  [R, D]  float, rows `a_row`, `b_row`, `y_row` apart
//   f        a + b,  a · b,  or  silu(a) · b: Common/binary_functions.cl
//
// Parameters rows width a_row a_offset b_row b_offset y_row y_offset
// Defines    VALUES_PER_ITEM (a multiple of 16) and one FUNCTION_…             Needs  nothing beyond OpenCL C 1.2
// Launch     global (⌈D / VALUES_PER_ITEM⌉, R), local (1, 1); an item owns a piece of a row
// Numbers    sum and product are rounded once; gated SiLU as Common/activation_functions.cl says, and a rounding
#include "Common/binary_functions.cl"
#include "Common/lanes.cl"

#ifndef VALUES_PER_ITEM
#error "VALUES_PER_ITEM is not defined"
#endif

TILE_FUNCTION binary_tile(__global const float *a, __global const float *b, __global float *y, TILE_UNIFORMS,
                          long piece, long row) {
  const long first = piece * VALUES_PER_ITEM;
  const int count = (int)min(P_width - first, (long)VALUES_PER_ITEM);
  __global const float *left = a + P_a_offset + row * P_a_row + first;
  __global const float *right = b + P_b_offset + row * P_b_row + first;
  __global float *output = y + P_y_offset + row * P_y_row + first;
  for (int i = 0; i < count; i += 16) {
    const float16 x = load_lanes(left + i, count - i);
    store_lanes(APPLY(wide, x, load_lanes(right + i, count - i)), output + i, count - i);
  }
}

__kernel WIDE_KERNEL void binary_wide(__global const float *restrict a, __global const float *restrict b,
                                      __global float *restrict y, UNIFORMS) {
  binary_tile(a, b, y, uniforms, block, get_group_id(0), get_group_id(1));
}
