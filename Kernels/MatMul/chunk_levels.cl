// A chunk of chunks_wide.cl where activations are levels too: a part is a group of weights, whose levels are decoded once, and
// its place follows from its number.
//
// Defines   those of Common/level_dots.cl; CHUNK of whole blocks of activations
#include "Common/level_dots.cl"
#define PASS_VECTORS SUM_VECTORS
#define CHUNK_PARTS (CHUNK / weight_group)
#define CHUNK_STEPS CHUNK_PARTS
#define CHUNK_PLACES 1
#define GROUPS (weight_block / weight_group)
#define FIRST_PART(w, row) 0
#define LAST_PART(w, row) ((int)P_blocks * GROUPS)
#define KEPT_OF_PART 1
#define FIRST_INPUT(part) ((part) / (32 / weight_group) * INPUT_BLOCK_INTS)

REQUIRE(CHUNK % 32 == 0, a_chunk_is_whole_blocks_of_activations);

// A group of 16 rows.
typedef struct {
  PART_LEVELS levels[weight_group / PART_STEP];
  float16 scale, least;
} decoded_group;
#define DECODED decoded_group

TILE_FUNCTION list_places(__global const weight_unit *w, TILE_UNIFORMS, int row, int first, int parts, int *places) {}

// `count` groups of 16 rows from group `first` on to every PASS_VECTORS-th place.
TILE_FUNCTION decode_chunk(__global const weight_unit *w, TILE_UNIFORMS, int group, int first, int count,
                           decoded_group *decoded) {
  __global const weight_unit *weights = BLOCK_POINTER(w, group, (int)P_blocks, 0);
  for (int part = 0; part < count; ++part) {
    __global const weight_unit *units = weights + (long)((first + part) / GROUPS) * BLOCK_STRIDE;
    const int g = (first + part) % GROUPS;
    decoded_group *to = decoded + part * PASS_VECTORS;
    const weight_header header = weight_header_at(units, g);
    to->scale = weight_scale_of(header);
    to->least = weight_least_of(header);
#pragma unroll
    for (int i = 0; i < weight_group; i += PART_STEP) to->levels[i / PART_STEP] = LEVELS_STEP(units, g, i);
  }
}

// One group of a tile of tokens, from `place` on in their blocks of activations at `inputs`, whose levels are `levels`.
TILE_FUNCTION add_decoded_group(__global const INPUT *const *inputs, const PART_INPUTS *levels,
                                const decoded_group *group, int place, float16 *tile) {
  int16 products[TOKENS_PER_ITEM][PASS_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < PASS_VECTORS; ++v) products[t][v] = (int16)(0);
#pragma unroll
  for (int first = 0; first < weight_group; first += PART_STEP * PART_STEPS) {
    PART parts[TOKENS_PER_ITEM][PASS_VECTORS];
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) parts[t][v] = (PART)(0);
#pragma unroll
    for (int i = first; i < first + PART_STEP * PART_STEPS; i += PART_STEP)
#pragma unroll
      for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
        for (int v = 0; v < PASS_VECTORS; ++v)
          PART_ADD(parts[t][v], group[v].levels[i / PART_STEP], PART_INPUT(levels[t], place + i));
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) products[t][v] += PART_SUM(parts[t][v]);
  }
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < PASS_VECTORS; ++v)
      tile[t * SUM_VECTORS + v] =
          add_group(tile[t * SUM_VECTORS + v], products[t][v], INPUT_SCALE(inputs[t]),
                    place ? LAST_SUM(inputs[t]) : INPUT_SUM(inputs[t], 0), group[v].scale, group[v].least);
}

// One tile over `count` groups.
TILE_FUNCTION add_chunk(__global const INPUT *const *rows, const decoded_group *decoded, const int *places,
                        float16 *tile, int count) {
  for (int block = 0; block < count / (32 / weight_group); ++block) {
    __global const INPUT *inputs[TOKENS_PER_ITEM];
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) inputs[t] = rows[t] + block * INPUT_BLOCK_INTS;
    PART_INPUTS levels[TOKENS_PER_ITEM];
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) levels[t] = inputs_of(inputs[t]);
#pragma unroll
    for (int place = 0; place < 32; place += weight_group)
      add_decoded_group(inputs, levels, decoded + (block * (32 / weight_group) + place / weight_group) * PASS_VECTORS,
                        place, tile);
  }
}

TILE_FUNCTION scale_sums(__global const weight_unit *w, TILE_UNIFORMS, float16 *sums, int count, int first_group,
                         int groups) {}
