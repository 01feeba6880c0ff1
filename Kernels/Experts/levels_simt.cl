// Y = epilogue of products by experts, X and W levels: one output a work-item, by the sums of MatMul/levels_simt.cl. Operands as
// Experts/pairs.cl says.
//
// Parameters those of Experts/pairs.cl, blocks (K / weight_block)
// Defines    LOCAL_ROWS LOCAL_TOKENS EPILOGUE_… WEIGHT; SORTED 0, those of Common/level_inputs.cl
// Needs      nothing beyond OpenCL C 1.2
// Launch     Experts/element_pairs.cl
// Numbers    as MatMul/levels_simt.cl: the bits of the dense product with the expert's weights
#include "Experts/pairs.cl"
// The product of a row, which the next file asks for.
#include "MatMul/levels_simt.cl"
// Where rows are.
#include "Experts/element_pairs.cl"

__kernel ELEMENT_GROUP void matmul_by_expert_levels_simt(EXPERT_ARGUMENTS) {
  matmul_pair_elements(x, w, bias, indices, y, uniforms, block, get_group_id(0), get_group_id(1));
}
