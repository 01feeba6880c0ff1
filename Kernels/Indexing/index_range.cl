// y[i] = start + i.
//
//   y  [N]  int
//
// Parameters start count y_offset                                              Needs  nothing beyond OpenCL C 1.2
// Launch     global (N rounded up to 64), local (64); an item owns one value
TILE_FUNCTION index_range_tile(__global int *y, TILE_UNIFORMS, long tile) {
  const long index = tile * 64 + get_local_id(0);
  if (index < P_count) y[P_y_offset + index] = (int)(P_start + index);
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void index_range_simt(__global int *restrict y, UNIFORMS) {
  index_range_tile(y, uniforms, block, get_group_id(0));
}
