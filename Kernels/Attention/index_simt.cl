// What the lightning indexer scores of LOCAL_SIZE keys for one token, a key each item: see index_choice.cl. Sixteen heads are in
// registers at a time; their values and the keys' pass through local memory, sixteen of each at a time.
//
// Defines    those of index_choice.cl and stored.cl, which are included before  HEADS (H)  DIMENSION (D)
#if !defined(HEADS) || !defined(DIMENSION)
#error "HEADS and DIMENSION must be defined"
#endif
#define SOME_HEADS 16
#define SOME_VALUES 16
#define KEY_STRIDE (LOCAL_SIZE + 1)
// Floats of local memory: of keys, then of queries.
#define STAGED_KEYS (SOME_VALUES * KEY_STRIDE)
#define STAGED (STAGED_KEYS + SOME_HEADS * SOME_VALUES)

// The scores of `count` keys, at least one and at most LOCAL_SIZE. All items of a group come here.
TILE_FUNCTION score_keys(__global const float *queries, __global const float *weights, __global const KEY *keys,
                         long stride, int count, LOCAL_POINTER float *staged, int item, __global float *scores) {
  float sum = 0.0f;
  for (int head = 0; head < HEADS; head += SOME_HEADS) {
    float products[SOME_HEADS];
#pragma unroll
    for (int h = 0; h < SOME_HEADS; ++h) products[h] = 0.0f;
    for (int d = 0; d < DIMENSION; d += SOME_VALUES) {
      const int depth = min(SOME_VALUES, DIMENSION - d);
      for (int e = item; e < LOCAL_SIZE * SOME_VALUES; e += LOCAL_SIZE) {
        const int key = e / SOME_VALUES, i = e % SOME_VALUES;
        if (i < depth) staged[i * KEY_STRIDE + key] = LOAD(KEY, keys + min(key, count - 1) * stride, d + i);
      }
      for (int e = item; e < SOME_HEADS * SOME_VALUES; e += LOCAL_SIZE) {
        const int h = min(head + e / SOME_VALUES, HEADS - 1), i = e % SOME_VALUES;
        if (i < depth) staged[STAGED_KEYS + e] = queries[h * DIMENSION + d + i];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
      for (int i = 0; i < depth; ++i) {
        const float key = staged[i * KEY_STRIDE + item];
#pragma unroll
        for (int h = 0; h < SOME_HEADS; ++h)
          products[h] = fma(staged[STAGED_KEYS + h * SOME_VALUES + i], key, products[h]);
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
#pragma unroll
    for (int h = 0; h < SOME_HEADS; ++h)
      if (head + h < HEADS) sum = fma(weights[head + h], products[h] < 0.0f ? 0.0f : products[h], sum);
  }
  if (item < count) scores[item] = sum * as_float(SCALE_BITS);
}
