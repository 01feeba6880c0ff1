// What prompt_wide.cl and tokens_wide.cl share: the queries of an item, and the keys that they see of a chunk.
//
// Defines    those of weights.cl, stored.cl, places.cl and selection.cl  DIMENSION (D, a multiple of 8)
//            HEADS_PER_GROUP (H / G)  SCALE_BITS (float bits)  TOKENS_PER_ITEM  ROWS: queries that are computed together
//            X86_ASSEMBLY: 1, the compiler takes assembly for x86
#if !defined(DIMENSION) || !defined(HEADS_PER_GROUP) || !defined(SCALE_BITS)
#error "DIMENSION, HEADS_PER_GROUP and SCALE_BITS must be defined"
#endif
#if !defined(TOKENS_PER_ITEM) || !defined(ROWS) || !defined(X86_ASSEMBLY)
#error "TOKENS_PER_ITEM, ROWS and X86_ASSEMBLY must be defined"
#endif
#include "Attention/lane_pairs.cl"
#include "Attention/places.cl"
#include "Attention/selection.cl"
#include "Attention/stored.cl"
#include "Attention/weights.cl"

// Rows of an item, the queries of a group's heads token by token, up to whole blocks; those past the last repeat it. Where
// blocks begin at each sequence, one more.
#define ITEM_ROWS ((TOKENS_PER_ITEM * HEADS_PER_GROUP + ROWS - 1) / ROWS * ROWS + (SEQUENCES ? ROWS : 0))

// Asks for `count` values of a row: processors do not foresee rows that lie apart.
#if X86_ASSEMBLY
#define FETCH_ROW(row, count)                                                                                        \
  do {                                                                                                               \
    _Pragma("unroll") for (int line_ = 0; line_ < (count);                                                           \
                           line_ += 64 / (int)sizeof(*(row))) __asm__ volatile("prefetcht0 %0" ::"m"((row)[line_])); \
  } while (0)
#else
#define FETCH_ROW(row, count)
#endif

// Queries of `rows` rows, scaled.
static void scale_queries(__global const float *q, long token_stride, long head_stride, int rows, float *queries) {
  for (int row = 0; row < ITEM_ROWS; ++row) {
    const int own = min(row, rows - 1), ahead = min(row + 4, rows - 1);
    __global const float *query = q + own / HEADS_PER_GROUP * token_stride + own % HEADS_PER_GROUP * head_stride;
    FETCH_ROW(q + ahead / HEADS_PER_GROUP * token_stride + ahead % HEADS_PER_GROUP * head_stride, DIMENSION);
    for (int d = 0; d < DIMENSION; d += 8)
      vstore8(vload8(0, query + d) * as_float(SCALE_BITS), 0, queries + row * DIMENSION + d);
  }
}

// How many of the queries at `places` are of the first one's sequence, one after the other.
static __attribute__((always_inline)) int tokens_of_sequence(const query_place *places, int tokens) {
#if SEQUENCES
  int count = 1;
  while (count < tokens && places[count].sequence == places[0].sequence) ++count;
  return count;
#else
  return tokens;
#endif
}

// The keys of the chunk at `first` that each of some tokens sees; and those that any of them does.
#define FIND_SEEN(places, tokens, first_token, group, first, seen, any)                                              \
  do {                                                                                                               \
    for (int token_ = 0; token_ < (tokens); ++token_) {                                                              \
      (seen)[token_] = seen_keys((places)[token_].position, (places)[token_].position, first, (places)[token_].keys, \
                                 SELECTED_KEYS((first_token) + token_, group, first));                               \
      (any) |= (seen)[token_];                                                                                       \
    }                                                                                                                \
  } while (0)

// The token of a row, or of the last that the row repeats.
#define TOKEN_OF_ROW(row, rows) (min(row, (rows)-1) / HEADS_PER_GROUP)
