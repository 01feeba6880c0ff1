// Row-major index → offsets in strided operands. Needs RANK (collapsed axes, 1 or more) and the parameters
// extent_0 … extent_{RANK−1}; a stride list starts at a parameter index and holds RANK strides.
#ifndef RANK
#error "RANK is not defined"
#endif

// The offset of element `index` in an operand whose strides stand at parameter `strides`.
static long strided_offset(TILE_UNIFORMS, long index, int strides) {
  long offset = 0;
#pragma unroll
  for (int axis = RANK - 1; axis > 0; --axis) {
    const long extent = PARAMETER(P_INDEX_extent_0 + axis);
    const long quotient = index / extent;
    offset += (index - quotient * extent) * PARAMETER(strides + axis);
    index = quotient;
  }
  return offset + index * PARAMETER(strides);
}
