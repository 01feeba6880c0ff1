"""Makes a small model of each family with random weights, and the logits that transformers computes for it.

    pip install torch transformers gguf
    python3 make.py [FAMILY …]        writes FAMILY.gguf and FAMILY.json beside this file

Matrices are float16 in the file and rounded to it before anything is computed; norms and biases are float32. The logits
are those of every position of a sequence, in float32.
"""

import json
import sys
from pathlib import Path

import gguf
import torch
import transformers

LAYERS, WIDTH, HIDDEN, HEADS, GROUPS, CONTEXT = 2, 32, 56, 4, 2, 64
# Letters of the byte alphabet that stand for themselves, two of them merged, and a token that ends a text.
TOKENS = [chr(c) for c in range(ord("!"), ord("!") + 65)] + ["AB", "<|endoftext|>"]
PROMPT, DECODED = 9, 5

COMMON = dict(
  hidden_size=WIDTH, intermediate_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
  num_key_value_heads=GROUPS, vocab_size=len(TOKENS), max_position_embeddings=CONTEXT, rms_norm_eps=1e-5,
  attn_implementation="eager", bos_token_id=None, eos_token_id=len(TOKENS) - 1, pad_token_id=None)


def rotary(base):
  return dict(rope_parameters=dict(rope_type="default", rope_theta=base))


FAMILIES = {
  "llama": (transformers.LlamaConfig, dict(**rotary(10_000.0), tie_word_embeddings=False)),
  "qwen2": (transformers.Qwen2Config, dict(**rotary(1_000_000.0), tie_word_embeddings=True)),
  # A length of heads that is not the width cut into them.
  "qwen3": (transformers.Qwen3Config, dict(**rotary(1_000_000.0), tie_word_embeddings=False, head_dim=12)),
}

# Whose files hold the rows of queries and keys in another order than transformers does.
NEIGHBOURS = {"llama"}

LAYER_NAMES = {
  "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
  "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}
NAMES = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}


def gguf_name(name):
  """The name that GGUF gives a tensor of transformers."""
  stem, kind = name.rsplit(".", 1)
  if stem.startswith("model.layers."):
    _, _, layer, part = stem.split(".", 3)
    return f"blk.{layer}.{LAYER_NAMES[part]}.{kind}"
  return f"{NAMES[stem]}.{kind}"


def randomize(model):
  generator = torch.Generator().manual_seed(2027)
  for name, values in model.named_parameters():
    noise = torch.randn(values.shape, generator=generator)
    if name.endswith("norm.weight"):
      values.data = 1 + 0.3 * noise
    elif values.dim() == 1:
      values.data = 0.5 * noise
    else:
      scale = 1.0 if "embed_tokens" in name else 1.5 / values.shape[-1] ** 0.5
      values.data = (scale * noise).half().float()


def neighbours(values, heads):
  """Rows of a projection in the order of llama's files: the two halves of a head's pairs side by side."""
  return values.reshape(heads, 2, values.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(values.shape)


def write(path, family, config, model):
  writer = gguf.GGUFWriter(path, family)
  writer.add_block_count(LAYERS)
  writer.add_context_length(CONTEXT)
  writer.add_embedding_length(WIDTH)
  writer.add_feed_forward_length(HIDDEN)
  writer.add_head_count(HEADS)
  writer.add_head_count_kv(GROUPS)
  writer.add_layer_norm_rms_eps(config.rms_norm_eps)
  writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
  if (length := getattr(config, "head_dim", None) or WIDTH // HEADS) != WIDTH // HEADS:
    writer.add_key_length(length)
    writer.add_value_length(length)
  if family in NEIGHBOURS:
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(TOKENS))
  writer.add_tokenizer_model("gpt2")
  writer.add_tokenizer_pre("qwen2" if family.startswith("qwen") else "gpt-2")
  writer.add_token_list(TOKENS)
  writer.add_token_types([1] * (len(TOKENS) - 1) + [3])
  writer.add_token_merges(["A B"])
  writer.add_eos_token_id(len(TOKENS) - 1)
  for name, values in model.named_parameters():
    values = values.data
    if family in NEIGHBOURS and ".q_proj" in name:
      values = neighbours(values, HEADS)
    if family in NEIGHBOURS and ".k_proj" in name:
      values = neighbours(values, GROUPS)
    writer.add_tensor(gguf_name(name), (values.half() if values.dim() == 2 else values).contiguous().numpy())
  writer.write_header_to_file()
  writer.write_kv_data_to_file()
  writer.write_tensors_to_file()
  writer.close()


def main(families):
  folder = Path(__file__).resolve().parent
  for family in families:
    make, options = FAMILIES[family]
    config = make(**COMMON, **options)
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    randomize(model)
    write(str(folder / f"{family}.gguf"), family, config, model)
    ids = [(7 * i * i + 3 * i + 11) % (len(TOKENS) - 1) for i in range(PROMPT + DECODED)]
    with torch.no_grad():
      logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    with open(folder / f"{family}.json", "w") as file:
      rows = ",\n".join("    [" + ", ".join(f"{v:.7g}" for v in row.tolist()) + "]" for row in logits)
      file.write(f'{{\n  "transformers": "{transformers.__version__}",\n  "prompt": {ids[:PROMPT]},\n')
      file.write(f'  "decoded": {ids[PROMPT:]},\n  "logits": [\n{rows}\n  ]\n}}\n')
    print(f"{family}: logits within {logits.abs().max():.3}")


if __name__ == "__main__":
  main(sys.argv[1:] or list(FAMILIES))
