// Grouped-query attention of many queries: tiles of queries and keys, for devices whose work-item is a SIMD unit (CPUs). The
// bits are those of tokens_wide.cl.
//
//   y[t, h, :] = Σ_j p_j · values[j, g, :]      p = softmax_j(scale · queries[t, h, :]·keys[j, g, :])
//   j: the keys that mask.cl leaves the query at its position       g = h / (H / G)
//   T tokens, C keys, H query heads, G key heads, D and E head dimensions
//
//   q  [T, H, D]  float, strides q_t q_h           k  [C, G, D]  KEY, strides k_c k_g, or [N, C, G, D]
//   v  [C, G, E]  VALUE, strides v_c v_g, or [N, C, G, E]          y  [T, H, E]  float, strides y_t y_h  (last axes contiguous)
//   then those of places.cl, selection.cl, score_terms.cl and sinks.cl that are given
//   log_sums  [T, H]  float, strides l_t l_h, if LOG_SUM_EXP
//
// Parameters tokens keys q_offset q_t q_h k_offset k_c k_g v_offset v_c v_g y_offset y_t y_h, l_offset l_t l_h if LOG_SUM_EXP,
//            and those of the files above
// Defines    those of tiles.cl and sinks.cl  VECTORS: vectors of 16 keys whose scores for ROWS queries are in registers at a time
//            VALUES_ARE_KEYS: 1, v is k, and values are the first E of each key; 0, they are its own
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (G, ⌈T / TOKENS_PER_ITEM⌉), local (1, 1); an item owns the queries of a group's heads, a row each
// Numbers    those of chunk.cl. Chunks that no query of an item sees are not read
#if !defined(VECTORS) || !defined(VALUES_ARE_KEYS)
#error "VECTORS and VALUES_ARE_KEYS must be defined"
#endif
#include "Attention/sinks.cl"
#include "Attention/tiles.cl"

// The stored rows begin … end − 1 of `length` values as floats in a chunk of their own, each read from its begin to its end as processors
// foresee it; in memory they may lie where they push each other out of the cache.
#define COPY_ROWS(TYPE, rows, stride, begin, end, length, copied)                               \
  do {                                                                                          \
    for (int row_ = (begin); row_ < (end); ++row_)                                              \
      for (int i_ = 0; i_ < (length); i_ += 8)                                                  \
        vstore8(LOAD8(TYPE, (rows) + row_ * (stride), i_), 0, (copied) + row_ * (length) + i_); \
  } while (0)

// Where the copied values of a chunk follow each other.
#define VALUE_STRIDE (VALUES_ARE_KEYS ? DIMENSION : VALUE_DIMENSION)

// The copied keys of a chunk from `begin`, a multiple of 8, up to `end` with the key in the lanes: transposed[d][j].
static __attribute__((always_inline)) void transpose_keys(const float *keys, int begin, int end, float *transposed) {
  for (int j = begin; j < end; j += 8)
    for (int d = 0; d < DIMENSION; d += 8) {
      float8 rows[8];
#pragma unroll
      for (int i = 0; i < 8; ++i) rows[i] = vload8(0, keys + (j + i) * DIMENSION + d);
      store_transposed(rows, transposed + d * CHUNK + j, CHUNK);
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

// Adds weighted values to the sums of ROWS queries: of the keys that each of them sees, in order. All of them see `common`,
// some of them `any`.
#define ADD_VALUES(value, stride, weights, seen, common, any, sums)                                \
  do {                                                                                             \
    const int end = end_of_keys(any);                                                              \
    for (int j = first_key(any); j < end; ++j) {                                                   \
      const int whole = j + run_of_keys((common) >> j);                                            \
      _Pragma("unroll 2") for (; j < whole; ++j) {                                                 \
        const VALUES lanes = LOAD_VALUES(value + j * (stride));                                    \
        _Pragma("unroll") for (int row = 0; row < ROWS; ++row) sums[row] =                         \
            fma((VALUES)((weights)[row * CHUNK + j]), lanes, sums[row]);                           \
      }                                                                                            \
      if (j == end) break;                                                                         \
      const VALUES lanes = LOAD_VALUES(value + j * (stride));                                      \
      _Pragma("unroll") for (int row = 0; row < ROWS; ++row) if ((seen)[row] >> j & 1) sums[row] = \
          fma((VALUES)((weights)[row * CHUNK + j]), lanes, sums[row]);                             \
    }                                                                                              \
  } while (0)

// The keys that some queries may see of a chunk, and where they lie.
typedef struct {
  ulong seen;
  __global const KEY *keys;
  __global const VALUE *values;
} chunk_of_keys;

// Queries of one sequence: the places of their tokens, the first and the last position, and how many keys they have at most.
typedef struct {
  const query_place *places;
  long first_token, begin, last, keys;
  int tokens;
} query_run;

static __attribute__((always_inline)) chunk_of_keys find_chunk(__global const KEY *k, __global const VALUE *v,
                                                               PAGES_PARAMETER TILE_UNIFORMS, long group,
                                                               const query_run *run, long first) {
  chunk_of_keys chunk = {0, k, v};
  if (first >= run->keys) return chunk;
  chunk.seen = seen_keys(run->begin, run->last, first, run->keys, ALL_KEYS);
  if (chunk.seen == 0) return chunk;
  const key_place place = place_of_keys(PAGES_ARGUMENT uniforms, block, run->places->sequence, first);
  if (place.page < 0) {
    chunk.seen = 0;
    return chunk;
  }
  chunk.keys = KEYS_AT(k, place) + group * P_k_g;
  chunk.values = VALUES_AT(v, place) + group * P_v_g;
  return chunk;
}

// Adds what the queries of a run see to their sums and outputs.
static __attribute__((always_inline)) void attend(__global const KEY *k, __global const VALUE *v,
                                                  PAGES_PARAMETER SELECTION_PARAMETER TERMS_PARAMETERS TILE_UNIFORMS,
                                                  long group, query_run run, const float *queries, softmax_sums *sums,
                                                  float *outputs) {
  const int rows = run.tokens * HEADS_PER_GROUP;
  float transposed[DIMENSION * CHUNK], copied[CHUNK * (DIMENSION > VALUE_DIMENSION ? DIMENSION : VALUE_DIMENSION)];
  bool was_fetched = false;
  chunk_of_keys next = find_chunk(k, v, PAGES_ARGUMENT uniforms, block, group, &run, 0);
  for (long first = 0; first < run.keys; first += CHUNK) {
    const chunk_of_keys now = next;
    next = find_chunk(k, v, PAGES_ARGUMENT uniforms, block, group, &run, first + CHUNK);
    if (now.seen == 0) continue;
    ulong seen_by_token[TOKENS_PER_ITEM], seen_by_any = 0;
    FIND_SEEN(run.places, run.tokens, run.first_token, group, first, seen_by_token, seen_by_any);
    if (seen_by_any == 0) continue;
    const int begin = first_key(seen_by_any) & ~7, end = end_of_keys(seen_by_any);
    if (!was_fetched) {
      for (int j = begin; j < end; ++j) FETCH_ROW(now.keys + j * P_k_c, STORED_SIZE(KEY, DIMENSION));
      for (int j = begin; j < end && !VALUES_ARE_KEYS; ++j)
        FETCH_ROW(now.values + j * P_v_c, STORED_SIZE(VALUE, VALUE_DIMENSION));
      was_fetched = true;
    }
    COPY_ROWS(KEY, now.keys, P_k_c, begin, end, DIMENSION, copied);
    transpose_keys(copied, begin, end, transposed);
    if (!VALUES_ARE_KEYS) COPY_ROWS(VALUE, now.values, P_v_c, begin, end, VALUE_DIMENSION, copied);
    const int next_count = end_of_keys(next.seen);
    const int share = (CHUNK * ROWS + rows - 1) / rows;
    for (int block_row = 0; block_row < rows; block_row += ROWS) {
      for (int j = block_row / ROWS * share; j < min(block_row / ROWS * share + share, next_count); ++j) {
        FETCH_ROW(next.keys + j * P_k_c, STORED_SIZE(KEY, DIMENSION));
        if (!VALUES_ARE_KEYS) FETCH_ROW(next.values + j * P_v_c, STORED_SIZE(VALUE, VALUE_DIMENSION));
      }
      ulong seen[ROWS], common = ALL_KEYS, any = 0;
      for (int row = 0; row < ROWS; ++row) {
        seen[row] = seen_by_token[TOKEN_OF_ROW(block_row + row, rows)];
        common &= seen[row];
        any |= seen[row];
      }
      if (any == 0) continue;
      float scores[ROWS * CHUNK];
      for (int key = 0; key < CHUNK; key += 16 * VECTORS)
        if (any >> key << (CHUNK - 16 * VECTORS))
          score_keys(queries + block_row * DIMENSION, transposed + key, scores + key);
      float2 factors[ROWS];
      bool is_merged[ROWS];
      for (int row = 0; row < ROWS; ++row) {
        const int token = TOKEN_OF_ROW(block_row + row, rows);
        const softmax_sums of_chunk =
            weigh(scores + row * CHUNK, seen[row],
                  SCORE_TERMS(run.first_token + token, group * HEADS_PER_GROUP + (block_row + row) % HEADS_PER_GROUP,
                              run.places[token].position, first));
        // A row past the run's is of another one.
        is_merged[row] = of_chunk.total != 0.0f && (!SEQUENCES || block_row + row < rows);
        if (is_merged[row]) factors[row] = merge_sums(sums + block_row + row, of_chunk);
      }
      for (int e = 0; e < VALUE_DIMENSION; e += LANES_OF_VALUES) {
        VALUES weighted[ROWS];
#pragma unroll
        for (int row = 0; row < ROWS; ++row) weighted[row] = NO_VALUES;
        ADD_VALUES(copied + e, VALUE_STRIDE, scores, seen, common, any, weighted);
#pragma unroll
        for (int row = 0; row < ROWS; ++row) {
          if (!is_merged[row]) continue;
          float *output = outputs + (block_row + row) * VALUE_DIMENSION + e;
          STORE_VALUES(MERGED(LOAD_VALUES(output), weighted[row], factors[row]), output);
        }
      }
    }
  }
}

TILE_FUNCTION attention_prompt_tile(__global const float *q, __global const KEY *k, __global const VALUE *v,
                                    PLACES_PARAMETERS SELECTION_PARAMETER TERMS_PARAMETERS SINKS_PARAMETER
                                        __global float *y,
                                    LOG_SUMS_PARAMETER TILE_UNIFORMS, long group, long tile) {
  const long first_token = tile * TOKENS_PER_ITEM;
  const int tokens = (int)min(P_tokens - first_token, (long)TOKENS_PER_ITEM), rows = tokens * HEADS_PER_GROUP;
  const long first_head = group * HEADS_PER_GROUP;
  float queries[ITEM_ROWS * DIMENSION], outputs[ITEM_ROWS * VALUE_DIMENSION];
  softmax_sums sums[ITEM_ROWS];
  scale_queries(q + P_q_offset + first_token * P_q_t + first_head * P_q_h, P_q_t, P_q_h, rows, queries);
  for (int i = 0; i < ITEM_ROWS * VALUE_DIMENSION; i += 8) vstore8((float8)(0.0f), 0, outputs + i);
  for (int row = 0; row < ITEM_ROWS; ++row)
    sums[row] = (softmax_sums){FIRST_SCORE(first_head + row % HEADS_PER_GROUP), FIRST_TOTAL};

  query_place places[TOKENS_PER_ITEM];
  // All of them, past the end the last again: LLVM 15 takes four at a time where it does not know how many there are, and where
  // there is no room for four it then takes what is read of them for undefined.
  for (int token = 0; token < TOKENS_PER_ITEM; ++token)
    places[token] = place_of_query(PLACES uniforms, block, first_token + min(token, tokens - 1));
  for (int token = 0; token < tokens;) {
    query_run run = {places + token,         first_token + token, places[token].position,
                     places[token].position, places[token].keys,  tokens_of_sequence(places + token, tokens - token)};
#if POSITIONS
    for (int i = 1; i < run.tokens; ++i) {
      run.begin = min(run.begin, run.places[i].position);
      run.last = max(run.last, run.places[i].position);
    }
#else
    run.last += run.tokens - 1;
#endif
#if POSITIONS || SEQUENCES
    for (int i = 1; i < run.tokens; ++i) run.keys = max(run.keys, run.places[i].keys);
#endif
    const int row = token * HEADS_PER_GROUP;
    attend(k, v, PAGES_ARGUMENT SELECTION_ARGUMENT TERMS uniforms, block, group, run, queries + row * DIMENSION,
           sums + row, outputs + row * VALUE_DIMENSION);
    token += run.tokens;
  }
  for (int row = 0; row < rows; ++row) {
    __global float *output =
        y + P_y_offset + (first_token + row / HEADS_PER_GROUP) * P_y_t + (first_head + row % HEADS_PER_GROUP) * P_y_h;
    for (int e = 0; e < VALUE_DIMENSION; e += LANES_OF_VALUES)
      STORE_OUTPUT(LOAD_VALUES(outputs + row * VALUE_DIMENSION + e), sums[row].total, output + e);
    STORE_LOG_SUM(sums[row].greatest, sums[row].total, first_token + row / HEADS_PER_GROUP,
                  first_head + row % HEADS_PER_GROUP);
  }
}

__kernel WIDE_KERNEL void attention_prompt_wide(
    __global const float *restrict q, __global const KEY *restrict k, __global const VALUE *restrict v,
    PLACES_PARAMETERS SELECTION_PARAMETER TERMS_PARAMETERS SINKS_PARAMETER __global float *restrict y,
    LOG_SUMS_PARAMETER UNIFORMS) {
  // Later tokens see more keys: they begin first.
  attention_prompt_tile(q, k, v, PLACES SELECTION_ARGUMENT TERMS SINKS_ARGUMENT y, LOG_SUMS uniforms, block,
                        get_group_id(0), get_num_groups(1) - 1 - get_group_id(1));
}
