// The keys of the greatest scores that index_scores.cl has left for a few tokens: see index_choice.cl.
//
//   scores   [T, row]        float
//   list     [T, 4 · room]   int: scratch memory, two lists of `room` places of a token; room is at least min(count, past + T)
//   indices  [T, 1, count]   int, contiguous; −1 past the keys that a token sees
//
// Parameters past row count room scores_offset list_offset indices_offset
// Defines    those of index_choice.cl                                          Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, T), local (LOCAL_SIZE, 1); a group owns a token. Local 1028 bytes
// Numbers    exact
#include "Attention/index_choice.cl"

TILE_FUNCTION index_select_tile(__global const float *scores, __global int *list, __global int *indices, TILE_UNIFORMS,
                                LOCAL_POINTER int *counts, int item, long token) {
  choose_keys(scores + P_scores_offset + token * P_row, (int)(P_past + token + 1), P_count,
              (__global ulong *)(list + P_list_offset + token * 4 * P_room), counts, item,
              indices + P_indices_offset + token * P_count);
}

#if SHAPE_WIDE
__kernel WIDE_KERNEL void index_select_wide(__global const float *restrict scores, __global int *restrict list,
                                            __global int *restrict indices, UNIFORMS) {
  __local int counts[COUNTS];
  index_select_tile(scores, list, indices, uniforms, block, counts, 0, get_group_id(1));
}
#else
__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void index_select_simt(
    __global const float *restrict scores, __global int *restrict list, __global int *restrict indices, UNIFORMS) {
  __local int counts[COUNTS];
  index_select_tile(scores, list, indices, uniforms, block, counts, get_local_id(0), get_group_id(1));
}
#endif
