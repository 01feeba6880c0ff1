// Y = epilogue of products by experts, many pairs of each: the tiles of MatMul/chunks_wide.cl on the rows of one expert, whose
// weights are decoded once for all of them. Operands as Experts/pairs.cl says, M a multiple of 16.
//
// Parameters those of Experts/pairs.cl, blocks (K / weight_block), tiles (of an item)
// Defines    those of MatMul/chunks_wide.cl; SORTED 1
// Needs      as MatMul/chunks_wide.cl
// Launch     global (B, ⌈M / 16·ROW_VECTORS⌉), local (1, 1): an item owns a tile of pairs, at most TOKENS_PER_ITEM·tiles
//            of them, `tiles` at most MAXIMUM_TILES
// Private    as MatMul/chunks_wide.cl
// Numbers    as MatMul/direct_wide.cl: the bits of the dense product with the expert's weights
#include "Experts/pairs.cl"
#include "MatMul/chunks_wide.cl"

#define PRODUCT(x, w, bias, y, order, pairs, first_group) \
  matmul_chunks(x, w, bias, y, y, uniforms, block, order, pairs.end, pairs.first, first_group)
#include "Experts/wide_pairs.cl"

__kernel WIDE_KERNEL void matmul_by_expert_chunks_wide(EXPERT_ARGUMENTS) {
  matmul_pairs(x, w, bias, indices, order, table, y, uniforms, block, get_group_id(0), get_group_id(1));
}
