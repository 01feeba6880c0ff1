// Which blocks are kept: the `kept` greatest sums of all, of equals the first, listed in the order of their numbers.
//
//   sums    [groups · spans]  bits of floats that are not negative: Sparsity/block_magnitudes.cl
//   places  [kept]  uint: the numbers of the kept blocks, for Sparsity/store_kept.cl
//   y       bytes of a sparse tensor: [groups + 1] u32 starts, [kept] u32 columns from byte `indices` on
//
// The least kept sum is found bit by bit, from the highest: a bit is set if at least `kept` sums are not below. Then each
// item counts in its own run of blocks what is above it and what is equal, so that all know where theirs go.
//
// Parameters groups spans kept indices sums_offset places_offset y_offset
// Defines    LOCAL_SIZE (a power of two ≤ 256)                                 Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE), local (LOCAL_SIZE): one group. Local 8·LOCAL_SIZE bytes
// Numbers    exact; 33 reads of each sum
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

TILE_FUNCTION select_blocks_tile(__global const uint *sums, __global uint *places, __global uchar *y, TILE_UNIFORMS,
                                 LOCAL_POINTER uint *above, LOCAL_POINTER uint *equal) {
  const int item = get_local_id(0);
  const long spans = P_spans, blocks = P_groups * P_spans, kept = P_kept;
  __global const uint *values = sums + P_sums_offset;
  uint threshold = 0;
  for (int bit = 30; bit >= 0; --bit) {
    const uint candidate = threshold | 1u << bit;
    uint count = 0;
    for (long b = item; b < blocks; b += LOCAL_SIZE) count += values[b] >= candidate ? 1 : 0;
    above[item] = count;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
      if (item < step) above[item] += above[item + step];
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (above[0] >= kept) threshold = candidate;
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  const long run = (blocks + LOCAL_SIZE - 1) / LOCAL_SIZE;
  const long begin = min(item * run, blocks), end = min(begin + run, blocks);
  uint greater = 0, same = 0;
  for (long b = begin; b < end; ++b) {
    greater += values[b] > threshold ? 1 : 0;
    same += values[b] == threshold ? 1 : 0;
  }
  above[item] = greater;
  equal[item] = same;
  barrier(CLK_LOCAL_MEM_FENCE);
  long greater_before = 0, same_before = 0, greater_of_all = 0;
  for (int other = 0; other < LOCAL_SIZE; ++other) {
    greater_before += other < item ? above[other] : 0;
    same_before += other < item ? equal[other] : 0;
    greater_of_all += above[other];
  }
  // Of the equal ones the first are kept.
  const long wanted = kept - greater_of_all;
  __global uint *starts = (__global uint *)(y + P_y_offset + P_indices);
  __global uint *columns = starts + P_groups + 1;
  for (long b = begin; b < end; ++b) {
    const long position = greater_before + min(same_before, wanted);
    const long column = b % spans;
    if (column == 0) starts[b / spans] = (uint)position;
    if (values[b] > threshold || (values[b] == threshold && same_before < wanted)) {
      columns[position] = (uint)column;
      places[P_places_offset + position] = (uint)b;
    }
    greater_before += values[b] > threshold ? 1 : 0;
    same_before += values[b] == threshold ? 1 : 0;
  }
  if (item == 0) starts[P_groups] = (uint)kept;
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void select_blocks_simt(
    __global const uint *restrict sums, __global uint *restrict places, __global uchar *restrict y, UNIFORMS) {
  __local uint above[LOCAL_SIZE];
  __local uint equal[LOCAL_SIZE];
  select_blocks_tile(sums, places, y, uniforms, block, above, equal);
}
