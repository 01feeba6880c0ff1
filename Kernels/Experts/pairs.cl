// What the products by experts share. A *pair* is a token and one of its experts: number t·N + j of T·N.
//
//   y[p, m] = epilogue(Σ_k x[p / sharing, k] · w[indices[p], m, k])                          MatMul/epilogue.cl
//
// An index that is no expert gives a row of zeros: an index from a buffer is never trusted.
//
//   x        [R, K]     float, or levels; rows `x_stride` apart            R tokens, `sharing` pairs of each; K inputs
//   w        [E, M, K]  packed, Common/weights.cl, rows of experts one below the other            E experts, M outputs
//   bias     [E, M]     float, contiguous; [E, 2M] of a gated product, whose w is [E, 2M, K]
//   indices  [P]        int, contiguous                                                                       P pairs
//   order    [P]        int: pairs by expert                                              Experts/order.cl, SORTED only
//   table    [B]        {int expert, first, count}: tiles of `order`                      Experts/order.cl, SORTED only
//   y        [P, M]     float, rows `y_stride` apart, values contiguous
//
// If SORTED a tile is of pairs with one expert, which share its weights: row b of the table. Else it is one pair.
//
// Parameters pairs outputs experts rows (of an expert in w) sharing r_stride (0), every operand's offset, x_stride y_stride
// Defines    SORTED, and those of the product of dense weights that the kernel is made of
#ifndef SORTED
#error "SORTED must be defined"
#endif
#define BY_EXPERT 1

#if SORTED
#define OUTPUT_ROW(place) ((long)order[place])
#else
#define OUTPUT_ROW(place) ((long)(place))
#endif
#define INPUT_ROW(place) (OUTPUT_ROW(place) / P_sharing)

// The pairs of a tile: those from place `first` on, before `end`, and their expert. Past the last expert: none. Below 0:
// there is no such tile.
typedef struct {
  int expert, first, end;
} pair_tile;

static __attribute__((always_inline)) pair_tile pair_tile_at(__global const int *indices, __global const int *table,
                                                             TILE_UNIFORMS, long tile) {
#if SORTED
  __global const int *entry = table + P_table_offset + 3 * tile;
  const pair_tile pairs = {entry[0], entry[1], entry[1] + entry[2]};
#else
  const int expert = indices[P_indices_offset + tile];
  const pair_tile pairs = {expert < 0 ? (int)P_experts : min(expert, (int)P_experts), (int)tile, (int)tile + 1};
#endif
  return pairs;
}

#define EXPERT_ARGUMENTS                                                                                            \
  __global const INPUT *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias,    \
      __global const int *restrict indices, __global const int *restrict order, __global const int *restrict table, \
      __global float *restrict y, UNIFORMS
