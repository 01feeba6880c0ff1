"""Makes small model folders as a model hub lays them out, with random weights, and what others say of them.

    pip install torch transformers tokenizers sentencepiece gguf
    python3 make.py LLAMA_CPP [FAMILY …]        LLAMA_CPP: a checkout of llama.cpp, for its converter

Each folder FAMILY holds config, weights and tokenizer as transformers saves them. FAMILY.json beside it has the logits that
transformers computes in float32 at every position of a sequence, ids of some texts, and what the converter of llama.cpp
makes of the folder: metadata, and of each tensor its shape and two sums of its values, one of which depends on their order.
"""

import io
import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import sentencepiece
import tokenizers
import torch
import transformers
from tokenizers import decoders, normalizers, pre_tokenizers, processors

HERE = Path(__file__).resolve().parent
WIDTH, HIDDEN, HEADS, GROUPS, CONTEXT = 32, 40, 4, 2, 64
PROMPT, DECODED = 9, 5
CORPUS = [
  "A heddle is the part of a loom that decides which warp threads take part in each pass.",
  "the weaver lifts the heddles and throws the shuttle, 1234 times in a row; then it's done",
  "It isn't what they'd have thought: WE'LL see 12 or 345 threads, won't we?",
  "def weave(threads):\n    return [thread for thread in threads if thread.lifted]\n\n",
] * 3
TEXTS = [
  "", "a heddle", "  the weaver's 1234 threads\n\n  it'LL be ", "naïve façade 東京 🚀", "<|end|> text <s>x</s>", "\tdef f(x):\r\n",
]

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace("{1,3}", "")


def split(pattern):
  return pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")


def byte_level(regex):
  return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=regex)


# Of each name that GGUF has for them, the steps before merging.
CUTS = {
  "llama-bpe": (None, [split(LLAMA3), byte_level(False)]),
  "dbrx": (None, [split(LLAMA3), byte_level(False)]),
  "qwen2": (normalizers.NFC(), [split(QWEN2), byte_level(False)]),
  "stablelm2": (None, [split(QWEN2), byte_level(False)]),
  "gpt-2": (None, [byte_level(True)]),
  "olmo": (normalizers.NFC(), [byte_level(True)]),
  "command-r": (normalizers.NFC(), [pre_tokenizers.Digits(individual_digits=True), byte_level(True)]),
  "smollm": (None, [pre_tokenizers.Digits(individual_digits=True), byte_level(True)]),
  "falcon": (None, [
    pre_tokenizers.Punctuation("contiguous"), byte_level(True), pre_tokenizers.Digits(individual_digits=False),
    split("[0-9][0-9][0-9]")]),
}


def bytes_tokenizer(cut, begins=False, ends=None):
  """Byte-level merges, with the rules of `cut`; whether texts begin with <|begin|>, and what ends them, if not <|end|>."""
  tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(ignore_merges=cut == "llama-bpe"))
  normalizer, steps = CUTS[cut]
  if normalizer: tokenizer.normalizer = normalizer
  tokenizer.pre_tokenizer = steps[0] if len(steps) == 1 else pre_tokenizers.Sequence(steps)
  tokenizer.decoder = decoders.ByteLevel()
  trainer = tokenizers.trainers.BpeTrainer(
    vocab_size=300, special_tokens=["<|begin|>", "<|end|>"], show_progress=False,
    initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
  tokenizer.train_from_iterator(CORPUS, trainer)
  if ends: tokenizer.add_special_tokens(ends)
  tokenizer.add_tokens(["threads!"])
  byte = processors.ByteLevel(trim_offsets=False)
  start = processors.TemplateProcessing("<|begin|> $A", special_tokens=[("<|begin|>", 0)])
  tokenizer.post_processor = processors.Sequence([byte, start]) if begins else byte
  return transformers.PreTrainedTokenizerFast(
    tokenizer_object=tokenizer, bos_token=None if ends else "<|begin|>", eos_token=ends[0] if ends else "<|end|>"), cut, None


def pieces_tokenizer(prefix):
  """SentencePiece's merges with bytes to fall back to; whether a space is put before texts."""
  model = io.BytesIO()
  sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(CORPUS), model_writer=model, model_type="bpe", vocab_size=340, byte_fallback=True,
    normalization_rule_name="identity", add_dummy_prefix=prefix, remove_extra_whitespaces=False, num_threads=1,
    character_coverage=1.0, minloglevel=2)
  loaded = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
  vocabulary = {loaded.id_to_piece(i): i for i in range(loaded.vocab_size())}
  merges = []
  for piece, i in vocabulary.items():
    for cut in range(1, len(piece)):
      if piece[:cut] in vocabulary and piece[cut:] in vocabulary:
        merges.append((-loaded.get_score(i), vocabulary[piece[:cut]], vocabulary[piece[cut:]], piece[:cut], piece[cut:]))
  merges = [(left, right) for _, _, _, left, right in sorted(merges)]
  tokenizer = tokenizers.Tokenizer(
    tokenizers.models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
  replace = normalizers.Replace(" ", "▁")
  tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), replace]) if prefix else replace
  tokenizer.decoder = decoders.Sequence(
    [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    + ([decoders.Strip(" ", 1, 0)] if prefix else []))
  tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
  tokenizer.add_tokens([tokenizers.AddedToken("<turn>", normalized=False)])
  tokenizer.post_processor = processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", 1)])
  return transformers.PreTrainedTokenizerFast(
    tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>",
    add_prefix_space=prefix), "default", model.getvalue()


def rotary(base=10_000.0, **more):
  return dict(rope_parameters=dict(rope_type="default", rope_theta=base) | more)


WIDE = dict(
  hidden_size=WIDTH, intermediate_size=HIDDEN, num_hidden_layers=2, num_attention_heads=HEADS,
  num_key_value_heads=GROUPS, max_position_embeddings=CONTEXT)
RMS = dict(WIDE, rms_norm_eps=1e-5)
GEMMA = dict(RMS, head_dim=12)
LLAMA3_SCALING = dict(
  rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)
LONG = dict(
  rope_type="longrope", rope_theta=10_000.0, short_factor=[1.0, 1.1, 1.2, 1.5], long_factor=[1.5, 2.0, 3.0, 4.0],
  original_max_position_embeddings=32)

# Of each folder: configuration, tokenizer, how weights are saved, and rows of the embedding beyond the tokenizer's.
FAMILIES = {
  "llama": ("Llama", RMS | rotary(10_000.0, **LLAMA3_SCALING), lambda: bytes_tokenizer("llama-bpe", True), "bfloat16", 0),
  "mistral": ("Mistral", RMS | rotary() | dict(sliding_window=6, head_dim=12), lambda: pieces_tokenizer(True), "bfloat16", 0),
  "qwen2": ("Qwen2", RMS | rotary(1e6) | dict(tie_word_embeddings=True), lambda: bytes_tokenizer("qwen2"), "float16", 5),
  "qwen3": ("Qwen3", RMS | rotary(1e6) | dict(head_dim=12), lambda: bytes_tokenizer("qwen2"), "float32", 0),
  "qwen3-yarn": ("Qwen3", RMS | rotary(1e6, rope_type="yarn", factor=2.0, original_max_position_embeddings=32)
                 | dict(head_dim=8), lambda: bytes_tokenizer("qwen2"), "bfloat16", 0),
  "gemma": ("Gemma", GEMMA, lambda: pieces_tokenizer(False), "bfloat16", 0),
  "gemma2": ("Gemma2", GEMMA | dict(query_pre_attn_scalar=12, sliding_window=6), lambda: pieces_tokenizer(False), "bfloat16", 0),
  "gemma3": ("Gemma3Text", GEMMA | dict(
    query_pre_attn_scalar=12, sliding_window=6, num_hidden_layers=6, intermediate_size=16,
    rope_parameters=dict(full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1e6),
                         sliding_attention=dict(rope_type="default", rope_theta=1e4))),
    lambda: pieces_tokenizer(False), "bfloat16", 3),
  "phi3": ("Phi3", RMS | rotary() | dict(sliding_window=6, original_max_position_embeddings=CONTEXT),
           lambda: pieces_tokenizer(True), "bfloat16", 0),
  "phi3-long": ("Phi3", RMS | dict(rope_parameters=LONG, original_max_position_embeddings=32),
                lambda: pieces_tokenizer(True), "bfloat16", 0),
  "granite": ("Granite", RMS | rotary() | dict(
    attention_multiplier=0.3, embedding_multiplier=6.0, residual_multiplier=0.3, logits_scaling=2.0),
    lambda: bytes_tokenizer("smollm"), "bfloat16", 0),
  "olmo2": ("Olmo2", RMS | rotary(5e5), lambda: bytes_tokenizer("dbrx"), "bfloat16", 0),
  "smollm3": ("SmolLM3", RMS | rotary(2e6) | dict(num_hidden_layers=4, intermediate_size=16),
              lambda: bytes_tokenizer("llama-bpe"), "bfloat16", 0),
  "stablelm": ("StableLm", WIDE | rotary(1e4, partial_rotary_factor=0.5) | dict(qk_layernorm=True, use_qkv_bias=True),
               lambda: bytes_tokenizer("stablelm2"), "bfloat16", 0),
  "starcoder2": ("Starcoder2", WIDE | rotary(), lambda: bytes_tokenizer("smollm"), "bfloat16", 0),
  "falcon": ("Falcon", dict(hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=HEADS, max_position_embeddings=2048,
                            new_decoder_architecture=True, num_kv_heads=2) | rotary(),
             lambda: bytes_tokenizer("falcon"), "bfloat16", 0),
  "falcon-multi-query": ("Falcon", dict(
    hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=HEADS, max_position_embeddings=2048, multi_query=True, num_kv_heads=1)
    | rotary(), lambda: bytes_tokenizer("falcon"), "bfloat16", 0),
  "gpt_neox": ("GPTNeoX", dict(WIDE, num_key_value_heads=None) | rotary(1e4, partial_rotary_factor=0.5),
               lambda: bytes_tokenizer("olmo"), "float16", 0),
  "gpt2": ("GPT2", dict(n_embd=WIDTH, n_layer=2, n_head=HEADS, n_positions=CONTEXT, n_ctx=CONTEXT),
           lambda: bytes_tokenizer("gpt-2"), "float32", 0),
  "phi": ("Phi", dict(WIDE, num_key_value_heads=HEADS, intermediate_size=4 * WIDTH) | rotary(1e4, partial_rotary_factor=0.5),
          lambda: bytes_tokenizer("gpt-2"), "float16", 0),
}
COHERE = dict(WIDE, layer_norm_eps=1e-5, logit_scale=0.25)
YARN = dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=16, attention_factor=1.15)
FAMILIES |= {
  "command-r": ("Cohere", COHERE | rotary() | dict(use_qk_norm=True), lambda: bytes_tokenizer("command-r", True), "bfloat16", 0),
  "cohere2": ("Cohere2", COHERE | rotary() | dict(num_hidden_layers=5, intermediate_size=16, sliding_window=6),
              lambda: bytes_tokenizer("command-r", True), "bfloat16", 0),
  "glm4": ("Glm4", RMS | rotary(1e4, partial_rotary_factor=0.5) | dict(head_dim=8, attention_bias=True),
           lambda: bytes_tokenizer("dbrx", ends=["<|endoftext|>", "<|user|>"]), "bfloat16", 0),
  "ernie4_5": ("Ernie4_5", RMS | rotary() | dict(head_dim=12, use_bias=True), lambda: pieces_tokenizer(False), "bfloat16", 0),
  "seed_oss": ("SeedOss", RMS | rotary() | dict(head_dim=12), lambda: bytes_tokenizer("qwen2"), "bfloat16", 0),
  "exaone4": ("Exaone4", RMS | rotary(1e4, **LLAMA3_SCALING) | dict(num_hidden_layers=4, intermediate_size=16, sliding_window=6),
              lambda: bytes_tokenizer("gpt-2"), "bfloat16", 0),
  "gpt_bigcode": ("GPTBigCode", dict(n_embd=WIDTH, n_layer=2, n_head=HEADS, n_positions=CONTEXT),
                  lambda: bytes_tokenizer("smollm"), "bfloat16", 0),
  "olmo3": ("Olmo3", RMS | dict(num_hidden_layers=4, intermediate_size=16, sliding_window=6, rope_parameters=dict(
    full_attention=YARN, sliding_attention=dict(rope_type="default", rope_theta=500.0))),
    lambda: bytes_tokenizer("dbrx"), "bfloat16", 0),
  # The text of a model of images.
  "gemma3-images": ("Gemma3", FAMILIES["gemma3"][1], lambda: pieces_tokenizer(False), "bfloat16", 0),
}
EXPERTS = dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=12)
LATENT = dict(
  RMS, num_key_value_heads=HEADS, num_hidden_layers=2, first_k_dense_replace=1, kv_lora_rank=16, qk_nope_head_dim=12,
  qk_rope_head_dim=4, v_head_dim=8, n_routed_experts=4, num_experts_per_tok=2, n_shared_experts=1, moe_intermediate_size=12,
  tie_word_embeddings=False)
FAMILIES |= {
  "mixtral": ("Mixtral", RMS | rotary() | dict(num_local_experts=3, num_experts_per_tok=2, intermediate_size=16, sliding_window=None),
              lambda: pieces_tokenizer(True), "bfloat16", 0),
  "qwen2_moe": ("Qwen2Moe", RMS | rotary(1e6) | EXPERTS | dict(shared_expert_intermediate_size=20),
                lambda: bytes_tokenizer("qwen2"), "bfloat16", 0),
  "qwen3_moe": ("Qwen3Moe", RMS | rotary(1e6) | EXPERTS | dict(head_dim=12, norm_topk_prob=True),
                lambda: bytes_tokenizer("qwen2"), "float16", 0),
  "olmoe": ("Olmoe", RMS | rotary() | dict(num_experts=4, num_experts_per_tok=2, intermediate_size=16),
            lambda: bytes_tokenizer("olmo"), "float32", 0),
  "deepseek_v2": ("DeepseekV2", LATENT | dict(
    q_lora_rank=20, n_group=1, topk_group=1, topk_method="greedy", routed_scaling_factor=1.0, norm_topk_prob=False,
    scoring_func="softmax", rope_parameters=dict(
      rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=16, mscale=0.707, mscale_all_dim=0.707)),
    lambda: bytes_tokenizer("gpt-2", True), "bfloat16", 0),
  "deepseek_v3": ("DeepseekV3", LATENT | rotary() | dict(
    q_lora_rank=24, n_group=2, topk_group=1, routed_scaling_factor=2.5, norm_topk_prob=True, scoring_func="sigmoid"),
    lambda: bytes_tokenizer("gpt-2", True), "float32", 0),
  # Three keys of up to fourteen, beyond YaRN's first context.
  "deepseek_v32": ("DeepseekV32", LATENT | dict(
    q_lora_rank=20, n_group=2, topk_group=1, routed_scaling_factor=2.5, norm_topk_prob=True, scoring_func="sigmoid",
    index_n_heads=5, index_head_dim=8, index_topk=3, rope_parameters=dict(
      rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=16, mscale=1.0, mscale_all_dim=1.0)),
    lambda: bytes_tokenizer("gpt-2", True), "bfloat16", 0),
}
BLOOM = " ?[^(\\s|[.,!?…。，、।۔،])]+"
CUTS["bloom"] = (None, [split(BLOOM), byte_level(False)])
FAMILIES |= {
  "olmo": ("Olmo", RMS | rotary() | dict(rms_norm_eps=None, clip_qkv=0.6), lambda: bytes_tokenizer("olmo"), "bfloat16", 0),
  "nemotron": ("Nemotron", WIDE | rotary(1e4, partial_rotary_factor=0.5) | dict(
    norm_eps=1e-5, attention_bias=True, mlp_bias=True), lambda: pieces_tokenizer(True), "bfloat16", 0),
  "arcee": ("Arcee", RMS | rotary(1e4, **LLAMA3_SCALING), lambda: bytes_tokenizer("llama-bpe", True), "bfloat16", 0),
  # Heads that are no power of two.
  "mpt": ("Mpt", dict(d_model=24, n_heads=3, n_layers=2, max_seq_len=CONTEXT, attn_config=dict(clip_qkv=0.8)),
          lambda: bytes_tokenizer("olmo"), "bfloat16", 5),
  "bloom": ("Bloom", dict(hidden_size=24, n_head=3, n_layer=2, seq_length=CONTEXT), lambda: bytes_tokenizer("bloom"), "bfloat16", 0),
}
FAMILIES["gpt_oss"] = ("GptOss", RMS | rotary(1e4, rope_type="yarn", factor=4.0, original_max_position_embeddings=16, truncate=False)
  | dict(head_dim=12, sliding_window=6, intermediate_size=16, num_local_experts=3, num_experts_per_tok=2),
  lambda: bytes_tokenizer("gpt-2"), "bfloat16", 0)
TEMPLATE = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"


def randomize(model):
  # Gemma's norms count from one.
  center = 0 if model.config.model_type.startswith("gemma") else 1
  generator = torch.Generator().manual_seed(2028)
  for name, values in model.named_parameters():
    noise = torch.randn(values.shape, generator=generator)
    if values.dim() == 1:
      is_norm = "norm" in name or ".ln_" in name
      values.data = (0.3 if is_norm else 0.5) * noise + (center if is_norm and name.endswith("weight") else 0)
    else:
      scale = 1.0 if any(part in name for part in ["embed", "wte", "wpe"]) else 1.5 / values.shape[-1] ** 0.5
      values.data = scale * noise
  for name, values in model.named_buffers():
    if name.endswith("e_score_correction_bias"):
      values.copy_(2 * torch.rand(values.shape, generator=generator) - 1)


def sums(values):
  """The sum of the values, and one in which each counts by its place."""
  values = np.asarray(values, dtype=np.float32).astype(np.float64).ravel()
  return [float(values.sum()), float((values * (np.arange(values.size) * 7919 % 1009)).sum())]


def mend_stablelm():
  """The converter drops what it has stacked: a generator's value is none of its elements."""
  from conversion.stablelm import StableLMModel
  original = StableLMModel.modify_tensors
  if original.__name__ == "mended": return

  def mended(self, *arguments):
    yield from (yield from original(self, *arguments)) or ()
  StableLMModel.modify_tensors = mended


def converted(llama_cpp, folder, pre):
  """What llama.cpp's converter makes of a folder."""
  sys.path[:0] = [str(llama_cpp), str(llama_cpp / "gguf-py")]
  import conversion
  import gguf
  from conversion.base import TextModel
  # Its names are of the ids that known vocabularies give.
  TextModel.get_vocab_base_pre = lambda self, tokenizer: pre
  mend_stablelm()
  hparams = conversion.ModelBase.load_hparams(folder, False)
  # Names that transformers had before version 5.
  if "rope_parameters" in hparams: hparams.setdefault("rotary_pct", hparams["rope_parameters"].get("partial_rotary_factor"))
  if hparams.get("model_type") == "cohere2": hparams["rotary_pct"] = 1.0
  if hparams.get("model_type") == "mpt": hparams["architectures"] = ["MPTForCausalLM"]
  if "n_positions" in hparams: hparams.setdefault("n_ctx", hparams["n_positions"])
  kind = conversion.get_model_class(conversion.get_model_architecture(hparams, conversion.ModelType.TEXT))
  # It asks the tokenizer's configuration whether texts begin with <|begin|>, which the tokenizer itself says.
  if hparams.get("model_type") == "deepseek_v32": kind.set_vocab = kind._set_vocab_gpt2
  with tempfile.TemporaryDirectory() as temporary:
    path = Path(temporary) / "model.gguf"
    with torch.inference_mode():
      kind(folder, gguf.LlamaFileType.ALL_F32, path, hparams=hparams).write()
    reader = gguf.GGUFReader(path)
    metadata = {}
    for key, field in reader.fields.items():
      if key.startswith(("GGUF.", "general.")) and key != "general.architecture": continue
      metadata[key] = field.contents()
    tensors = {
      tensor.name: {"shape": [int(n) for n in reversed(tensor.shape)], "sums": sums(tensor.data)}
      for tensor in reader.tensors}
  return {"metadata": metadata, "tensors": tensors}


def main(llama_cpp, families):
  for family in families:
    kind, options, make_tokenizer, dtype, extra = FAMILIES[family]
    tokenizer, pre, pieces = make_tokenizer()
    tokenizer.chat_template = TEMPLATE
    options = {k: v for k, v in options.items() if v is not None} | dict(
      vocab_size=len(tokenizer) + extra, bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
      pad_token_id=None)
    if kind == "Gemma3":
      # Beside a model of images of next to nothing.
      options = dict(text_config=transformers.Gemma3TextConfig(**options), vision_config=dict(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, image_size=28, patch_size=14),
        mm_tokens_per_image=1)
    config = getattr(transformers, f"{kind}Config")(**options)
    config._attn_implementation = "eager"
    kinds = transformers.Gemma3ForConditionalGeneration if kind == "Gemma3" else transformers.AutoModelForCausalLM
    model = kinds(config) if kind == "Gemma3" else kinds.from_config(config, dtype=torch.float32)
    randomize(model)
    model.generation_config = transformers.GenerationConfig(
      bos_token_id=tokenizer.bos_token_id,
      eos_token_id=[tokenizer.eos_token_id, tokenizer.eos_token_id + 1 if family == "glm4" else len(tokenizer) - 1])
    folder = HERE / family
    shutil.rmtree(folder, ignore_errors=True)
    model.to(getattr(torch, dtype)).save_pretrained(folder, max_shard_size="30KB" if family == "llama" else "5GB")
    tokenizer.save_pretrained(folder)
    if pieces: (folder / "tokenizer.model").write_bytes(pieces)
    loaded = kinds.from_pretrained(
      folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = [(7 * i * i + 3 * i + 11) % len(tokenizer) for i in range(PROMPT + DECODED)]
    with torch.no_grad():
      logits = loaded(torch.tensor([ids]), use_cache=False).logits[0]
    texts = [{"text": text, "ids": tokenizer.backend_tokenizer.encode(text).ids} for text in TEXTS]
    fixture = {
      "transformers": transformers.__version__, "prompt": ids[:PROMPT], "decoded": ids[PROMPT:],
      "logits": [[float(f"{v:.5g}") for v in row.tolist()] for row in logits], "texts": texts,
      "converted": converted(llama_cpp, folder, pre)}
    (HERE / f"{family}.json").write_text(json.dumps(fixture, ensure_ascii=False) + "\n")
    print(f"{family}: logits within {logits.abs().max():.3}")


if __name__ == "__main__":
  main(Path(sys.argv[1]).resolve(), sys.argv[2:] or list(FAMILIES))
