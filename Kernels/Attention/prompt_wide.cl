// Causal grouped-query attention of many queries: tiles of queries and keys, for devices whose work-item is a SIMD unit
// (CPUs). The bits are those of tokens_wide.cl.
//
//   y[t, h, :] = Σ_{j ≤ past+t} p_j · values[j, g, :]      p = softmax_j(scale · queries[t, h, :]·keys[j, g, :])
//   g = h / (H / G)                             T tokens, H query heads, G key heads, D and E head dimensions
//
//   q  [T, H, D]  float, strides q_t q_h           k  [C, G, D]  KEY, strides k_c k_g
//   v  [C, G, E]  VALUE, strides v_c v_g           y  [T, H, E]  float, strides y_t y_h          (last axes contiguous)
//
// Parameters tokens past q_offset q_t q_h k_offset k_c k_g v_offset v_c v_g y_offset y_t y_h
// Defines    those of tiles.cl  VECTORS: vectors of 16 keys whose scores for ROWS queries are in registers at a time
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (G, ⌈T / TOKENS_PER_ITEM⌉), local (1, 1); an item owns the queries of a group's heads, a row each
// Numbers    those of chunk.cl. Rows past `past + t` do not count for t
#ifndef VECTORS
#error "VECTORS must be defined"
#endif
#include "Attention/tiles.cl"

// `count` stored rows of `length` values as floats beside each other, each read from its begin to its end as processors
// foresee it; in memory they may lie where they push each other out of the cache.
#define COPY_ROWS(TYPE, rows, stride, count, length, copied)                                     \
  do {                                                                                           \
    for (int row_ = 0; row_ < (count); ++row_)                                                   \
      for (int i_ = 0; i_ < (length); i_ += 8)                                                   \
        vstore8(LOAD8(TYPE, (rows) + row_ * (stride) + i_), 0, (copied) + row_ * (length) + i_); \
  } while (0)

// The copied keys of a chunk with the key in the lanes: transposed[d][j].
static __attribute__((always_inline)) void transpose_keys(const float *keys, float *transposed) {
  for (int j = 0; j < CHUNK; j += 8)
    for (int d = 0; d < DIMENSION; d += 8) {
      float8 rows[8], pairs[8];
#pragma unroll
      for (int i = 0; i < 8; ++i) rows[i] = vload8(0, keys + (j + i) * DIMENSION + d);
#pragma unroll
      for (int i = 0; i < 8; i += 2) {
        pairs[i] = PAIRED_LOW(rows[i], rows[i + 1]);
        pairs[i + 1] = PAIRED_HIGH(rows[i], rows[i + 1]);
      }
#pragma unroll
      for (int i = 0; i < 8; i += 4) {
        rows[i] = PAIRS_LOW(pairs[i], pairs[i + 2]);
        rows[i + 1] = PAIRS_HIGH(pairs[i], pairs[i + 2]);
        rows[i + 2] = PAIRS_LOW(pairs[i + 1], pairs[i + 3]);
        rows[i + 3] = PAIRS_HIGH(pairs[i + 1], pairs[i + 3]);
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        vstore8((float8)(rows[i].lo, rows[i + 4].lo), 0, transposed + (d + i) * CHUNK + j);
        vstore8((float8)(rows[i].hi, rows[i + 4].hi), 0, transposed + (d + i + 4) * CHUNK + j);
      }
    }
}

#define ADD_SUMS(sums, more)                                                                                 \
  _Pragma("unroll") for (int row = 0; row < ROWS; ++row) _Pragma("unroll") for (int v = 0; v < VECTORS; ++v) \
      sums[row][v] += more[row][v]

// One chain of the scores of ROWS queries and VECTORS·16 transposed keys.
static __attribute__((always_inline)) void score_chain(const float *queries, const float *keys, int chain,
                                                       float16 (*sums)[VECTORS]) {
#pragma unroll
  for (int row = 0; row < ROWS; ++row)
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) sums[row][v] = (float16)(0.0f);
#pragma unroll 2
  for (int d = chain; d < DIMENSION; d += CHAINS) {
    float16 key[VECTORS];
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) key[v] = vload16(v, keys + d * CHUNK);
#pragma unroll
    for (int row = 0; row < ROWS; ++row)
#pragma unroll
      for (int v = 0; v < VECTORS; ++v)
        sums[row][v] = fma((float16)(queries[row * DIMENSION + d]), key[v], sums[row][v]);
  }
}

// The scores of ROWS queries and VECTORS·16 transposed keys. Chains come in the order in which they merge, so that few sums
// wait: (0 + 4) + (2 + 6), then (1 + 5) + (3 + 7).
static void score_keys(const float *queries, const float *keys, float *scores) {
  for (int part = 0; part < 2; ++part) {
    float16 sums[ROWS][VECTORS], pairs[ROWS][VECTORS], merged[ROWS][VECTORS];
    score_chain(queries, keys, part, merged);
    score_chain(queries, keys, part + 4, sums);
    ADD_SUMS(merged, sums);
    score_chain(queries, keys, part + 2, pairs);
    score_chain(queries, keys, part + 6, sums);
    ADD_SUMS(pairs, sums);
    ADD_SUMS(merged, pairs);
#pragma unroll
    for (int row = 0; row < ROWS; ++row)
#pragma unroll
      for (int v = 0; v < VECTORS; ++v) {
        float *score = scores + row * CHUNK + 16 * v;
        vstore16(part == 0 ? merged[row][v] : vload16(0, score) + merged[row][v], 0, score);
      }
  }
}

// Adds weighted values to the sums of ROWS queries. A row sees the keys before its end; `common` is the least of the ends,
// `end` the greatest.
#define ADD_VALUES(value, stride, weights, ends, common, end, sums)                           \
  do {                                                                                        \
    _Pragma("unroll 2") for (int j = 0; j < common; ++j) {                                    \
      const VALUES lanes = LOAD_VALUES(value + j * (stride));                                 \
      _Pragma("unroll") for (int row = 0; row < ROWS; ++row) sums[row] =                      \
          fma((VALUES)((weights)[row * CHUNK + j]), lanes, sums[row]);                        \
    }                                                                                         \
    for (int j = common; j < end; ++j) {                                                      \
      const VALUES lanes = LOAD_VALUES(value + j * (stride));                                 \
      _Pragma("unroll") for (int row = 0; row < ROWS; ++row) if (j < (ends)[row]) sums[row] = \
          fma((VALUES)((weights)[row * CHUNK + j]), lanes, sums[row]);                        \
    }                                                                                         \
  } while (0)

TILE_FUNCTION attention_prompt_tile(__global const float *q, __global const KEY *k, __global const VALUE *v,
                                    __global float *y, TILE_UNIFORMS, long group, long tile) {
  const long past = P_past;
  const long first_token = tile * TOKENS_PER_ITEM;
  const int rows = (int)min(P_tokens - first_token, (long)TOKENS_PER_ITEM) * HEADS_PER_GROUP;
  float queries[ITEM_ROWS * DIMENSION], outputs[ITEM_ROWS * VALUE_DIMENSION];
  softmax_sums sums[ITEM_ROWS];
  scale_queries(q + P_q_offset + first_token * P_q_t + group * HEADS_PER_GROUP * P_q_h, P_q_t, P_q_h, rows, queries);
  for (int i = 0; i < ITEM_ROWS * VALUE_DIMENSION; i += 8) vstore8((float8)(0.0f), 0, outputs + i);
  for (int row = 0; row < ITEM_ROWS; ++row) sums[row] = NO_SUMS;

  __global const KEY *keys = k + P_k_offset + group * P_k_g;
  __global const VALUE *values = v + P_v_offset + group * P_v_g;
  const long visible = past + first_token + (rows - 1) / HEADS_PER_GROUP + 1;
  float transposed[DIMENSION * CHUNK], copied[CHUNK * (DIMENSION > VALUE_DIMENSION ? DIMENSION : VALUE_DIMENSION)];
  for (long first = 0; first < visible; first += CHUNK) {
    const int count = (int)min(visible - first, (long)CHUNK);
    COPY_ROWS(KEY, keys + first * P_k_c, P_k_c, count, DIMENSION, copied);
    transpose_keys(copied, transposed);
    COPY_ROWS(VALUE, values + first * P_v_c, P_v_c, count, VALUE_DIMENSION, copied);
    const int next_count = (int)min(visible - first - count, (long)CHUNK);
    const int share = (CHUNK * ROWS + rows - 1) / rows;
    for (int block_row = 0; block_row < rows; block_row += ROWS) {
      for (int j = block_row / ROWS * share; j < min(block_row / ROWS * share + share, next_count); ++j) {
        FETCH_ROW(keys + (first + CHUNK + j) * P_k_c, DIMENSION);
        FETCH_ROW(values + (first + CHUNK + j) * P_v_c, VALUE_DIMENSION);
      }
      int ends[ROWS];
      find_ends(past + first_token + 1 - first, block_row, rows, ends);
      const int common = ends[0], end = ends[ROWS - 1];
      if (end == 0) continue;
      float scores[ROWS * CHUNK];
      for (int key = 0; key < end; key += 16 * VECTORS)
        score_keys(queries + block_row * DIMENSION, transposed + key, scores + key);
      float2 factors[ROWS];
      for (int row = 0; row < ROWS; ++row)
        factors[row] = merge_sums(sums + block_row + row, weigh(scores + row * CHUNK, ends[row]));
      for (int e = 0; e < VALUE_DIMENSION; e += LANES_OF_VALUES) {
        VALUES weighted[ROWS];
#pragma unroll
        for (int row = 0; row < ROWS; ++row) weighted[row] = NO_VALUES;
        ADD_VALUES(copied + e, VALUE_DIMENSION, scores, ends, common, end, weighted);
#pragma unroll
        for (int row = 0; row < ROWS; ++row) {
          float *output = outputs + (block_row + row) * VALUE_DIMENSION + e;
          STORE_VALUES(MERGED(LOAD_VALUES(output), weighted[row], factors[row]), output);
        }
      }
    }
  }
  for (int row = 0; row < rows; ++row) {
    __global float *output = y + P_y_offset + (first_token + row / HEADS_PER_GROUP) * P_y_t +
                             (group * HEADS_PER_GROUP + row % HEADS_PER_GROUP) * P_y_h;
    for (int e = 0; e < VALUE_DIMENSION; e += LANES_OF_VALUES)
      STORE_OUTPUT(LOAD_VALUES(outputs + row * VALUE_DIMENSION + e), sums[row].total, output + e);
  }
}

__kernel WIDE_KERNEL void attention_prompt_wide(__global const float *restrict q, __global const KEY *restrict k,
                                                __global const VALUE *restrict v, __global float *restrict y,
                                                UNIFORMS) {
  // Later tokens see more keys: they begin first.
  attention_prompt_tile(q, k, v, y, uniforms, block, get_group_id(0), get_num_groups(1) - 1 - get_group_id(1));
}
