// What the lightning indexer scores of one chunk of keys for one token, on devices whose work-item is a SIMD unit (CPUs): see
// index_choice.cl. Keys are in the lanes, and ROWS heads are in registers at a time.
//
// Defines    those of index_choice.cl and stored.cl, which are included before  HEADS (H)  DIMENSION (D, a multiple of 8)
//            ROWS: heads that are computed together, at most H  VECTORS (1, 2 or 4): vectors of 16 keys, of those
#if !defined(HEADS) || !defined(DIMENSION) || !defined(ROWS) || !defined(VECTORS)
#error "HEADS, DIMENSION, ROWS and VECTORS must be defined"
#endif
#include "Attention/lane_pairs.cl"
REQUIRE(ROWS <= HEADS && DIMENSION % 8 == 0, heads_and_dimensions_fit);
#define CHUNK 64

// The first `count` keys of a chunk with the key in the lanes: transposed[d][j]. Those past them repeat the last.
static __attribute__((always_inline)) void transpose_chunk(__global const KEY *keys, long stride, int count,
                                                           float *transposed) {
  for (int j = 0; j < count; j += 8)
    for (int d = 0; d < DIMENSION; d += 8) {
      float8 rows[8];
#pragma unroll
      for (int i = 0; i < 8; ++i) rows[i] = LOAD8(KEY, keys + min(j + i, count - 1) * stride, d);
      store_transposed(rows, transposed + d * CHUNK + j, CHUNK);
    }
}

// Adds what ROWS heads, from `first` on, say of VECTORS · 16 keys.
static __attribute__((always_inline)) void add_heads(__global const float *queries, __global const float *weights,
                                                     const float *keys, int first, float16 *sums) {
  float16 products[ROWS][VECTORS];
#pragma unroll
  for (int row = 0; row < ROWS; ++row)
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) products[row][v] = (float16)(0.0f);
#pragma unroll 2
  for (int d = 0; d < DIMENSION; ++d) {
    float16 key[VECTORS];
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) key[v] = vload16(v, keys + d * CHUNK);
#pragma unroll
    for (int row = 0; row < ROWS; ++row)
#pragma unroll
      for (int v = 0; v < VECTORS; ++v)
        products[row][v] = fma((float16)(queries[row * DIMENSION + d]), key[v], products[row][v]);
  }
#pragma unroll
  for (int row = 0; row < ROWS; ++row) {
    if (row < first) continue;
#pragma unroll
    for (int v = 0; v < VECTORS; ++v)
      sums[v] = fma((float16)(weights[row]), products[row][v] < 0.0f ? (float16)(0.0f) : products[row][v], sums[v]);
  }
}

// The scores of a chunk of transposed keys for a token, of which `count` are keys.
static void score_chunk(__global const float *queries, __global const float *weights, const float *keys, int count,
                        __global float *scores) {
  for (int key = 0; key < count; key += 16 * VECTORS) {
    float16 sums[VECTORS];
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) sums[v] = (float16)(0.0f);
    for (int head = 0; head < HEADS; head += ROWS) {
      // The last heads come with some that were before them.
      const int begin = min(head, HEADS - ROWS);
      add_heads(queries + begin * DIMENSION, weights + begin, keys + key, head - begin, sums);
    }
#pragma unroll
    for (int v = 0; v < VECTORS; ++v) vstore16(sums[v] * as_float(SCALE_BITS), v, scores + key);
  }
}
