// Rows of floats written into a cache as levels of eight bits, SIZE of which share a scale.
//
//   [half d][SIZE signed bytes q]   d = max|x| / 127 rounded to half, q = x / d rounded to the nearest, ties to even
//
//   rows   as in write_rows.cl
//   x      [T, BLOCKS · SIZE] float, contiguous
//   cache  [C, BLOCKS] blocks, bytes
//
// Parameters those of row_places.cl  blocks: of a row  x_offset y_offset (in bytes)
// Defines    SIZE  ROWS                                                        Needs  nothing beyond OpenCL C 1.2
// Launch     global (8, T), local (8, 1); a group owns one row, its items a block at a time. Local 4 bytes
// Numbers    the same bytes on every device: max|x| · 1/127 is one product, and 1 / d is four fixed steps from a first guess. A
//            block with a value that is no number, or too great for half, has an infinite scale
#define LOCAL_SIZE 8
#include "Common/half_precision.cl"
#include "Common/reciprocal.cl"
#include "Layout/row_places.cl"

#ifndef SIZE
#error "SIZE must be defined"
#endif

static void write_block(__global const float *values, __global uchar *bytes) {
  uint greatest = 0;
  for (int i = 0; i < SIZE; ++i) greatest = max(greatest, as_uint(values[i]) & 0x7FFFFFFFu);
  // Bits of floats are in the order of their magnitudes, NaN above all; no half is below 2⁻²⁴.
  uint scale = greatest < 0x33000000u ? 0 : half_bits(as_float(greatest) * 0x1.020408p-7f);
  if (greatest >= 0x7F800000u || scale > 0x7C00u) scale = 0x7C00u;
  const ushort bits = (ushort)scale;
  const float inverse = scale == 0x7C00u ? 0.0f : reciprocal(vload_half(0, (const half *)&bits));
  bytes[0] = (uchar)scale;
  bytes[1] = (uchar)(scale >> 8);
  for (int i = 0; i < SIZE; ++i)
    bytes[2 + i] = inverse == 0.0f ? 0 : (uchar)convert_char_sat(rint(values[i] * inverse));
}

TILE_FUNCTION write_blocks_tile(ROWS_PARAMETER __global const float *x, __global uchar *y, TILE_UNIFORMS,
                                LOCAL_POINTER int *is_dropped, long token) {
  const long row = row_of_token(ROWS_ARGUMENT uniforms, block, is_dropped, token);
  if (row < 0) return;
  for (long own = get_local_id(0); own < P_blocks; own += LOCAL_SIZE)
    write_block(x + P_x_offset + (token * P_blocks + own) * SIZE, y + P_y_offset + (row * P_blocks + own) * (SIZE + 2));
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void write_blocks_simt(
    ROWS_PARAMETER __global const float *restrict x, __global uchar *restrict y, UNIFORMS) {
  __local int is_dropped;
  write_blocks_tile(ROWS_ARGUMENT x, y, uniforms, block, &is_dropped, get_group_id(1));
}
