// y[t, :] = table[ids[t], :] of a float table in any strided layout: `embeddingLookup` of an activation.
//
//   table  [V, K]  float, strides table_v table_k
//   ids    [T]     int, `ids_stride` apart
//   y      [T, K]  float, rows `y_stride` apart, values contiguous
//
// An id outside 0 ..< V gives NaN: an index from a buffer is never trusted.
//
// Parameters vocabulary inputs table_offset table_v table_k ids_offset ids_stride y_offset y_stride
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (K rounded up to 64, T), local (64, 1); an item owns one value
// Numbers    moves bits
TILE_FUNCTION gather_rows_tile(__global const float *table, __global const int *ids, __global float *y, TILE_UNIFORMS,
                               long tile, long token) {
  const long k = tile * 64 + get_local_id(0);
  if (k >= P_inputs) return;
  const long id = ids[P_ids_offset + token * P_ids_stride];
  float value = NAN;
  if (id >= 0 && id < P_vocabulary) value = table[P_table_offset + id * P_table_v + k * P_table_k];
  y[P_y_offset + token * P_y_stride + k] = value;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void gather_rows_simt(__global const float *restrict table,
                                                                               __global const int *restrict ids,
                                                                               __global float *restrict y, UNIFORMS) {
  gather_rows_tile(table, ids, y, uniforms, block, get_group_id(0), get_group_id(1));
}
