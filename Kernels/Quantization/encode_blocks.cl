// Values in a block format: by search for the scales of least error, or by the greatest magnitude.
//
//   y = the bytes of the format's blocks that decode to what is near to x: least Σ w[k] (x[m, k] − y[m, k])²
//
//   x           [M, K]  float, row-major
//   importance  with IMPORTANCE only, [K] float, not negative: w. Without it w = 1
//   y           bytes, block after block, row after row
//
// Parameters blocks (of all rows) row_blocks (of a row) x_offset importance_offset y_offset (in bytes)
// Defines    ENCODING, a file of Encoders/; IMPORTANCE or not                  Needs  nothing beyond OpenCL C 1.2
// Launch     global (64 · ⌈blocks · GROUPS / 64⌉), local (64); an item owns one group. Local 17 KiB at most
// Numbers    the bytes of the oracle: Encoders/shape.cl. A block that is not finite, or too great for the format, has
//            scales that are not
#include "Common/half_precision.cl"
#include "Encoders/{ENCODING}.cl"

#ifdef IMPORTANCE
#define IMPORTANCE_OPERAND __global const float *importance,
#define IMPORTANCE_ARGUMENT importance,
#else
#define IMPORTANCE_OPERAND
#define IMPORTANCE_ARGUMENT
#endif

// The greatest of all items of a block.
static uint block_maximum(const Block *block, uint own) {
  LOCAL_POINTER int *words = block->shared->scale_code;
  words[block->item] = (int)own;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int g = 0; g < GROUPS; ++g) own = max(own, (uint)words[block->first + g]);
  barrier(CLK_LOCAL_MEM_FENCE);
  return own;
}

static uint group_maximum(__global const float *values) {
  uint own = 0;
  for (int k = 0; k < GROUP; ++k) own = max(own, as_uint(values[k]) & 0x7FFFFFFFu);
  return own;
}

ENCODER void load_values(Block *block, __global const float *x) {
  const uint greatest = block_maximum(block, group_maximum(x));
  const int exponent = (int)(greatest >> 23) - 127;
  const bool is_nothing = exponent < LEAST_EXPONENT;
  block->is_refused = exponent >= GREATEST_EXPONENT;
  block->exponent = is_nothing || block->is_refused ? 0 : exponent;
  for (int k = 0; k < GROUP; ++k) {
    const float value = times_power(as_uint(x[k]), -block->exponent, LEAST_POWER);
    block->shared->values[block->item * GROUP_STRIDE + k] = is_nothing || block->is_refused ? 0.0f : value;
  }
}

#ifdef IMPORTANCE
ENCODER void load_weights(Block *block, __global const float *importance) {
  const uint greatest = block_maximum(block, group_maximum(importance));
  for (int k = 0; k < GROUP; ++k) {
    const float weight = times_power(as_uint(importance[k]), 127 - (int)(greatest >> 23), -20);
    block->shared->weights[block->item * GROUP_STRIDE + k] = greatest < 0x800000u ? 1.0f : max(weight, 0x1p-20f);
  }
}
#endif

TILE_FUNCTION encode_blocks_tile(__global const float *x, IMPORTANCE_OPERAND __global uchar *y, TILE_UNIFORMS,
                                 LOCAL_POINTER Shared *shared, long tile) {
  Block state;
  state.shared = shared;
  state.item = get_local_id(0);
  state.first = state.item / GROUPS * GROUPS;
  const int group = state.item - state.first;
  const long number = tile * (ITEMS / GROUPS) + state.item / GROUPS;
  // Items past the last block do as those of the last one, but write nothing.
  const long source = min(number, P_blocks - 1);
  load_values(&state, x + P_x_offset + source * BLOCK + group * GROUP);
#ifdef IMPORTANCE
  load_weights(&state, importance + P_importance_offset + source % P_row_blocks * BLOCK + group * GROUP);
#endif
  encode_block(&state);
  barrier(CLK_LOCAL_MEM_FENCE);
  if (number >= P_blocks) return;
  __global uchar *bytes = y + P_y_offset + number * BLOCK_BYTES;
  for (int b = group; b < BLOCK_BYTES; b += GROUPS) bytes[b] = encoded_byte(&state, b);
}

__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void encode_blocks_simt(
    __global const float *restrict x, IMPORTANCE_OPERAND __global uchar *restrict y, UNIFORMS) {
  __local Shared shared;
  encode_blocks_tile(x, IMPORTANCE_ARGUMENT y, uniforms, block, &shared, get_group_id(0));
}
