// y[t, :] = table[ids[t], :], decoded to float32.
//
//   table  packed, Common/weights.cl                  V rows of K values
//   ids    [T]  int, `ids_stride` apart
//   y      [T, K]  float, rows `y_stride` apart, values contiguous
//
// An id outside 0 ..< V gives NaN: an index from a buffer is never trusted.
//
// Parameters vocabulary inputs blocks ids_offset ids_stride y_offset y_stride
// Defines    WEIGHT_…                                                          Needs  nothing beyond OpenCL C 1.2
// Launch     global (K rounded up to 64, T), local (64, 1); an item owns one value
// Numbers    the bits of the format's reference
#include "Common/weights.cl"

TILE_FUNCTION embedding_lookup_tile(__global const UNIT *table, __global const int *ids, __global float *y,
                                    TILE_UNIFORMS, long tile, long token) {
  const long k = tile * 64 + get_local_id(0);
  if (k >= P_inputs) return;
  const long id = ids[P_ids_offset + token * P_ids_stride];
  float value = NAN;
  if (id >= 0 && id < P_vocabulary) {
    __global const UNIT *units = BLOCK_POINTER(table, id / 16, P_blocks, k / BLOCK_SIZE) + id % 16;
    const int within = (int)(k % BLOCK_SIZE);
    value = DECODE_SCALAR(units, within);
  }
  y[P_y_offset + token * P_y_stride + k] = value;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void embedding_lookup_simt(__global const UNIT *restrict table,
                                                                                    __global const int *restrict ids,
                                                                                    __global float *restrict y,
                                                                                    UNIFORMS) {
  embedding_lookup_tile(table, ids, y, uniforms, block, get_group_id(0), get_group_id(1));
}
