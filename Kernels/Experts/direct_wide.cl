// Y = epilogue of products by experts, few pairs of each: the tiles of MatMul/direct_wide.cl on the rows of one expert.
// Operands as Experts/pairs.cl says, M a multiple of 16.
//
// Parameters those of Experts/pairs.cl, blocks (K / weight_block), tiles (of an item)
// Defines    those of MatMul/direct_wide.cl, BATCHED 0; SORTED, if it is 0 TOKENS_PER_ITEM 1
// Needs      as MatMul/direct_wide.cl
// Launch     global (B, ⌈M / 16·ROW_VECTORS⌉) if SORTED: neighbours share an expert's weights; else
//            (⌈M / 16·ROW_VECTORS⌉, P): neighbours read on in them. Local (1, 1): an item owns a tile of pairs, at most
//            TOKENS_PER_ITEM·tiles of them
// Numbers    as MatMul/direct_wide.cl: the bits of the dense product with the expert's weights
#include "Experts/pairs.cl"
#include "MatMul/direct_wide.cl"

#define PRODUCT(x, w, bias, y, order, pairs, first_group)                    \
  for (int place = pairs.first; place < pairs.end; place += TOKENS_PER_ITEM) \
  matmul_tile(x, w, bias, y, y, uniforms, block, order, pairs.end, place, first_group)
#include "Experts/wide_pairs.cl"

__kernel WIDE_KERNEL void matmul_by_expert_wide(EXPERT_ARGUMENTS) {
  matmul_pairs(x, w, bias, indices, order, table, y, uniforms, block, get_group_id(!SORTED), get_group_id(SORTED));
}
