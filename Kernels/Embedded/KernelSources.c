// Written by `make kernels`: every kernel file, embedded at compile time. The compiler's dependency file names each, so
// an edit of one rebuilds this.
#include "KernelSources.h"

static const heddle_kernel_source sources[] = {
    {"Attention/attention_simt.cl", (const char[]){
#embed "../Attention/attention_simt.cl"
, 0}},
    {"Attention/chunk.cl", (const char[]){
#embed "../Attention/chunk.cl"
, 0}},
    {"Attention/index_choice.cl", (const char[]){
#embed "../Attention/index_choice.cl"
, 0}},
    {"Attention/index_scores.cl", (const char[]){
#embed "../Attention/index_scores.cl"
, 0}},
    {"Attention/index_select.cl", (const char[]){
#embed "../Attention/index_select.cl"
, 0}},
    {"Attention/index_simt.cl", (const char[]){
#embed "../Attention/index_simt.cl"
, 0}},
    {"Attention/index_wide.cl", (const char[]){
#embed "../Attention/index_wide.cl"
, 0}},
    {"Attention/lane_pairs.cl", (const char[]){
#embed "../Attention/lane_pairs.cl"
, 0}},
    {"Attention/lightning_indexer.cl", (const char[]){
#embed "../Attention/lightning_indexer.cl"
, 0}},
    {"Attention/log_sums.cl", (const char[]){
#embed "../Attention/log_sums.cl"
, 0}},
    {"Attention/mask.cl", (const char[]){
#embed "../Attention/mask.cl"
, 0}},
    {"Attention/merge_attention.cl", (const char[]){
#embed "../Attention/merge_attention.cl"
, 0}},
    {"Attention/merge_wide.cl", (const char[]){
#embed "../Attention/merge_wide.cl"
, 0}},
    {"Attention/places.cl", (const char[]){
#embed "../Attention/places.cl"
, 0}},
    {"Attention/prompt_wide.cl", (const char[]){
#embed "../Attention/prompt_wide.cl"
, 0}},
    {"Attention/score_terms.cl", (const char[]){
#embed "../Attention/score_terms.cl"
, 0}},
    {"Attention/select_keys.cl", (const char[]){
#embed "../Attention/select_keys.cl"
, 0}},
    {"Attention/selection.cl", (const char[]){
#embed "../Attention/selection.cl"
, 0}},
    {"Attention/sinks.cl", (const char[]){
#embed "../Attention/sinks.cl"
, 0}},
    {"Attention/stored.cl", (const char[]){
#embed "../Attention/stored.cl"
, 0}},
    {"Attention/tiles.cl", (const char[]){
#embed "../Attention/tiles.cl"
, 0}},
    {"Attention/tokens_wide.cl", (const char[]){
#embed "../Attention/tokens_wide.cl"
, 0}},
    {"Attention/weights.cl", (const char[]){
#embed "../Attention/weights.cl"
, 0}},
    {"Common/activation_functions.cl", (const char[]){
#embed "../Common/activation_functions.cl"
, 0}},
    {"Common/binary_functions.cl", (const char[]){
#embed "../Common/binary_functions.cl"
, 0}},
    {"Common/dot_products.cl", (const char[]){
#embed "../Common/dot_products.cl"
, 0}},
    {"Common/half_precision.cl", (const char[]){
#embed "../Common/half_precision.cl"
, 0}},
    {"Common/lanes.cl", (const char[]){
#embed "../Common/lanes.cl"
, 0}},
    {"Common/level_dots.cl", (const char[]){
#embed "../Common/level_dots.cl"
, 0}},
    {"Common/level_inputs.cl", (const char[]){
#embed "../Common/level_inputs.cl"
, 0}},
    {"Common/level_values.cl", (const char[]){
#embed "../Common/level_values.cl"
, 0}},
    {"Common/patterns.cl", (const char[]){
#embed "../Common/patterns.cl"
, 0}},
    {"Common/prelude.cl", (const char[]){
#embed "../Common/prelude.cl"
, 0}},
    {"Common/reciprocal.cl", (const char[]){
#embed "../Common/reciprocal.cl"
, 0}},
    {"Common/strided.cl", (const char[]){
#embed "../Common/strided.cl"
, 0}},
    {"Common/unary_functions.cl", (const char[]){
#embed "../Common/unary_functions.cl"
, 0}},
    {"Common/weights.cl", (const char[]){
#embed "../Common/weights.cl"
, 0}},
    {"Elementwise/binary_simt.cl", (const char[]){
#embed "../Elementwise/binary_simt.cl"
, 0}},
    {"Elementwise/binary_wide.cl", (const char[]){
#embed "../Elementwise/binary_wide.cl"
, 0}},
    {"Elementwise/rotary_embedding_simt.cl", (const char[]){
#embed "../Elementwise/rotary_embedding_simt.cl"
, 0}},
    {"Elementwise/rotary_embedding_wide.cl", (const char[]){
#embed "../Elementwise/rotary_embedding_wide.cl"
, 0}},
    {"Elementwise/unary_simt.cl", (const char[]){
#embed "../Elementwise/unary_simt.cl"
, 0}},
    {"Elementwise/unary_wide.cl", (const char[]){
#embed "../Elementwise/unary_wide.cl"
, 0}},
    {"Encoders/affine_search.cl", (const char[]){
#embed "../Encoders/affine_search.cl"
, 0}},
    {"Encoders/block_affine.cl", (const char[]){
#embed "../Encoders/block_affine.cl"
, 0}},
    {"Encoders/block_scale.cl", (const char[]){
#embed "../Encoders/block_scale.cl"
, 0}},
    {"Encoders/e2m1_levels.cl", (const char[]){
#embed "../Encoders/e2m1_levels.cl"
, 0}},
    {"Encoders/e4m3_groups.cl", (const char[]){
#embed "../Encoders/e4m3_groups.cl"
, 0}},
    {"Encoders/float8_levels.cl", (const char[]){
#embed "../Encoders/float8_levels.cl"
, 0}},
    {"Encoders/float_scale.cl", (const char[]){
#embed "../Encoders/float_scale.cl"
, 0}},
    {"Encoders/fp8_e4m3_g128.cl", (const char[]){
#embed "../Encoders/fp8_e4m3_g128.cl"
, 0}},
    {"Encoders/fp8_e4m3_g32.cl", (const char[]){
#embed "../Encoders/fp8_e4m3_g32.cl"
, 0}},
    {"Encoders/fp8_e5m2_g32.cl", (const char[]){
#embed "../Encoders/fp8_e5m2_g32.cl"
, 0}},
    {"Encoders/int4_g128.cl", (const char[]){
#embed "../Encoders/int4_g128.cl"
, 0}},
    {"Encoders/int4_g64.cl", (const char[]){
#embed "../Encoders/int4_g64.cl"
, 0}},
    {"Encoders/int4_groups.cl", (const char[]){
#embed "../Encoders/int4_groups.cl"
, 0}},
    {"Encoders/int8_g128.cl", (const char[]){
#embed "../Encoders/int8_g128.cl"
, 0}},
    {"Encoders/int8_g64.cl", (const char[]){
#embed "../Encoders/int8_g64.cl"
, 0}},
    {"Encoders/int8_groups.cl", (const char[]){
#embed "../Encoders/int8_groups.cl"
, 0}},
    {"Encoders/iq4_levels.cl", (const char[]){
#embed "../Encoders/iq4_levels.cl"
, 0}},
    {"Encoders/iq4_nl.cl", (const char[]){
#embed "../Encoders/iq4_nl.cl"
, 0}},
    {"Encoders/iq4_xs.cl", (const char[]){
#embed "../Encoders/iq4_xs.cl"
, 0}},
    {"Encoders/mxfp4.cl", (const char[]){
#embed "../Encoders/mxfp4.cl"
, 0}},
    {"Encoders/nf4.cl", (const char[]){
#embed "../Encoders/nf4.cl"
, 0}},
    {"Encoders/nibbles.cl", (const char[]){
#embed "../Encoders/nibbles.cl"
, 0}},
    {"Encoders/q2_k.cl", (const char[]){
#embed "../Encoders/q2_k.cl"
, 0}},
    {"Encoders/q3_k.cl", (const char[]){
#embed "../Encoders/q3_k.cl"
, 0}},
    {"Encoders/q4_0.cl", (const char[]){
#embed "../Encoders/q4_0.cl"
, 0}},
    {"Encoders/q4_1.cl", (const char[]){
#embed "../Encoders/q4_1.cl"
, 0}},
    {"Encoders/q4_k.cl", (const char[]){
#embed "../Encoders/q4_k.cl"
, 0}},
    {"Encoders/q5_0.cl", (const char[]){
#embed "../Encoders/q5_0.cl"
, 0}},
    {"Encoders/q5_1.cl", (const char[]){
#embed "../Encoders/q5_1.cl"
, 0}},
    {"Encoders/q5_k.cl", (const char[]){
#embed "../Encoders/q5_k.cl"
, 0}},
    {"Encoders/q6_k.cl", (const char[]){
#embed "../Encoders/q6_k.cl"
, 0}},
    {"Encoders/q8_0.cl", (const char[]){
#embed "../Encoders/q8_0.cl"
, 0}},
    {"Encoders/scale_search.cl", (const char[]){
#embed "../Encoders/scale_search.cl"
, 0}},
    {"Encoders/shape.cl", (const char[]){
#embed "../Encoders/shape.cl"
, 0}},
    {"Encoders/six_bit_parts.cl", (const char[]){
#embed "../Encoders/six_bit_parts.cl"
, 0}},
    {"Encoders/super_affine.cl", (const char[]){
#embed "../Encoders/super_affine.cl"
, 0}},
    {"Encoders/super_scale.cl", (const char[]){
#embed "../Encoders/super_scale.cl"
, 0}},
    {"Encoders/uniform_levels.cl", (const char[]){
#embed "../Encoders/uniform_levels.cl"
, 0}},
    {"Experts/balance_bias.cl", (const char[]){
#embed "../Experts/balance_bias.cl"
, 0}},
    {"Experts/balance_loss.cl", (const char[]){
#embed "../Experts/balance_loss.cl"
, 0}},
    {"Experts/chunks_wide.cl", (const char[]){
#embed "../Experts/chunks_wide.cl"
, 0}},
    {"Experts/direct_wide.cl", (const char[]){
#embed "../Experts/direct_wide.cl"
, 0}},
    {"Experts/element_pairs.cl", (const char[]){
#embed "../Experts/element_pairs.cl"
, 0}},
    {"Experts/expert_counts.cl", (const char[]){
#embed "../Experts/expert_counts.cl"
, 0}},
    {"Experts/levels_simt.cl", (const char[]){
#embed "../Experts/levels_simt.cl"
, 0}},
    {"Experts/order.cl", (const char[]){
#embed "../Experts/order.cl"
, 0}},
    {"Experts/packed_simt.cl", (const char[]){
#embed "../Experts/packed_simt.cl"
, 0}},
    {"Experts/pairs.cl", (const char[]){
#embed "../Experts/pairs.cl"
, 0}},
    {"Experts/route.cl", (const char[]){
#embed "../Experts/route.cl"
, 0}},
    {"Experts/tiled_simt.cl", (const char[]){
#embed "../Experts/tiled_simt.cl"
, 0}},
    {"Experts/weighted_sum.cl", (const char[]){
#embed "../Experts/weighted_sum.cl"
, 0}},
    {"Experts/wide_pairs.cl", (const char[]){
#embed "../Experts/wide_pairs.cl"
, 0}},
    {"Indexing/argmax.cl", (const char[]){
#embed "../Indexing/argmax.cl"
, 0}},
    {"Indexing/embedding_lookup.cl", (const char[]){
#embed "../Indexing/embedding_lookup.cl"
, 0}},
    {"Indexing/gather_rows.cl", (const char[]){
#embed "../Indexing/gather_rows.cl"
, 0}},
    {"Indexing/index_range.cl", (const char[]){
#embed "../Indexing/index_range.cl"
, 0}},
    {"Indexing/top_k.cl", (const char[]){
#embed "../Indexing/top_k.cl"
, 0}},
    {"Layout/copy.cl", (const char[]){
#embed "../Layout/copy.cl"
, 0}},
    {"Layout/row_places.cl", (const char[]){
#embed "../Layout/row_places.cl"
, 0}},
    {"Layout/write_blocks.cl", (const char[]){
#embed "../Layout/write_blocks.cl"
, 0}},
    {"Layout/write_rows.cl", (const char[]){
#embed "../Layout/write_rows.cl"
, 0}},
    {"MatMul/chunk_dense.cl", (const char[]){
#embed "../MatMul/chunk_dense.cl"
, 0}},
    {"MatMul/chunk_levels.cl", (const char[]){
#embed "../MatMul/chunk_levels.cl"
, 0}},
    {"MatMul/chunk_shared.cl", (const char[]){
#embed "../MatMul/chunk_shared.cl"
, 0}},
    {"MatMul/chunk_steps.cl", (const char[]){
#embed "../MatMul/chunk_steps.cl"
, 0}},
    {"MatMul/chunks_wide.cl", (const char[]){
#embed "../MatMul/chunks_wide.cl"
, 0}},
    {"MatMul/direct_dense.cl", (const char[]){
#embed "../MatMul/direct_dense.cl"
, 0}},
    {"MatMul/direct_levels.cl", (const char[]){
#embed "../MatMul/direct_levels.cl"
, 0}},
    {"MatMul/direct_rows.cl", (const char[]){
#embed "../MatMul/direct_rows.cl"
, 0}},
    {"MatMul/direct_shared.cl", (const char[]){
#embed "../MatMul/direct_shared.cl"
, 0}},
    {"MatMul/direct_wide.cl", (const char[]){
#embed "../MatMul/direct_wide.cl"
, 0}},
    {"MatMul/element.cl", (const char[]){
#embed "../MatMul/element.cl"
, 0}},
    {"MatMul/epilogue.cl", (const char[]){
#embed "../MatMul/epilogue.cl"
, 0}},
    {"MatMul/levels_simt.cl", (const char[]){
#embed "../MatMul/levels_simt.cl"
, 0}},
    {"MatMul/pack_tokens_wide.cl", (const char[]){
#embed "../MatMul/pack_tokens_wide.cl"
, 0}},
    {"MatMul/pack_weights_wide.cl", (const char[]){
#embed "../MatMul/pack_weights_wide.cl"
, 0}},
    {"MatMul/packed_simt.cl", (const char[]){
#embed "../MatMul/packed_simt.cl"
, 0}},
    {"MatMul/sparse_simt.cl", (const char[]){
#embed "../MatMul/sparse_simt.cl"
, 0}},
    {"MatMul/sparse_tiled_simt.cl", (const char[]){
#embed "../MatMul/sparse_tiled_simt.cl"
, 0}},
    {"MatMul/sparse_tokens_wide.cl", (const char[]){
#embed "../MatMul/sparse_tokens_wide.cl"
, 0}},
    {"MatMul/strided_simt.cl", (const char[]){
#embed "../MatMul/strided_simt.cl"
, 0}},
    {"MatMul/tiled_simt.cl", (const char[]){
#embed "../MatMul/tiled_simt.cl"
, 0}},
    {"MatMul/token_rows.cl", (const char[]){
#embed "../MatMul/token_rows.cl"
, 0}},
    {"MatMul/wide_tile.cl", (const char[]){
#embed "../MatMul/wide_tile.cl"
, 0}},
    {"Normalization/layer_norm.cl", (const char[]){
#embed "../Normalization/layer_norm.cl"
, 0}},
    {"Normalization/orthonormal_rows.cl", (const char[]){
#embed "../Normalization/orthonormal_rows.cl"
, 0}},
    {"Normalization/rms_norm.cl", (const char[]){
#embed "../Normalization/rms_norm.cl"
, 0}},
    {"Normalization/softmax.cl", (const char[]){
#embed "../Normalization/softmax.cl"
, 0}},
    {"Quantization/convert.cl", (const char[]){
#embed "../Quantization/convert.cl"
, 0}},
    {"Quantization/dequantize_activations.cl", (const char[]){
#embed "../Quantization/dequantize_activations.cl"
, 0}},
    {"Quantization/encode_blocks.cl", (const char[]){
#embed "../Quantization/encode_blocks.cl"
, 0}},
    {"Quantization/pack_rows.cl", (const char[]){
#embed "../Quantization/pack_rows.cl"
, 0}},
    {"Quantization/quantize_activations.cl", (const char[]){
#embed "../Quantization/quantize_activations.cl"
, 0}},
    {"Quantization/unpack_rows.cl", (const char[]){
#embed "../Quantization/unpack_rows.cl"
, 0}},
    {"Quantization/unpack_sparse.cl", (const char[]){
#embed "../Quantization/unpack_sparse.cl"
, 0}},
    {"Sparsity/arithmetic.cl", (const char[]){
#embed "../Sparsity/arithmetic.cl"
, 0}},
    {"Sparsity/block_magnitudes.cl", (const char[]){
#embed "../Sparsity/block_magnitudes.cl"
, 0}},
    {"Sparsity/clear.cl", (const char[]){
#embed "../Sparsity/clear.cl"
, 0}},
    {"Sparsity/row_scales.cl", (const char[]){
#embed "../Sparsity/row_scales.cl"
, 0}},
    {"Sparsity/select_blocks.cl", (const char[]){
#embed "../Sparsity/select_blocks.cl"
, 0}},
    {"Sparsity/select_vectors.cl", (const char[]){
#embed "../Sparsity/select_vectors.cl"
, 0}},
    {"Sparsity/store_kept.cl", (const char[]){
#embed "../Sparsity/store_kept.cl"
, 0}},
    {"Tape/arguments.cl", (const char[]){
#embed "../Tape/arguments.cl"
, 0}},
    {"Tape/part.cl", (const char[]){
#embed "../Tape/part.cl"
, 0}},
    {"Tape/place.cl", (const char[]){
#embed "../Tape/place.cl"
, 0}},
    {"Tape/walk.cl", (const char[]){
#embed "../Tape/walk.cl"
, 0}},
    {"Values/bf16.cl", (const char[]){
#embed "../Values/bf16.cl"
, 0}},
    {"Values/bit_pairs.cl", (const char[]){
#embed "../Values/bit_pairs.cl"
, 0}},
    {"Values/codebook.cl", (const char[]){
#embed "../Values/codebook.cl"
, 0}},
    {"Values/e2m1.cl", (const char[]){
#embed "../Values/e2m1.cl"
, 0}},
    {"Values/e4m3.cl", (const char[]){
#embed "../Values/e4m3.cl"
, 0}},
    {"Values/e5m2.cl", (const char[]){
#embed "../Values/e5m2.cl"
, 0}},
    {"Values/f16.cl", (const char[]){
#embed "../Values/f16.cl"
, 0}},
    {"Values/f32.cl", (const char[]){
#embed "../Values/f32.cl"
, 0}},
    {"Values/fp8_e4m3_g128.cl", (const char[]){
#embed "../Values/fp8_e4m3_g128.cl"
, 0}},
    {"Values/fp8_e4m3_g32.cl", (const char[]){
#embed "../Values/fp8_e4m3_g32.cl"
, 0}},
    {"Values/fp8_e5m2_g32.cl", (const char[]){
#embed "../Values/fp8_e5m2_g32.cl"
, 0}},
    {"Values/int4.cl", (const char[]){
#embed "../Values/int4.cl"
, 0}},
    {"Values/int4_g128.cl", (const char[]){
#embed "../Values/int4_g128.cl"
, 0}},
    {"Values/int4_g64.cl", (const char[]){
#embed "../Values/int4_g64.cl"
, 0}},
    {"Values/int4_groups.cl", (const char[]){
#embed "../Values/int4_groups.cl"
, 0}},
    {"Values/int8.cl", (const char[]){
#embed "../Values/int8.cl"
, 0}},
    {"Values/int8_g128.cl", (const char[]){
#embed "../Values/int8_g128.cl"
, 0}},
    {"Values/int8_g64.cl", (const char[]){
#embed "../Values/int8_g64.cl"
, 0}},
    {"Values/int8_groups.cl", (const char[]){
#embed "../Values/int8_groups.cl"
, 0}},
    {"Values/iq1_m.cl", (const char[]){
#embed "../Values/iq1_m.cl"
, 0}},
    {"Values/iq1_s.cl", (const char[]){
#embed "../Values/iq1_s.cl"
, 0}},
    {"Values/iq1_values.cl", (const char[]){
#embed "../Values/iq1_values.cl"
, 0}},
    {"Values/iq2_s.cl", (const char[]){
#embed "../Values/iq2_s.cl"
, 0}},
    {"Values/iq2_values.cl", (const char[]){
#embed "../Values/iq2_values.cl"
, 0}},
    {"Values/iq2_xs.cl", (const char[]){
#embed "../Values/iq2_xs.cl"
, 0}},
    {"Values/iq2_xxs.cl", (const char[]){
#embed "../Values/iq2_xxs.cl"
, 0}},
    {"Values/iq3_s.cl", (const char[]){
#embed "../Values/iq3_s.cl"
, 0}},
    {"Values/iq3_xxs.cl", (const char[]){
#embed "../Values/iq3_xxs.cl"
, 0}},
    {"Values/iq4_levels.cl", (const char[]){
#embed "../Values/iq4_levels.cl"
, 0}},
    {"Values/iq4_nl.cl", (const char[]){
#embed "../Values/iq4_nl.cl"
, 0}},
    {"Values/iq4_xs.cl", (const char[]){
#embed "../Values/iq4_xs.cl"
, 0}},
    {"Values/level_table.cl", (const char[]){
#embed "../Values/level_table.cl"
, 0}},
    {"Values/mxfp4.cl", (const char[]){
#embed "../Values/mxfp4.cl"
, 0}},
    {"Values/nf4.cl", (const char[]){
#embed "../Values/nf4.cl"
, 0}},
    {"Values/nibbles.cl", (const char[]){
#embed "../Values/nibbles.cl"
, 0}},
    {"Values/nvfp4.cl", (const char[]){
#embed "../Values/nvfp4.cl"
, 0}},
    {"Values/q1_0.cl", (const char[]){
#embed "../Values/q1_0.cl"
, 0}},
    {"Values/q2_0.cl", (const char[]){
#embed "../Values/q2_0.cl"
, 0}},
    {"Values/q2_k.cl", (const char[]){
#embed "../Values/q2_k.cl"
, 0}},
    {"Values/q3_k.cl", (const char[]){
#embed "../Values/q3_k.cl"
, 0}},
    {"Values/q4_0.cl", (const char[]){
#embed "../Values/q4_0.cl"
, 0}},
    {"Values/q4_1.cl", (const char[]){
#embed "../Values/q4_1.cl"
, 0}},
    {"Values/q4_k.cl", (const char[]){
#embed "../Values/q4_k.cl"
, 0}},
    {"Values/q5_0.cl", (const char[]){
#embed "../Values/q5_0.cl"
, 0}},
    {"Values/q5_1.cl", (const char[]){
#embed "../Values/q5_1.cl"
, 0}},
    {"Values/q5_k.cl", (const char[]){
#embed "../Values/q5_k.cl"
, 0}},
    {"Values/q6_k.cl", (const char[]){
#embed "../Values/q6_k.cl"
, 0}},
    {"Values/q8_0.cl", (const char[]){
#embed "../Values/q8_0.cl"
, 0}},
    {"Values/q8_dynamic.cl", (const char[]){
#embed "../Values/q8_dynamic.cl"
, 0}},
    {"Values/q8_k.cl", (const char[]){
#embed "../Values/q8_k.cl"
, 0}},
    {"Values/shape.cl", (const char[]){
#embed "../Values/shape.cl"
, 0}},
    {"Values/signs.cl", (const char[]){
#embed "../Values/signs.cl"
, 0}},
    {"Values/six_bit_scales.cl", (const char[]){
#embed "../Values/six_bit_scales.cl"
, 0}},
    {"Values/tq1_0.cl", (const char[]){
#embed "../Values/tq1_0.cl"
, 0}},
    {"Values/tq2_0.cl", (const char[]){
#embed "../Values/tq2_0.cl"
, 0}},
    {"Values/uint4_g128.cl", (const char[]){
#embed "../Values/uint4_g128.cl"
, 0}},
    {"Values/uint4_g32.cl", (const char[]){
#embed "../Values/uint4_g32.cl"
, 0}},
    {"Values/uint4_g64.cl", (const char[]){
#embed "../Values/uint4_g64.cl"
, 0}},
    {"Values/uint4_groups.cl", (const char[]){
#embed "../Values/uint4_groups.cl"
, 0}},
    {"Values/uint8_g128.cl", (const char[]){
#embed "../Values/uint8_g128.cl"
, 0}},
    {"Values/uint8_g32.cl", (const char[]){
#embed "../Values/uint8_g32.cl"
, 0}},
    {"Values/uint8_groups.cl", (const char[]){
#embed "../Values/uint8_groups.cl"
, 0}},
    {"Values/zero_points.cl", (const char[]){
#embed "../Values/zero_points.cl"
, 0}},
};

size_t heddle_kernel_source_count(void) { return sizeof(sources) / sizeof(sources[0]); }

heddle_kernel_source heddle_kernel_source_at(size_t index) {
  return index < heddle_kernel_source_count() ? sources[index] : (heddle_kernel_source){0};
}
