#include "KernelSources.h"

// Each .cl file is embedded at compile time. The compiler's dependency file names it, so an edit rebuilds this file.
#define TEXT(identifier) static const char identifier[] = {

TEXT(common_prelude)
#embed "Common/prelude.cl"
, 0};
TEXT(common_activation_functions)
#embed "Common/activation_functions.cl"
, 0};
TEXT(common_binary_functions)
#embed "Common/binary_functions.cl"
, 0};
TEXT(common_dot_products)
#embed "Common/dot_products.cl"
, 0};
TEXT(common_half_precision)
#embed "Common/half_precision.cl"
, 0};
TEXT(common_lanes)
#embed "Common/lanes.cl"
, 0};
TEXT(common_patterns)
#embed "Common/patterns.cl"
, 0};
TEXT(common_strided)
#embed "Common/strided.cl"
, 0};
TEXT(common_unary_functions)
#embed "Common/unary_functions.cl"
, 0};
TEXT(common_weights)
#embed "Common/weights.cl"
, 0};
TEXT(values_f32)
#embed "Values/f32.cl"
, 0};
TEXT(values_f16)
#embed "Values/f16.cl"
, 0};
TEXT(values_bf16)
#embed "Values/bf16.cl"
, 0};
TEXT(values_q4_0)
#embed "Values/q4_0.cl"
, 0};
TEXT(values_q4_1)
#embed "Values/q4_1.cl"
, 0};
TEXT(values_q5_0)
#embed "Values/q5_0.cl"
, 0};
TEXT(values_q5_1)
#embed "Values/q5_1.cl"
, 0};
TEXT(values_q8_0)
#embed "Values/q8_0.cl"
, 0};
TEXT(values_q4_k)
#embed "Values/q4_k.cl"
, 0};
TEXT(values_q6_k)
#embed "Values/q6_k.cl"
, 0};
TEXT(values_iq2_xxs)
#embed "Values/iq2_xxs.cl"
, 0};
TEXT(values_iq2_xxs_grid)
#embed "Values/iq2_xxs_grid.cl"
, 0};
TEXT(values_mxfp4)
#embed "Values/mxfp4.cl"
, 0};
TEXT(values_nvfp4)
#embed "Values/nvfp4.cl"
, 0};
TEXT(values_e2m1)
#embed "Values/e2m1.cl"
, 0};
TEXT(values_int8)
#embed "Values/int8.cl"
, 0};
TEXT(values_int4)
#embed "Values/int4.cl"
, 0};
TEXT(values_nibbles)
#embed "Values/nibbles.cl"
, 0};
TEXT(values_shape)
#embed "Values/shape.cl"
, 0};
TEXT(attention_causal_simt)
#embed "Attention/causal_simt.cl"
, 0};
TEXT(attention_causal_wide)
#embed "Attention/causal_wide.cl"
, 0};
TEXT(elementwise_binary_simt)
#embed "Elementwise/binary_simt.cl"
, 0};
TEXT(elementwise_binary_wide)
#embed "Elementwise/binary_wide.cl"
, 0};
TEXT(elementwise_rotary_embedding_simt)
#embed "Elementwise/rotary_embedding_simt.cl"
, 0};
TEXT(elementwise_rotary_embedding_wide)
#embed "Elementwise/rotary_embedding_wide.cl"
, 0};
TEXT(elementwise_unary_simt)
#embed "Elementwise/unary_simt.cl"
, 0};
TEXT(elementwise_unary_wide)
#embed "Elementwise/unary_wide.cl"
, 0};
TEXT(indexing_argmax)
#embed "Indexing/argmax.cl"
, 0};
TEXT(indexing_embedding_lookup)
#embed "Indexing/embedding_lookup.cl"
, 0};
TEXT(indexing_gather_rows)
#embed "Indexing/gather_rows.cl"
, 0};
TEXT(indexing_index_range)
#embed "Indexing/index_range.cl"
, 0};
TEXT(layout_copy)
#embed "Layout/copy.cl"
, 0};
TEXT(matmul_element)
#embed "MatMul/element.cl"
, 0};
TEXT(matmul_epilogue)
#embed "MatMul/epilogue.cl"
, 0};
TEXT(matmul_pack_tokens_wide)
#embed "MatMul/pack_tokens_wide.cl"
, 0};
TEXT(matmul_pack_weights_wide)
#embed "MatMul/pack_weights_wide.cl"
, 0};
TEXT(matmul_packed_chunks_wide)
#embed "MatMul/packed_chunks_wide.cl"
, 0};
TEXT(matmul_packed_simt)
#embed "MatMul/packed_simt.cl"
, 0};
TEXT(matmul_packed_wide)
#embed "MatMul/packed_wide.cl"
, 0};
TEXT(matmul_sparse_chunks_wide)
#embed "MatMul/sparse_chunks_wide.cl"
, 0};
TEXT(matmul_sparse_rows)
#embed "MatMul/sparse_rows.cl"
, 0};
TEXT(matmul_sparse_shared)
#embed "MatMul/sparse_shared.cl"
, 0};
TEXT(matmul_sparse_simt)
#embed "MatMul/sparse_simt.cl"
, 0};
TEXT(matmul_sparse_tiled_simt)
#embed "MatMul/sparse_tiled_simt.cl"
, 0};
TEXT(matmul_sparse_tokens_wide)
#embed "MatMul/sparse_tokens_wide.cl"
, 0};
TEXT(matmul_sparse_wide)
#embed "MatMul/sparse_wide.cl"
, 0};
TEXT(matmul_strided_simt)
#embed "MatMul/strided_simt.cl"
, 0};
TEXT(matmul_tiled_simt)
#embed "MatMul/tiled_simt.cl"
, 0};
TEXT(matmul_wide_tile)
#embed "MatMul/wide_tile.cl"
, 0};
TEXT(normalization_rms_norm)
#embed "Normalization/rms_norm.cl"
, 0};
TEXT(normalization_softmax)
#embed "Normalization/softmax.cl"
, 0};
TEXT(quantization_convert)
#embed "Quantization/convert.cl"
, 0};
TEXT(quantization_pack_rows)
#embed "Quantization/pack_rows.cl"
, 0};
TEXT(quantization_unpack_rows)
#embed "Quantization/unpack_rows.cl"
, 0};
TEXT(quantization_unpack_sparse)
#embed "Quantization/unpack_sparse.cl"
, 0};
TEXT(sparsity_arithmetic)
#embed "Sparsity/arithmetic.cl"
, 0};
TEXT(sparsity_block_magnitudes)
#embed "Sparsity/block_magnitudes.cl"
, 0};
TEXT(sparsity_clear)
#embed "Sparsity/clear.cl"
, 0};
TEXT(sparsity_row_scales)
#embed "Sparsity/row_scales.cl"
, 0};
TEXT(sparsity_select_blocks)
#embed "Sparsity/select_blocks.cl"
, 0};
TEXT(sparsity_select_vectors)
#embed "Sparsity/select_vectors.cl"
, 0};
TEXT(sparsity_store_kept)
#embed "Sparsity/store_kept.cl"
, 0};

#define ENTRY(path, text) {path, text, sizeof(text) - 1}
static const heddle_kernel_source sources[] = {
    ENTRY("Common/prelude.cl", common_prelude),
    ENTRY("Common/activation_functions.cl", common_activation_functions),
    ENTRY("Common/binary_functions.cl", common_binary_functions),
    ENTRY("Common/dot_products.cl", common_dot_products),
    ENTRY("Common/half_precision.cl", common_half_precision),
    ENTRY("Common/lanes.cl", common_lanes),
    ENTRY("Common/patterns.cl", common_patterns),
    ENTRY("Common/strided.cl", common_strided),
    ENTRY("Common/unary_functions.cl", common_unary_functions),
    ENTRY("Common/weights.cl", common_weights),
    ENTRY("Values/f32.cl", values_f32),
    ENTRY("Values/f16.cl", values_f16),
    ENTRY("Values/bf16.cl", values_bf16),
    ENTRY("Values/q4_0.cl", values_q4_0),
    ENTRY("Values/q4_1.cl", values_q4_1),
    ENTRY("Values/q5_0.cl", values_q5_0),
    ENTRY("Values/q5_1.cl", values_q5_1),
    ENTRY("Values/q8_0.cl", values_q8_0),
    ENTRY("Values/q4_k.cl", values_q4_k),
    ENTRY("Values/q6_k.cl", values_q6_k),
    ENTRY("Values/iq2_xxs.cl", values_iq2_xxs),
    ENTRY("Values/iq2_xxs_grid.cl", values_iq2_xxs_grid),
    ENTRY("Values/mxfp4.cl", values_mxfp4),
    ENTRY("Values/nvfp4.cl", values_nvfp4),
    ENTRY("Values/e2m1.cl", values_e2m1),
    ENTRY("Values/int8.cl", values_int8),
    ENTRY("Values/int4.cl", values_int4),
    ENTRY("Values/nibbles.cl", values_nibbles),
    ENTRY("Values/shape.cl", values_shape),
    ENTRY("Attention/causal_simt.cl", attention_causal_simt),
    ENTRY("Attention/causal_wide.cl", attention_causal_wide),
    ENTRY("Elementwise/binary_simt.cl", elementwise_binary_simt),
    ENTRY("Elementwise/binary_wide.cl", elementwise_binary_wide),
    ENTRY("Elementwise/rotary_embedding_simt.cl", elementwise_rotary_embedding_simt),
    ENTRY("Elementwise/rotary_embedding_wide.cl", elementwise_rotary_embedding_wide),
    ENTRY("Elementwise/unary_simt.cl", elementwise_unary_simt),
    ENTRY("Elementwise/unary_wide.cl", elementwise_unary_wide),
    ENTRY("Indexing/argmax.cl", indexing_argmax),
    ENTRY("Indexing/embedding_lookup.cl", indexing_embedding_lookup),
    ENTRY("Indexing/gather_rows.cl", indexing_gather_rows),
    ENTRY("Indexing/index_range.cl", indexing_index_range),
    ENTRY("Layout/copy.cl", layout_copy),
    ENTRY("MatMul/element.cl", matmul_element),
    ENTRY("MatMul/epilogue.cl", matmul_epilogue),
    ENTRY("MatMul/pack_tokens_wide.cl", matmul_pack_tokens_wide),
    ENTRY("MatMul/pack_weights_wide.cl", matmul_pack_weights_wide),
    ENTRY("MatMul/packed_chunks_wide.cl", matmul_packed_chunks_wide),
    ENTRY("MatMul/packed_simt.cl", matmul_packed_simt),
    ENTRY("MatMul/packed_wide.cl", matmul_packed_wide),
    ENTRY("MatMul/sparse_chunks_wide.cl", matmul_sparse_chunks_wide),
    ENTRY("MatMul/sparse_rows.cl", matmul_sparse_rows),
    ENTRY("MatMul/sparse_shared.cl", matmul_sparse_shared),
    ENTRY("MatMul/sparse_simt.cl", matmul_sparse_simt),
    ENTRY("MatMul/sparse_tiled_simt.cl", matmul_sparse_tiled_simt),
    ENTRY("MatMul/sparse_tokens_wide.cl", matmul_sparse_tokens_wide),
    ENTRY("MatMul/sparse_wide.cl", matmul_sparse_wide),
    ENTRY("MatMul/strided_simt.cl", matmul_strided_simt),
    ENTRY("MatMul/tiled_simt.cl", matmul_tiled_simt),
    ENTRY("MatMul/wide_tile.cl", matmul_wide_tile),
    ENTRY("Normalization/rms_norm.cl", normalization_rms_norm),
    ENTRY("Normalization/softmax.cl", normalization_softmax),
    ENTRY("Quantization/convert.cl", quantization_convert),
    ENTRY("Quantization/pack_rows.cl", quantization_pack_rows),
    ENTRY("Quantization/unpack_rows.cl", quantization_unpack_rows),
    ENTRY("Quantization/unpack_sparse.cl", quantization_unpack_sparse),
    ENTRY("Sparsity/arithmetic.cl", sparsity_arithmetic),
    ENTRY("Sparsity/block_magnitudes.cl", sparsity_block_magnitudes),
    ENTRY("Sparsity/clear.cl", sparsity_clear),
    ENTRY("Sparsity/row_scales.cl", sparsity_row_scales),
    ENTRY("Sparsity/select_blocks.cl", sparsity_select_blocks),
    ENTRY("Sparsity/select_vectors.cl", sparsity_select_vectors),
    ENTRY("Sparsity/store_kept.cl", sparsity_store_kept),
};

size_t heddle_kernel_source_count(void) { return sizeof(sources) / sizeof(sources[0]); }

heddle_kernel_source heddle_kernel_source_at(size_t index) {
  if (index >= heddle_kernel_source_count()) return (heddle_kernel_source){0};
  return sources[index];
}
