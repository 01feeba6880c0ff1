// cache[rows[t], …] = x[t, …]: rows of a cache, anywhere in it.
//
//   rows   [T] int, `rows_stride` apart
//   x      [T, …] ELEMENT (uint, ushort for two-byte values), rows x_t apart, within a row RANK strides
//   cache  [C, …] ELEMENT, rows y_t apart, within a row RANK strides
//
// A row outside 0 ..< C is not written: an index from a buffer is never trusted. Of equal rows the last is written.
//
// Parameters count: of a row; capacity tokens extent_0… rows_offset rows_stride x_t x_offset x_stride_0… y_t y_offset y_stride_0…
// Defines    RANK ELEMENT                                                      Needs  nothing beyond OpenCL C 1.2
// Launch     global (count rounded up to 64, T), local (64, 1); an item owns one value
// Numbers    moves bits
#include "Common/strided.cl"

#ifndef ELEMENT
#error "ELEMENT is not defined"
#endif

TILE_FUNCTION write_rows_tile(__global const int *rows, __global const ELEMENT *x, __global ELEMENT *y, TILE_UNIFORMS,
                              long tile, long token) {
  const long row = rows[P_rows_offset + token * P_rows_stride];
  if (row < 0 || row >= P_capacity) return;
  for (long later = token + 1; later < P_tokens; ++later)
    if (rows[P_rows_offset + later * P_rows_stride] == row) return;
  const long index = tile * 64 + get_local_id(0);
  if (index >= P_count) return;
  const long source = strided_offset(uniforms, block, index, P_INDEX_x_stride_0);
  const long destination = strided_offset(uniforms, block, index, P_INDEX_y_stride_0);
  y[P_y_offset + row * P_y_t + destination] = x[P_x_offset + token * P_x_t + source];
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void write_rows_simt(__global const int *restrict rows,
                                                                              __global const ELEMENT *restrict x,
                                                                              __global ELEMENT *restrict y, UNIFORMS) {
  write_rows_tile(rows, x, y, uniforms, block, get_group_id(0), get_group_id(1));
}
