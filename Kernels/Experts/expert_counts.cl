// y[e] = how many of the indices are e. An index that is no expert counts for none.
//
//   indices  [P]  int, contiguous
//   y        [E]  int, contiguous                                      P indices, E experts
//
// Parameters count: P  experts indices_offset y_offset
// Defines    LOCAL_SIZE (a power of two ≤ 256)                                 Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, E), local (LOCAL_SIZE, 1); a group owns an expert. Local 4·LOCAL_SIZE bytes
// Numbers    exact
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

TILE_FUNCTION expert_counts_tile(__global const int *indices, __global int *y, TILE_UNIFORMS,
                                 LOCAL_POINTER int *partial, long expert) {
  const int item = get_local_id(0);
  int count = 0;
  for (long i = item; i < P_count; i += LOCAL_SIZE) count += indices[P_indices_offset + i] == expert;
  partial[item] = count;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) partial[item] += partial[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (item == 0) y[P_y_offset + expert] = partial[0];
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void expert_counts_simt(
    __global const int *restrict indices, __global int *restrict y, UNIFORMS) {
  __local int partial[LOCAL_SIZE];
  expert_counts_tile(indices, y, uniforms, block, partial, get_group_id(1));
}
