// Pairs of a token and an expert, sorted by expert, and cut into tiles of at most `rows` pairs of one expert.
//
//   order[…]  the pairs p of expert 0 in order, then those of expert 1, …; last those whose index is no expert
//   table[b]  {expert, first place in order, count}; E stands for no expert. Past the last tile the expert is −1
//
//   indices  [P]     int, contiguous: the expert of each pair                                P pairs, E experts
//   order    [P]     int, contiguous
//   table    [B, 3]  int, contiguous; B at least the tiles that there can be
//   counts   [E+1]   int, scratch of the wide kernel; contiguous
//
//   order_by_expert_simt  one group; an item counts and places the pairs of every LOCAL_SIZE-th expert
//   order_by_expert_wide  one item: a counting sort
//
// An index from a buffer is never trusted.
//
// Parameters pairs experts rows tiles: B  indices_offset order_offset table_offset counts_offset
// Defines    LOCAL_SIZE (simt, a power of two ≤ 256)                         Needs  nothing beyond OpenCL C 1.2
// Launch     simt: global (LOCAL_SIZE), local (LOCAL_SIZE); wide: global (1), local (1). Local 8·LOCAL_SIZE bytes
// Numbers    exact
static int expert_of(int index, int experts) { return index < 0 ? experts : min(index, experts); }

// The tiles of `count` pairs of an expert from place `first` on, from row `tile` of the table on. Returns the next row.
static int write_tiles(__global int *table, int expert, int first, int count, int rows, int tile) {
  for (int begin = 0; begin < count; begin += rows, ++tile) {
    table[3 * tile] = expert;
    table[3 * tile + 1] = first + begin;
    table[3 * tile + 2] = min(rows, count - begin);
  }
  return tile;
}

#if SHAPE_WIDE
TILE_FUNCTION order_tile(__global const int *indices, __global int *order, __global int *table, __global int *counts,
                         TILE_UNIFORMS) {
  const int pairs = (int)P_pairs;
  const int experts = (int)P_experts;
  indices += P_indices_offset;
  order += P_order_offset;
  table += P_table_offset;
  counts += P_counts_offset;
  for (int e = 0; e <= experts; ++e) counts[e] = 0;
  for (int p = 0; p < pairs; ++p) ++counts[expert_of(indices[p], experts)];
  int first = 0, tile = 0;
  for (int e = 0; e <= experts; ++e) {
    const int count = counts[e];
    tile = write_tiles(table, e, first, count, (int)P_rows, tile);
    counts[e] = first;
    first += count;
  }
  for (; tile < (int)P_tiles; ++tile) table[3 * tile] = -1;
  for (int p = 0; p < pairs; ++p) order[counts[expert_of(indices[p], experts)]++] = p;
}

__kernel WIDE_KERNEL void order_by_expert_wide(__global const int *restrict indices, __global int *restrict order,
                                               __global int *restrict table, __global int *restrict counts, UNIFORMS) {
  order_tile(indices, order, table, counts, uniforms, block);
}
#else
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

// The sum of the values of items before this one; to `total` is added that of all.
static __attribute__((always_inline)) int sum_before(int value, LOCAL_POINTER int *partial, int *total) {
  const int item = get_local_id(0);
  partial[item] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = 1; step < LOCAL_SIZE; step *= 2) {
    const int before = item >= step ? partial[item - step] : 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    partial[item] += before;
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  const int sum = *total + partial[item] - value;
  *total += partial[LOCAL_SIZE - 1];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}

TILE_FUNCTION order_tile(__global const int *indices, __global int *order, __global int *table, TILE_UNIFORMS,
                         LOCAL_POINTER int *partial) {
  const int item = get_local_id(0);
  const int pairs = (int)P_pairs;
  const int experts = (int)P_experts;
  const int rows = (int)P_rows;
  indices += P_indices_offset;
  order += P_order_offset;
  table += P_table_offset;
  int placed = 0, tiles = 0;
  for (int begin = 0; begin <= experts; begin += LOCAL_SIZE) {
    const int expert = begin + item;
    int count = 0;
    for (int p = 0; p < pairs; ++p) count += expert_of(indices[p], experts) == expert;
    int first = sum_before(count, partial, &placed);
    const int tile = sum_before((count + rows - 1) / rows, partial, &tiles);
    write_tiles(table, expert, first, count, rows, tile);
    for (int p = 0; p < pairs && count > 0; ++p)
      if (expert_of(indices[p], experts) == expert) order[first++] = p;
  }
  for (int tile = tiles + item; tile < (int)P_tiles; tile += LOCAL_SIZE) table[3 * tile] = -1;
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void order_by_expert_simt(
    __global const int *restrict indices, __global int *restrict order, __global int *restrict table, UNIFORMS) {
  __local int partial[LOCAL_SIZE];
  order_tile(indices, order, table, uniforms, block, partial);
}
#endif
