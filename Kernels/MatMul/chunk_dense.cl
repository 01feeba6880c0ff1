// A chunk of chunks_wide.cl where every value is kept: a part is a value, its place follows from its number.
#ifdef LEVEL_MAXIMUM
#include "Common/level_values.cl"
#endif
#define DECODED VALUES
#define PASS_VECTORS SUM_VECTORS
#define CHUNK_PARTS CHUNK
#define CHUNK_STEPS (CHUNK / STEP)
#define CHUNK_PLACES 1
#define FIRST_PART(w, row) 0
#define LAST_PART(w, row) ((int)P_blocks * weight_block)
#define KEPT_OF_PART 1
#define FIRST_INPUT(part) (part)
#define PLACE(places, step) ((step)*STEP)

REQUIRE(CHUNK % (STEP * weight_group) == 0, a_chunk_is_whole_groups);

TILE_FUNCTION list_places(__global const weight_unit *w, TILE_UNIFORMS, int row, int first, int parts, int *places) {}

// `count` values of K of 16 rows from value `first` on to every PASS_VECTORS-th vector. A chunk may begin in a block.
TILE_FUNCTION decode_chunk(__global const weight_unit *w, TILE_UNIFORMS, int group, int first, int count,
                           VALUES *decoded) {
  __global const weight_unit *weights = BLOCK_POINTER(w, group, (int)P_blocks, 0);
  for (int step = 0; step < count / (STEP * weight_group); ++step) {
    const int k = first + step * (STEP * weight_group);
    __global const weight_unit *units = weights + (long)(k / weight_block) * BLOCK_STRIDE;
    const int g = k % weight_block / weight_group;
    const WEIGHT_SCALES scales = WEIGHT_SCALES_AT(units, g);
#pragma unroll
    for (int i = 0; i < weight_group; i += WEIGHT_STEPS) {
      VALUES steps[WEIGHT_STEPS];
      READ_WEIGHTS(units, g, i, scales, steps);
#pragma unroll
      for (int part = 0; part < WEIGHT_STEPS; ++part)
        decoded[(step * weight_group + i + part) * PASS_VECTORS] = steps[part];
    }
  }
#if STEP == 2
  if (count % 2) decoded[count / 2 * PASS_VECTORS] = LAST_WEIGHT(weights + (long)(first + count - 1) * BLOCK_STRIDE);
#endif
}

TILE_FUNCTION scale_sums(__global const weight_unit *w, TILE_UNIFORMS, float16 *sums, int count, int first_group,
                         int groups) {
#ifdef LEVEL_MAXIMUM
  for (int i = 0; i < count * SUM_VECTORS; ++i) sums[i] = ROW_ORDER(sums[i]);
#endif
}
