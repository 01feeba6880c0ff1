"""Makes small model folders with weights as other tools quantize them, and the logits of the values that they stand for.

    pip install torch transformers tokenizers sentencepiece safetensors compressed-tensors
    python3 make_quantized.py [METHOD …]        writes quantized-METHOD and quantized-METHOD.json beside this file

Levels and scales are random; the logits are those that transformers computes in float32 with the dequantized weights.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32
from safetensors.torch import save_file

import make

HERE = Path(__file__).resolve().parent
SIZE, LENGTH = 64, 9
NF4 = [
  -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
  -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
  0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0]


def packed(levels, axis, order=range(8)):
  """Words of eight neighbouring levels along an axis, in an order from the lowest bits on."""
  parts = np.moveaxis(levels, axis, 0).astype(np.uint32)
  parts = parts.reshape(-1, 8, *parts.shape[1:])
  words = sum(parts[:, level] << np.uint32(4 * place) for place, level in enumerate(order))
  return torch.from_numpy(np.ascontiguousarray(np.moveaxis(words.astype(np.uint32), 0, axis)).view(np.int32))


def grouped(random, shape):
  outputs, inputs = shape
  q, z = random.integers(0, 16, (inputs, outputs)), random.integers(1, 16, (inputs // 32, outputs))
  s = torch.from_numpy(random.uniform(0.5, 1, z.shape) / 40).half()
  group = np.arange(inputs) // 32
  return q, z, s, torch.from_numpy((s.float().numpy()[group] * (q - z[group]).astype(np.float32)).T.copy())


def gptq(random, shape):
  q, z, s, values = grouped(random, shape)
  return {"qweight": packed(q, 0), "qzeros": packed(z - 1, 1), "scales": s}, values


def ordered(random, shape):
  """GPTQ with groups of inputs from anywhere: what `desc_act` gives."""
  outputs, inputs = shape
  q, z, s, _ = grouped(random, shape)
  group = random.permutation(np.arange(inputs) // 32)
  values = torch.from_numpy((s.float().numpy()[group] * (q - z[group]).astype(np.float32)).T.copy())
  return {
    "qweight": packed(q, 0), "qzeros": packed(z - 1, 1), "scales": s, "g_idx": torch.from_numpy(group).int()}, values


def pack(random, shape):
  """As compressed-tensors itself packs them."""
  outputs, inputs = shape
  q = torch.from_numpy(random.integers(-8, 8, shape).astype(np.int8))
  z = torch.from_numpy(random.integers(-8, 8, (outputs, inputs // 32)).astype(np.int8))
  s = torch.from_numpy(random.uniform(0.5, 1, z.shape) / 40).bfloat16()
  parts = {
    "weight_packed": pack_to_int32(q, 4), "weight_zero_point": pack_to_int32(z, 4, packed_dim=0), "weight_scale": s,
    "weight_shape": torch.tensor(shape)}
  return parts, s.float().repeat_interleave(32, 1) * (q.float() - z.float().repeat_interleave(32, 1))


def bitsandbytes(random, shape):
  q = torch.from_numpy(random.integers(-127, 128, shape).astype(np.int8))
  s = torch.from_numpy(random.uniform(0.5, 1, shape[0]) / 3).float()
  return {"weight": q, "SCB": s, "weight_format": torch.tensor(0, dtype=torch.uint8)}, q.float() * (s / 127)[:, None]


def awq(random, shape):
  q, z, s, values = grouped(random, shape)
  order = [0, 2, 4, 6, 1, 3, 5, 7]
  return {"qweight": packed(q, 1, order), "qzeros": packed(z, 1, order), "scales": s}, values


def fp8(random, shape):
  stored = torch.from_numpy(random.standard_normal(shape).astype(np.float32) * 100).to(torch.float8_e4m3fn)
  scale = torch.tensor([[0.002]])
  return {"weight": stored, "weight_scale_inv": scale}, stored.float() * scale


def int8(random, shape):
  q = torch.from_numpy(random.integers(-128, 128, shape).astype(np.int8))
  s = torch.from_numpy(random.uniform(0.5, 1, (shape[0], 1)) / 400).float()
  return {"weight": q, "weight_scale": s.reshape(-1)}, q.float() * s


def nf4(random, shape):
  q = random.integers(0, 16, np.prod(shape))
  absmax = random.uniform(0.2, 0.4, q.size // 64).astype(np.float32)
  values = np.array(NF4, np.float32)[q] * np.repeat(absmax, 64)
  state = json.dumps({"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": list(shape)})
  stored = torch.from_numpy((q[0::2] << 4 | q[1::2]).astype(np.uint8)).reshape(-1, 1)
  return {
    "weight": stored, "weight.absmax": torch.from_numpy(absmax), "weight.quant_map": torch.tensor(NF4),
    "weight.quant_state.bitsandbytes__nf4": torch.tensor(list(state.encode()), dtype=torch.uint8),
  }, torch.from_numpy(values.reshape(shape))


def mxfp4(random, shape):
  """Blocks and scales as gpt-oss has them, and the values that transformers makes of them."""
  from transformers.integrations.mxfp4 import convert_moe_packed_tensors
  experts, inputs, outputs = shape
  blocks = torch.from_numpy(random.integers(0, 256, (experts, outputs, inputs // 32, 16)).astype(np.uint8))
  scales = torch.from_numpy(random.integers(120, 123, (experts, outputs, inputs // 32)).astype(np.uint8))
  return {"_blocks": blocks, "_scales": scales}, convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)


def each_expert(quantize, random, name, values):
  """An expert's matrices one by one, as hubs have them; transformers keeps all of a layer together, gates before the others."""
  kinds = ["gate_proj", "up_proj"] if name.endswith("gate_up_proj") else ["down_proj"]
  for expert in range(values.shape[0]):
    for kind, rows in zip(kinds, values[expert].chunk(len(kinds), 0)):
      parts, dense = quantize(random, tuple(rows.shape))
      rows.copy_(dense)
      for part, tensor in parts.items(): yield f"{name.rsplit('.', 1)[0]}.{expert}.{kind}.{part}", tensor


METHODS = {
  "gptq": (gptq, dict(quant_method="gptq", bits=4, group_size=32, desc_act=False, sym=False, checkpoint_format="gptq")),
  "awq": (awq, dict(quant_method="awq", bits=4, group_size=32, version="gemm", zero_point=True)),
  "fp8": (fp8, dict(quant_method="fp8", weight_block_size=[128, 128], activation_scheme="dynamic", fmt="e4m3")),
  "int8": (int8, dict(quant_method="compressed-tensors", format="int-quantized")),
  "gptq-order": (ordered, dict(quant_method="gptq", bits=4, group_size=32, desc_act=True, sym=False, checkpoint_format="gptq")),
  "packed": (pack, dict(
    quant_method="compressed-tensors", format="pack-quantized", config_groups={"group_0": {
      "targets": ["Linear"], "weights": {"num_bits": 4, "group_size": 32, "strategy": "group", "symmetric": False}}})),
  "int8-rows": (bitsandbytes, dict(quant_method="bitsandbytes", load_in_8bit=True, load_in_4bit=False)),
  "nf4": (nf4, dict(quant_method="bitsandbytes", load_in_4bit=True, load_in_8bit=False, bnb_4bit_quant_type="nf4")),
}


METHODS |= {
  "gptq-experts": METHODS["gptq"], "fp8-latents": METHODS["fp8"], "mxfp4": (mxfp4, dict(quant_method="mxfp4"))}
EXPERTS = dict(num_experts=3, num_experts_per_tok=2, moe_intermediate_size=32)
# Of other kinds than Qwen 3: what their configuration has beside, and the tokenizer.
KINDS = {
  "gptq-experts": ("Qwen3Moe", EXPERTS, "qwen2"),
  "fp8-latents": ("DeepseekV3", dict(
    num_hidden_layers=2, first_k_dense_replace=1, kv_lora_rank=32, q_lora_rank=None, qk_nope_head_dim=16,
    qk_rope_head_dim=16, v_head_dim=16, n_routed_experts=4, num_experts_per_tok=2, n_shared_experts=1, n_group=2,
    topk_group=1, moe_intermediate_size=32, tie_word_embeddings=False), "gpt-2"),
  "mxfp4": ("GptOss", dict(num_local_experts=3, num_experts_per_tok=2, sliding_window=6, tie_word_embeddings=False,
                           rope_parameters=dict(rope_type="default", rope_theta=1e4)), "gpt-2"),
}


def main(methods):
  for method in methods or METHODS:
    quantize, settings = METHODS[method]
    kind, more, cut = KINDS.get(method, ("Qwen3", {}, "qwen2"))
    tokenizer, _, _ = make.bytes_tokenizer(cut)
    config = getattr(transformers, f"{kind}Config")(**dict(
      hidden_size=SIZE, intermediate_size=SIZE, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=4,
      head_dim=16, max_position_embeddings=64, vocab_size=len(tokenizer), tie_word_embeddings=True,
      attn_implementation="eager", bos_token_id=0, eos_token_id=1) | more)
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    make.randomize(model)
    random, stored = np.random.default_rng(2029), {}
    for name, values in model.named_parameters():
      if method == "mxfp4" and values.dim() == 3:
        parts, values.data = quantize(random, tuple(values.shape))
        for part, tensor in parts.items(): stored[name + part] = tensor.contiguous()
      elif values.dim() == 3:
        stored |= {part: tensor.contiguous() for part, tensor in each_expert(quantize, random, name, values.data)}
      elif values.dim() == 2 and not any(part in name for part in ["embed", "mlp.gate.", "router", "lm_head"]) and method != "mxfp4":
        parts, values.data = quantize(random, tuple(values.shape))
        for part, tensor in parts.items(): stored[name.removesuffix("weight") + part] = tensor.contiguous()
      else:
        values.data = values.data.half().float()
        stored[name] = values.data.half()
    for name, values in model.named_buffers():
      if name.endswith("e_score_correction_bias"): stored[name] = values
    folder = HERE / f"quantized-{method}"
    shutil.rmtree(folder, ignore_errors=True)
    config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    written = json.loads((folder / "config.json").read_text())
    written |= {"architectures": [f"{kind}ForCausalLM"], "quantization_config": settings}
    (folder / "config.json").write_text(json.dumps(written, indent=2) + "\n")
    save_file(stored, folder / "model.safetensors", {"format": "pt"})
    ids = [(7 * i * i + 3 * i + 11) % len(tokenizer) for i in range(LENGTH)]
    with torch.no_grad():
      logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    rows = [[float(f"{v:.6g}") for v in row.tolist()] for row in logits]
    (HERE / f"quantized-{method}.json").write_text(json.dumps({"prompt": ids, "logits": rows}) + "\n")
    print(f"{method}: logits within {logits.abs().max():.3}")


if __name__ == "__main__":
  main(sys.argv[1:])
