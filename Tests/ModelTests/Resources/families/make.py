"""Makes a small model of each family with random weights, and the logits that transformers computes for it.

    pip install torch transformers numpy
    python3 make.py LLAMA_CPP [FAMILY …]        writes FAMILY.gguf and FAMILY.json beside this file

LLAMA_CPP is a source tree of llama.cpp: its own converter writes the GGUF files, with a vocabulary of ours. Matrices are
float16 in the file and rounded to it before anything is computed; norms and biases are float32. The logits are those of
every position of a sequence, in float32. Weights are adversarial: norms away from 1, biases away from 0, vocabularies and
lengths that are no multiples of anything, prompts beyond windows and beyond the context of short rotary factors.
"""

import json
import logging
import sys
import tempfile
from pathlib import Path

import torch
import transformers

WIDTH, HIDDEN, HEADS, GROUPS, CONTEXT = 32, 56, 4, 2, 64
# Letters of the byte alphabet that stand for themselves, two of them merged, and a token that ends a text.
TOKENS = [chr(c) for c in range(ord("!"), ord("!") + 65)] + ["AB", "<|endoftext|>"]
PROMPT, DECODED = 17, 5

COMMON = dict(
  hidden_size=WIDTH, intermediate_size=HIDDEN, num_hidden_layers=2, num_attention_heads=HEADS,
  num_key_value_heads=GROUPS, vocab_size=len(TOKENS), max_position_embeddings=CONTEXT, rms_norm_eps=1e-5,
  attn_implementation="eager", bos_token_id=None, eos_token_id=len(TOKENS) - 1, pad_token_id=None)
APART = dict(tie_word_embeddings=False)
TIED = dict(tie_word_embeddings=True)


def rotary(base, kind="default", **options):
  return dict(rope_parameters=dict(rope_type=kind, rope_theta=base, **options))


def config(name, *parts, without=()):
  values = {k: v for k, v in COMMON.items() if k not in without}
  for part in parts:
    values.update(part)
  return lambda: getattr(transformers, name)(**values)


# Rotary contexts of 8 tokens, that the prompt leaves behind.
LLAMA3 = rotary(
  10_000.0, "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8)
YARN = rotary(10_000.0, "yarn", factor=8.0, original_max_position_embeddings=8)
def long(context):
  return rotary(
    10_000.0, "longrope", short_factor=[1.0, 1.1, 1.3, 1.7], long_factor=[1.5, 2.5, 4.0, 8.0],
    original_max_position_embeddings=context)
LATENT = dict(
  num_key_value_heads=HEADS, kv_lora_rank=16, qk_nope_head_dim=12, qk_rope_head_dim=4, v_head_dim=8, num_hidden_layers=3,
  n_routed_experts=8, num_experts_per_tok=3, n_shared_experts=2, moe_intermediate_size=20, first_k_dense_replace=1)



FAMILIES = {
  "llama": config("LlamaConfig", rotary(10_000.0), APART),
  # Every bias that the family has.
  "llama-biased": config(
    "LlamaConfig", rotary(10_000.0), APART, dict(attention_bias=True, mlp_bias=True, num_key_value_heads=1)),
  "llama-llama3": config("LlamaConfig", LLAMA3, TIED),
  "mistral": config("MistralConfig", rotary(10_000.0), APART, dict(sliding_window=5, head_dim=12)),
  "qwen2": config("Qwen2Config", rotary(1_000_000.0), TIED),
  "qwen2-yarn": config("Qwen2Config", YARN, TIED),
  # A length of heads that is not the width cut into them.
  "qwen3": config("Qwen3Config", rotary(1_000_000.0), APART, dict(head_dim=12)),
  "gemma": config("GemmaConfig", rotary(10_000.0), TIED, dict(head_dim=12, num_key_value_heads=1)),
  "gemma2": config(
    "Gemma2Config", rotary(10_000.0), TIED,
    dict(head_dim=8, query_pre_attn_scalar=8, sliding_window=5, attn_logit_softcapping=2.0,
         final_logit_softcapping=3.0, num_hidden_layers=3)),
  "gemma3": config(
    "Gemma3TextConfig", TIED,
    dict(head_dim=12, query_pre_attn_scalar=12, sliding_window=5, num_hidden_layers=7,
         rope_parameters={
           "full_attention": dict(rope_type="linear", rope_theta=1_000_000.0, factor=8.0),
           "sliding_attention": dict(rope_type="default", rope_theta=10_000.0)})),
  "phi2": config(
    "PhiConfig", rotary(10_000.0, partial_rotary_factor=0.5), APART,
    dict(layer_norm_eps=1e-5, hidden_act="gelu_new", num_key_value_heads=HEADS, intermediate_size=4 * WIDTH), without=["rms_norm_eps"]),
  "phi3": config("Phi3Config", rotary(10_000.0), APART, dict(sliding_window=5)),
  "phi3-long": config(
    "Phi3Config", long(8), TIED, dict(original_max_position_embeddings=8, sliding_window=None)),
  "phi3-short": config(
    "Phi3Config", long(32), TIED, dict(original_max_position_embeddings=32, sliding_window=None)),
  "granite": config(
    "GraniteConfig", rotary(10_000.0), TIED,
    dict(embedding_multiplier=3.0, logits_scaling=2.0, residual_multiplier=0.6, attention_multiplier=0.5)),
  "olmo2": config("Olmo2Config", rotary(10_000.0), APART),
  "olmo3": config(
    "Olmo3Config", APART,
    dict(sliding_window=5, num_hidden_layers=5,
         rope_parameters={
           "full_attention": dict(
             rope_type="yarn", rope_theta=10_000.0, factor=8.0, original_max_position_embeddings=8,
             attention_factor=1.15),
           "sliding_attention": dict(rope_type="default", rope_theta=500.0)})),
  "smollm3": config(
    "SmolLM3Config", rotary(10_000.0), TIED, dict(num_hidden_layers=5, no_rope_layer_interval=4)),
  "stablelm": config(
    "StableLmConfig", rotary(10_000.0, partial_rotary_factor=0.5), APART,
    dict(layer_norm_eps=1e-5, use_qkv_bias=True), without=["rms_norm_eps"]),
  "stablelm-parallel": config(
    "StableLmConfig", rotary(10_000.0, partial_rotary_factor=0.25), APART,
    dict(layer_norm_eps=1e-5, use_parallel_residual=True), without=["rms_norm_eps"]),
  "starcoder2": config(
    "Starcoder2Config", rotary(10_000.0), TIED, dict(norm_epsilon=1e-5, sliding_window=None),
    without=["rms_norm_eps"]),
  "starcoder": config(
    "GPTBigCodeConfig", dict(
      n_embd=WIDTH, n_inner=4 * WIDTH, n_layer=2, n_head=HEADS, n_positions=CONTEXT, multi_query=True,
      layer_norm_epsilon=1e-5, activation_function="gelu_pytorch_tanh"),
    without=["rms_norm_eps", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
             "num_key_value_heads", "max_position_embeddings"]),
  "falcon": config(
    "FalconConfig", rotary(10_000.0), TIED,
    dict(new_decoder_architecture=False, multi_query=True, parallel_attn=True, bias=False, alibi=False,
         ffn_hidden_size=4 * WIDTH),
    without=["rms_norm_eps", "num_key_value_heads", "intermediate_size"]),
  "falcon-new": config(
    "FalconConfig", rotary(10_000.0), APART,
    dict(new_decoder_architecture=True, num_kv_heads=GROUPS, bias=False, alibi=False, num_ln_in_parallel_attn=2),
    without=["rms_norm_eps", "num_key_value_heads", "intermediate_size"]),
  "gptneox": config(
    "GPTNeoXConfig", rotary(10_000.0, partial_rotary_factor=0.5), APART,
    dict(layer_norm_eps=1e-5, use_parallel_residual=True), without=["rms_norm_eps", "num_key_value_heads"]),
  "gptneox-sequential": config(
    "GPTNeoXConfig", rotary(10_000.0, partial_rotary_factor=0.25), APART,
    dict(layer_norm_eps=1e-5, use_parallel_residual=False), without=["rms_norm_eps", "num_key_value_heads"]),
  "gpt2": config(
    "GPT2Config", TIED, dict(
      n_embd=WIDTH, n_inner=None, n_layer=2, n_head=HEADS, n_positions=CONTEXT, layer_norm_epsilon=1e-5),
    without=["rms_norm_eps", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
             "num_key_value_heads", "max_position_embeddings"]),
  "command-r": config(
    "CohereConfig", rotary(10_000.0), TIED, dict(layer_norm_eps=1e-5, logit_scale=0.25), without=["rms_norm_eps"]),
  "command-r-heads": config(
    "CohereConfig", rotary(10_000.0), TIED, dict(layer_norm_eps=1e-5, logit_scale=0.25, use_qk_norm=True),
    without=["rms_norm_eps"]),
  "cohere2": config(
    "Cohere2Config", rotary(10_000.0), TIED,
    dict(layer_norm_eps=1e-5, logit_scale=0.25, sliding_window=5, num_hidden_layers=5), without=["rms_norm_eps"]),
  "glm4": config(
    "Glm4Config", rotary(10_000.0, partial_rotary_factor=0.5), APART, dict(head_dim=8, attention_bias=True)),
  "ernie4_5": config("Ernie4_5Config", rotary(10_000.0), APART, dict(head_dim=12, use_bias=True)),
  "seed_oss": config(
    "SeedOssConfig", rotary(10_000.0), APART, dict(head_dim=12, attention_bias=True, attention_out_bias=False)),
  "exaone4": config("Exaone4Config", LLAMA3, APART, dict(sliding_window=None, sliding_window_pattern=4, layer_types=["full_attention"] * 2)),
  "exaone4-window": config(
    "Exaone4Config", LLAMA3, APART, dict(sliding_window=5, sliding_window_pattern=4, num_hidden_layers=5)),
}

GPT = ["rms_norm_eps", "intermediate_size", "num_key_value_heads", "max_position_embeddings"]
FAMILIES |= {
  "olmo": config("OlmoConfig", rotary(10_000.0), APART, dict(clip_qkv=0.6), without=["rms_norm_eps"]),
  "nemotron": config(
    "NemotronConfig", rotary(10_000.0, partial_rotary_factor=0.5), APART,
    dict(norm_eps=1e-5, hidden_act="relu2", attention_bias=True, mlp_bias=True, head_dim=8), without=["rms_norm_eps"]),
  "arcee": config("ArceeConfig", LLAMA3, APART),
  # Heads that are no power of two.
  "mpt": config(
    "MptConfig", TIED, dict(
      d_model=48, n_heads=6, n_layers=2, max_seq_len=CONTEXT,
      attn_config=dict(alibi=True, clip_qkv=1.5)),
    without=GPT + ["hidden_size", "num_hidden_layers", "num_attention_heads"]),
  "bloom": config(
    "BloomConfig", TIED, dict(n_head=6, n_layer=2, hidden_size=48, seq_length=CONTEXT),
    without=GPT + ["num_hidden_layers", "num_attention_heads"]),
}

INDEXER = dict(index_n_heads=6, index_head_dim=16, index_topk=5, scoring_func="sigmoid")
EXPERTS = dict(num_experts=6, num_experts_per_tok=2, moe_intermediate_size=20)
FAMILIES |= {
  # V3: a dense layer first, sigmoids, a bias of the choice up to 5, half of the groups, weights of a sum that is not 1.
  "deepseek2": config(
    "DeepseekV3Config", rotary(10_000.0), APART, LATENT,
    dict(q_lora_rank=24, n_group=4, topk_group=2, routed_scaling_factor=2.5, scoring_func="sigmoid")),
  # All layers dense, queries without a rank, scores beyond YaRN's first context.
  "deepseek2-yarn": config(
    "DeepseekV3Config", APART, LATENT,
    rotary(10_000.0, "yarn", factor=8.0, original_max_position_embeddings=8, mscale=1.0, mscale_all_dim=1.0),
    dict(q_lora_rank=None, n_group=1, topk_group=1, first_k_dense_replace=3, scoring_func="sigmoid")),
  # V3.2: five keys of up to twenty-two, chosen by heads that are wider than what is turned of them; then beyond YaRN's first context.
  "deepseek32": config(
    "DeepseekV32Config", rotary(10_000.0), APART, LATENT, INDEXER,
    dict(q_lora_rank=24, n_group=4, topk_group=2, routed_scaling_factor=2.5)),
  "deepseek32-yarn": config(
    "DeepseekV32Config", APART, LATENT, INDEXER,
    rotary(10_000.0, "yarn", factor=8.0, original_max_position_embeddings=8, mscale=1.0, mscale_all_dim=1.0),
    dict(q_lora_rank=20, n_group=1, topk_group=1, routed_scaling_factor=1.5, index_n_heads=5)),
  # V2: softmax, groups by their best expert, and without groups.
  "deepseek2-v2": config(
    "DeepseekV2Config", APART, LATENT,
    rotary(10_000.0, "yarn", factor=8.0, original_max_position_embeddings=8, mscale=0.707, mscale_all_dim=0.707),
    dict(q_lora_rank=24, n_group=4, topk_group=2, topk_method="group_limited_greedy", routed_scaling_factor=4.0,
         scoring_func="softmax", norm_topk_prob=False)),
  "deepseek2-lite": config(
    "DeepseekV2Config", rotary(10_000.0), APART, LATENT,
    dict(q_lora_rank=None, n_group=1, topk_group=1, topk_method="greedy", routed_scaling_factor=1.0,
         scoring_func="softmax", norm_topk_prob=False)),
  "mixtral": config(
    "MixtralConfig", rotary(10_000.0), APART, dict(num_local_experts=5, num_experts_per_tok=2, sliding_window=None)),
  "qwen2moe": config(
    "Qwen2MoeConfig", rotary(1_000_000.0), APART, EXPERTS,
    dict(shared_expert_intermediate_size=28, norm_topk_prob=False, num_experts_per_tok=4)),
  "qwen3moe": config("Qwen3MoeConfig", rotary(1_000_000.0), APART, EXPERTS, dict(head_dim=12, norm_topk_prob=True)),
  # A window of half of the layers, YaRN that is not rounded, gates and ups beyond what they are cut off at.
  "gpt-oss": config(
    "GptOssConfig", APART,
    rotary(10_000.0, "yarn", factor=8.0, original_max_position_embeddings=8, truncate=False),
    dict(num_local_experts=5, num_experts_per_tok=2, head_dim=12, intermediate_size=24, sliding_window=5, num_hidden_layers=3)),
  "olmoe": config("OlmoeConfig", rotary(10_000.0), APART, dict(num_experts=7, num_experts_per_tok=3, norm_topk_prob=False)),
}
# Matrices and norms that are far greater: scores that decide for one key, activations and soft caps at their ends.
LARGE = {"llama-large": "llama", "gemma2-large": "gemma2", "gptneox-large": "gptneox", "mpt-large": "mpt", "olmo2-large": "olmo2"}
FAMILIES |= {name: FAMILIES[family] for name, family in LARGE.items()}

# What llama.cpp's converter leaves out of a file, and what the model computes all the same.
ADDED = {"mistral": lambda writer: writer.add_sliding_window(5)}

# What older versions of transformers wrote, and the converter still asks for.
NAMED_BEFORE = {
  "gptneox": dict(rotary_pct=0.5), "gptneox-sequential": dict(rotary_pct=0.25), "gpt2": dict(n_ctx=CONTEXT),
  "falcon": dict(num_kv_heads=1), "cohere2": dict(rotary_pct=1.0),
  "mpt": dict(architectures=["MPTForCausalLM"]),
}


def randomize(model, factor):
  generator = torch.Generator().manual_seed(2027)
  for name, values in model.named_parameters():
    noise = torch.randn(values.shape, generator=generator)
    if values.dim() == 1 and name.endswith("weight"):
      # Gemma's files and modules have norms around 0, to which 1 is added.
      values.data = (0.0 if model.config.model_type.startswith("gemma") else 1.0) + 0.3 * factor * noise
    elif values.dim() == 1:
      values.data = 0.5 * factor * noise
    else:
      scale = 1.0 if "embed" in name or "wte" in name or "wpe" in name else 1.5 / values.shape[-1] ** 0.5
      if model.config.model_type == "gpt_oss":
        # Gates beyond what they are cut off at, and outputs that leave something to all else.
        scale *= 6 if "experts.gate_up_proj" in name else 1 / 8 if name.endswith("experts.down_proj") else 1
      values.data = (factor * scale * noise).half().float()
  # Of the choice of experts alone: it turns over what scores say.
  for name, values in model.named_buffers():
    if name.endswith("e_score_correction_bias"):
      values.copy_((5 * torch.rand(values.shape, generator=generator) - 2.5))


def write(conversion, path, family, model):
  """The model as llama.cpp's converter writes it, but for the vocabulary."""
  import gguf
  with tempfile.TemporaryDirectory() as folder:
    model.save_pretrained(folder)
    # A converter looks into it for a vision model's tokens.
    Path(folder, "tokenizer.json").write_text(
      '{"added_tokens": [], "model": {"vocab": %s}}' % json.dumps({t: i for i, t in enumerate(TOKENS)}))
    hparams = conversion.ModelBase.load_hparams(Path(folder), False)
    # The file that is saved does not say it.
    hparams.setdefault("head_dim", getattr(model.config, "head_dim", None))
    hparams = {name: value for name, value in hparams.items() if value is not None} | NAMED_BEFORE.get(family, {})
    kind = conversion.get_model_class(conversion.get_model_architecture(hparams, conversion.ModelType.TEXT))

    class Converter(kind):
      model_arch = kind.model_arch

      def set_vocab(self):
        writer = self.gguf_writer
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_list(TOKENS)
        writer.add_token_types([1] * (len(TOKENS) - 1) + [3])
        writer.add_token_merges(["A B"])
        writer.add_eos_token_id(len(TOKENS) - 1)
        if add := ADDED.get(family):
          add(writer)

    Converter(
      Path(folder), gguf.LlamaFileType.MOSTLY_F16, path, hparams=hparams, model_name=family).write()


def main(llama_cpp, families):
  sys.path[:0] = [llama_cpp, llama_cpp + "/gguf-py"]
  import conversion
  logging.disable(logging.INFO)
  folder = Path(__file__).resolve().parent
  for family in families or FAMILIES:
    made = FAMILIES[family]()
    model = transformers.AutoModelForCausalLM.from_config(made, dtype=torch.float32).eval()
    randomize(model, 4.0 if family in LARGE else 1.0)
    write(conversion, folder / f"{family}.gguf", LARGE.get(family, family), model)
    ids = [(7 * i * i + 3 * i + 11) % (len(TOKENS) - 1) for i in range(PROMPT + DECODED)]
    with torch.no_grad():
      logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    with open(folder / f"{family}.json", "w") as file:
      rows = ",\n".join("    [" + ", ".join(f"{v:.7g}" for v in row.tolist()) + "]" for row in logits)
      file.write(f'{{\n  "transformers": "{transformers.__version__}",\n  "prompt": {ids[:PROMPT]},\n')
      file.write(f'  "decoded": {ids[PROMPT:]},\n  "logits": [\n{rows}\n  ]\n}}\n')
    print(f"{family}: logits within {logits.abs().max():.3}")


if __name__ == "__main__":
  main(sys.argv[1], sys.argv[2:])
