import HeddleText

extension HubConfig {
  /// Keys that change nothing of what a finished model computes: of training, of tools, of the ids of tokens, which are
  /// read with the tokenizer, and what `PretrainedConfig` of transformers stores for every model.
  static let harmless: NameSet = [
    // Of tools.
    "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "_name_or_path", "auto_map",
    "_attn_implementation", "_attn_implementation_autoset", "attn_implementation", "use_cache", "tokenizer_class",
    "name_or_path", "unsloth_fixed", "unsloth_version", "transformers.js_config", "_commit_hash", "use_flash_attn",
    "_flash_attn_2_enabled", "use_bfloat16", "torchscript", "return_dict", "output_attentions", "license",
    "output_hidden_states", "model_max_length", "max_length", "compression_config",
    "is_llama_config", "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32",
    // Of training.
    "initializer_range", "initializer_factor", "attention_dropout", "hidden_dropout", "hidden_dropout_prob",
    "attention_probs_dropout_prob", "attn_pdrop", "embd_pdrop", "resid_pdrop", "residual_dropout",
    "embedding_dropout", "classifier_dropout", "pretraining_tp", "gradient_checkpointing", "rescale_every",
    "reorder_and_upcast_attn", "apply_residual_connection_post_layernorm_dropout", "summary_activation",
    "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj", "id2label", "label2id",
    "num_labels", "problem_type", "finetuning_task", "task_specific_params", "router_aux_loss_coef",
    // Ids of tokens, and how to generate.
    "bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "mask_token_id",
    "decoder_start_token_id", "prefix", "do_sample", "temperature", "top_k", "top_p", "typical_p", "num_beams",
    "num_return_sequences", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "early_stopping",
    "min_length", "bad_words_ids", "begin_suppress_tokens", "suppress_tokens", "diversity_penalty",
    "encoder_no_repeat_ngram_size", "exponential_decay_length_penalty", "forced_bos_token_id",
    "forced_eos_token_id", "num_beam_groups", "output_scores", "remove_invalid_values",
    "return_dict_in_generate", "tf_legacy_loss", "pruned_heads", "chunk_size_feed_forward",
    // Of other kinds of models.
    "is_decoder", "cross_attention_hidden_size", "tie_encoder_decoder", "vision_config", "image_token_index",
    "image_token_id", "boi_token_index", "eoi_token_index", "boi_token_id", "eoi_token_id", "mm_tokens_per_image",
    "vision_start_token_id", "vision_end_token_id", "vision_token_id", "video_token_id",
  ]
}
