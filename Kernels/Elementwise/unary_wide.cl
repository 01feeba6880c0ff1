// y = f(x), element by element along rows of contiguous values: for devices whose work-item is a SIMD unit (CPUs).
//
//   x, y  [R, D]  float, rows `x_row`, `y_row` apart
//   f     Common/unary_functions.cl
//
// Parameters rows width x_row x_offset y_row y_offset
// Defines    VALUES_PER_ITEM (a multiple of 16) and one FUNCTION_…             Needs  nothing beyond OpenCL C 1.2
// Launch     global (⌈D / VALUES_PER_ITEM⌉, R), local (1, 1); an item owns a piece of a row
// Numbers    Common/unary_functions.cl
#include "Common/lanes.cl"
#include "Common/unary_functions.cl"

#ifndef VALUES_PER_ITEM
#error "VALUES_PER_ITEM is not defined"
#endif

TILE_FUNCTION unary_tile(__global const float *x, __global float *y, TILE_UNIFORMS, long piece, long row) {
  const long first = piece * VALUES_PER_ITEM;
  const int count = (int)min(P_width - first, (long)VALUES_PER_ITEM);
  __global const float *input = x + P_x_offset + row * P_x_row + first;
  __global float *output = y + P_y_offset + row * P_y_row + first;
  for (int i = 0; i < count; i += 16) {
    const float16 value = load_lanes(input + i, count - i);
    store_lanes(APPLY(wide, value), output + i, count - i);
  }
}

__kernel WIDE_KERNEL void unary_wide(__global const float *restrict x, __global float *restrict y, UNIFORMS) {
  unary_tile(x, y, uniforms, block, get_group_id(0), get_group_id(1));
}
