// Grouped-query attention of a few queries over a long cache: the chunks of keys apart, for devices whose work-item
// is a SIMD unit (CPUs). merge_wide.cl merges what this leaves; the bits are those of prompt_wide.cl.
//
//   sums[c, t, h] = (m, l), partials[c, t, h, :] = o of chunk c for query t of head h, as chunk.cl says
//
//   q, k, v and what is given beside them, but for sinks, as in prompt_wide.cl
//   T tokens, H query heads, G key heads, D and E head dimensions
//   sums     [N, T, H, 2] float      partials  [N, T, H, E] float, of N chunks; what no query sees of partials is not written
//
// Parameters tokens keys q_offset q_t q_h k_offset k_c k_g v_offset v_c v_g sums_offset partials_offset, and those of what is
//            given
// Defines    those of tiles.cl  GROUPS (G)
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (N, ⌈T / TOKENS_PER_ITEM⌉), local (1, 1); an item owns a chunk of all groups, so that
//            what it reads lies together
// Numbers    those of chunk.cl
#ifndef GROUPS
#error "GROUPS must be defined"
#endif
#include "Attention/tiles.cl"

// Keys that are scored together, and values that are added together, of each group in turn: few rows of memory at a time.
#define KEYS 8
#define SOME_KEYS (((ulong)1 << KEYS) - 1)
// How many of an output's vectors are summed together: SUM_VECTORS divides OUTPUT_VECTORS.
#define OUTPUT_VECTORS (VALUE_DIMENSION / LANES_OF_VALUES)
#define SUM_VECTORS \
  (OUTPUT_VECTORS < 6 ? OUTPUT_VECTORS : OUTPUT_VECTORS % 4 == 0 ? 4 : OUTPUT_VECTORS % 3 == 0 ? 3 : 1)

// The sums of each vector's lanes, merged by halves.
static __attribute__((always_inline)) float8 sums_of_lanes(const float8 *vectors) {
  float8 fours[4], twos[2];
#pragma unroll
  for (int i = 0; i < 4; ++i)
    fours[i] = (float8)(vectors[2 * i].lo, vectors[2 * i + 1].lo) + (float8)(vectors[2 * i].hi, vectors[2 * i + 1].hi);
#pragma unroll
  for (int i = 0; i < 2; ++i)
    twos[i] = PAIRS_LOW(fours[2 * i], fours[2 * i + 1]) + PAIRS_HIGH(fours[2 * i], fours[2 * i + 1]);
  const float8 a = twos[0], b = twos[1];
  const float8 sums = (float8)(a.s0, a.s2, b.s0, b.s2, a.s4, a.s6, b.s4, b.s6) +
                      (float8)(a.s1, a.s3, b.s1, b.s3, a.s5, a.s7, b.s5, b.s7);
  return (float8)(sums.s0, sums.s4, sums.s1, sums.s5, sums.s2, sums.s6, sums.s3, sums.s7);
}

// Scores of KEYS keys, of which `count` are there, for one query. Asks for as many keys at `ahead`.
static __attribute__((always_inline)) float8 score_keys(const float *query, __global const KEY *keys, long stride,
                                                        int count, __global const KEY *ahead) {
  float8 products[KEYS];
#pragma unroll
  for (int j = 0; j < KEYS; ++j) {
    __global const KEY *key = keys + (j < count ? j : 0) * stride;
    FETCH_ROW(ahead + j * stride, STORED_SIZE(KEY, DIMENSION));
    products[j] = (float8)(0.0f);
#pragma unroll
    for (int d = 0; d < DIMENSION; d += CHAINS)
      products[j] = fma(vload8(0, query + d), LOAD8(KEY, key, d), products[j]);
  }
  return sums_of_lanes(products);
}

// LANES_OF_VALUES of the stored values of a row from i on.
#if LANES_OF_VALUES == 16
#define LOAD_LANES(row, i) LOAD16(VALUE, row, i)
#else
#define LOAD_LANES(row, i) LOAD8(VALUE, row, i)
#endif

// Adds `count` weighted values to the sums of one query. Asks for as many values at `ahead`.
static __attribute__((always_inline)) void add_values(const float *weights, __global const VALUE *values, long stride,
                                                      int count, float *outputs, __global const VALUE *ahead) {
#pragma unroll 1
  for (int e = 0; e < VALUE_DIMENSION; e += SUM_VECTORS * LANES_OF_VALUES) {
    VALUES sums[SUM_VECTORS];
#pragma unroll
    for (int i = 0; i < SUM_VECTORS; ++i) sums[i] = LOAD_VALUES(outputs + e + i * LANES_OF_VALUES);
#pragma unroll 2
    for (int j = 0; j < count; ++j) {
      FETCH_ROW(ahead + j * stride + STORED_SIZE(VALUE, e), STORED_SIZE(VALUE, SUM_VECTORS * LANES_OF_VALUES));
#pragma unroll
      for (int i = 0; i < SUM_VECTORS; ++i)
        sums[i] = fma((VALUES)(weights[j]), LOAD_LANES(values + j * stride, e + i * LANES_OF_VALUES), sums[i]);
    }
#pragma unroll
    for (int i = 0; i < SUM_VECTORS; ++i) STORE_VALUES(sums[i], outputs + e + i * LANES_OF_VALUES);
  }
}

// The keys that tokens see, of all groups alike or of each its own.
#define SEEN_GROUPS (SELECTION ? GROUPS : 1)
#define SEEN_BY(seen, group, token) (seen)[SELECTION ? (group) : 0][token]

// What the chunk at `first` gives `tokens` tokens of one sequence.
static __attribute__((always_inline)) void attend(
    __global const float *q, __global const KEY *k, __global const VALUE *v,
    PAGES_PARAMETER SELECTION_PARAMETER TERMS_PARAMETERS __global float *sums, __global float *partials, TILE_UNIFORMS,
    long chunk, long first_token, const query_place *places, int tokens) {
  const long first = chunk * CHUNK;
  const int rows = tokens * HEADS_PER_GROUP;
  ulong seen[SEEN_GROUPS][TOKENS_PER_ITEM], any = 0;
  for (int group = 0; group < SEEN_GROUPS; ++group)
    FIND_SEEN(places, tokens, first_token, group, first, seen[group], any);
  const long heads = GROUPS * HEADS_PER_GROUP;
  const long row_of_chunk = (chunk * P_tokens + first_token) * heads;
  key_place place = {-1, 0};
  if (any != 0) place = place_of_keys(PAGES_ARGUMENT uniforms, block, places->sequence, first);
  if (place.page < 0) {
    for (int own = 0; own < rows * GROUPS; ++own)
      vstore2((float2)(-INFINITY, 0.0f), row_of_chunk + own, sums + P_sums_offset);
    return;
  }
  __global const KEY *first_keys = KEYS_AT(k, place);
  __global const VALUE *first_values = VALUES_AT(v, place);
  const int count = end_of_keys(any);
  float queries[GROUPS][ITEM_ROWS * DIMENSION], scores[GROUPS][ITEM_ROWS * CHUNK];
  float outputs[GROUPS][ITEM_ROWS * VALUE_DIMENSION];
  for (int group = 0; group < GROUPS; ++group)
    scale_queries(q + P_q_offset + first_token * P_q_t + group * HEADS_PER_GROUP * P_q_h, P_q_t, P_q_h, rows,
                  queries[group]);

  for (int key = 0; key < count; key += KEYS) {
    if ((any >> key & SOME_KEYS) == 0) continue;
    __global const KEY *keys = first_keys + key * P_k_c;
    for (int group = 0; group < GROUPS; ++group) {
      __global const KEY *next = keys + KEYS * P_k_c + group * P_k_g;
      for (int row = 0; row < rows; ++row)
        vstore8(score_keys(queries[group] + row * DIMENSION, keys + group * P_k_g, P_k_c, count - key, next), 0,
                scores[group] + row * CHUNK + key);
    }
  }

  for (int group = 0; group < GROUPS; ++group) {
    for (int row = 0; row < rows; ++row) {
      softmax_sums of_chunk = NO_SUMS;
      const int token = row / HEADS_PER_GROUP, head = group * HEADS_PER_GROUP + row % HEADS_PER_GROUP;
      const ulong own_keys = SEEN_BY(seen, group, token);
      if (own_keys != 0)
        of_chunk = weigh(scores[group] + row * CHUNK, own_keys,
                         SCORE_TERMS(first_token + token, head, places[token].position, first));
      vstore2((float2)(of_chunk.greatest, of_chunk.total), row_of_chunk + token * heads + head, sums + P_sums_offset);
    }
    for (int i = 0; i < ITEM_ROWS * VALUE_DIMENSION; i += LANES_OF_VALUES) STORE_VALUES(NO_VALUES, outputs[group] + i);
  }

  for (int key = 0; key < count; key += KEYS) {
    if ((any >> key & SOME_KEYS) == 0) continue;
    __global const VALUE *values = first_values + key * P_v_c;
    for (int group = 0; group < GROUPS; ++group) {
      __global const VALUE *next = values + KEYS * P_v_c + group * P_v_g;
      for (int row = 0; row < rows; ++row)
        for (ulong rest = SEEN_BY(seen, group, row / HEADS_PER_GROUP) >> key & SOME_KEYS; rest != 0;) {
          const bool isWhole = rest == SOME_KEYS;
          const int j = isWhole ? 0 : first_key(rest), run = isWhole ? KEYS : run_of_keys(rest >> j);
          add_values(scores[group] + row * CHUNK + key + j, values + group * P_v_g + j * P_v_c, P_v_c, run,
                     outputs[group] + row * VALUE_DIMENSION, next + j * P_v_c);
          rest &= ALL_KEYS << (j + run);
        }
    }
  }
  for (int group = 0; group < GROUPS; ++group)
    for (int row = 0; row < rows; ++row) {
      const long own = row_of_chunk + row / HEADS_PER_GROUP * heads + group * HEADS_PER_GROUP + row % HEADS_PER_GROUP;
      __global float *partial = partials + P_partials_offset + own * VALUE_DIMENSION;
      for (int e = 0; e < VALUE_DIMENSION; e += 8)
        vstore8(vload8(0, outputs[group] + row * VALUE_DIMENSION + e), 0, partial + e);
    }
}

TILE_FUNCTION attention_tokens_tile(__global const float *q, __global const KEY *k, __global const VALUE *v,
                                    PLACES_PARAMETERS SELECTION_PARAMETER TERMS_PARAMETERS __global float *sums,
                                    __global float *partials, TILE_UNIFORMS, long chunk, long tile) {
  const long first_token = tile * TOKENS_PER_ITEM;
  const int tokens = (int)min(P_tokens - first_token, (long)TOKENS_PER_ITEM);
  query_place places[TOKENS_PER_ITEM];
  // All of them, past the end the last again, as in prompt_wide.cl.
  for (int token = 0; token < TOKENS_PER_ITEM; ++token)
    places[token] = place_of_query(PLACES uniforms, block, first_token + min(token, tokens - 1));
  for (int token = 0; token < tokens;) {
    const int count = tokens_of_sequence(places + token, tokens - token);
    attend(q, k, v, PAGES_ARGUMENT SELECTION_ARGUMENT TERMS sums, partials, uniforms, block, chunk, first_token + token,
           places + token, count);
    token += count;
  }
}

__kernel WIDE_KERNEL void attention_tokens_wide(
    __global const float *restrict q, __global const KEY *restrict k, __global const VALUE *restrict v,
    PLACES_PARAMETERS SELECTION_PARAMETER TERMS_PARAMETERS __global float *restrict sums,
    __global float *restrict partials, UNIFORMS) {
  attention_tokens_tile(q, k, v, PLACES SELECTION_ARGUMENT TERMS sums, partials, uniforms, block, get_group_id(0),
                        get_group_id(1));
}
