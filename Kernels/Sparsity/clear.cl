// y = 0: what the launches after it leave alone.
//
//   y  bytes of a sparse tensor
//
// Parameters bytes y_offset
// Defines    none                                                              Needs  nothing beyond OpenCL C 1.2
// Launch     global (bytes rounded up to 64), local (64); an item owns one byte
// Numbers    none
TILE_FUNCTION clear_tile(__global uchar *y, TILE_UNIFORMS, long tile) {
  const long index = tile * 64 + get_local_id(0);
  if (index < P_bytes) y[P_y_offset + index] = 0;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void clear_simt(__global uchar *restrict y, UNIFORMS) {
  clear_tile(y, uniforms, block, get_group_id(0));
}
