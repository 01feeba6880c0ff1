"""Writes deepseek.json: what transformers' DeepseekV3ForCausalLM computes in float32 of deepseek.gguf, whose tensors
the package gguf decodes.

    pip install gguf==0.19.0 torch==2.15.0 transformers==5.24.0
    python3 make_reference.py
"""

import json
import math
from pathlib import Path

import gguf
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import DeepseekV3Config, DeepseekV3ForCausalLM

FOLDER = Path(__file__).parent
BOS, WINDOW, GREEDY, LAST = 0, 512, 32, 4
PROMPTS = {
    "sentence": "The capital of France is",
    "unicode": "Философия — это наука. 日本語のテキスト; naïve café 🚀 ½ € “quoted” — in Greek,",
    "mid-word": "In the nineteenth century the government of the United Sta",
    "article": 220,  # tokens of the text of evaluation
}

torch.set_grad_enabled(False)
reader = gguf.GGUFReader(FOLDER / "deepseek.gguf")
fields = {name: field.contents() for name, field in reader.fields.items()}
tensors = {
    tensor.name: torch.tensor(gguf.dequantize(tensor.data, tensor.tensor_type)).float() for tensor in reader.tensors
}


def read_config():
    def of(name):
        return fields["deepseek2." + name]

    rope = of("rope.dimension_count")
    return DeepseekV3Config(
        vocab_size=of("vocab_size"), max_position_embeddings=of("context_length"), hidden_size=of("embedding_length"),
        intermediate_size=of("feed_forward_length"), num_hidden_layers=of("block_count"),
        num_attention_heads=of("attention.head_count"), num_key_value_heads=of("attention.head_count"),
        q_lora_rank=of("attention.q_lora_rank"), kv_lora_rank=of("attention.kv_lora_rank"),
        qk_rope_head_dim=rope, qk_nope_head_dim=of("attention.key_length_mla") - rope,
        v_head_dim=of("attention.value_length_mla"), rms_norm_eps=of("attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": of("rope.freq_base")}, rope_interleave=True,
        first_k_dense_replace=of("leading_dense_block_count"), n_routed_experts=of("expert_count"),
        num_experts_per_tok=of("expert_used_count"), moe_intermediate_size=of("expert_feed_forward_length"),
        n_shared_experts=of("expert_shared_count"), routed_scaling_factor=of("expert_weights_scale"),
        n_group=of("expert_group_count"), topk_group=of("expert_group_used_count"),
        norm_topk_prob=of("expert_weights_norm"), tie_word_embeddings="output.weight" not in tensors,
        bos_token_id=BOS, eos_token_id=1, pad_token_id=None)  # fmt: skip


NAMES = {
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q_a": "self_attn.q_a_proj",
    "attn_q_a_norm": "self_attn.q_a_layernorm", "attn_q_b": "self_attn.q_b_proj",
    "attn_kv_a_mqa": "self_attn.kv_a_proj_with_mqa", "attn_kv_a_norm": "self_attn.kv_a_layernorm",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    "ffn_gate_inp": "mlp.gate", "ffn_gate_shexp": "mlp.shared_experts.gate_proj",
    "ffn_up_shexp": "mlp.shared_experts.up_proj", "ffn_down_shexp": "mlp.shared_experts.down_proj",
}  # fmt: skip


def read_model(config, dtype):
    state = {
        "model.embed_tokens.weight": tensors["token_embd.weight"],
        "lm_head.weight": tensors.get("output.weight", tensors["token_embd.weight"]),
        "model.norm.weight": tensors["output_norm.weight"],
    }
    for layer in range(config.num_hidden_layers):
        own = {
            name.split(".", 2)[2].removesuffix(".weight"): value
            for name, value in tensors.items()
            if name.startswith(f"blk.{layer}.")
        }
        at = f"model.layers.{layer}."
        # Of each head: keys, which stand transposed in the file, before values.
        keys, values = own.pop("attn_k_b"), own.pop("attn_v_b")
        state[at + "self_attn.kv_b_proj.weight"] = torch.cat([keys.transpose(1, 2), values], 1).flatten(0, 1)
        if "exp_probs_b.bias" in own:
            state[at + "mlp.gate.e_score_correction_bias"] = own.pop("exp_probs_b.bias")
            gate, up = own.pop("ffn_gate_exps"), own.pop("ffn_up_exps")
            state[at + "mlp.experts.gate_up_proj"] = torch.cat([gate, up], 1)
            state[at + "mlp.experts.down_proj"] = own.pop("ffn_down_exps")
        for name, value in own.items():
            state[at + NAMES[name] + ".weight"] = value
    config._attn_implementation = "eager"
    config._experts_implementation = "eager"
    model = DeepseekV3ForCausalLM(config).to(dtype).eval()
    model.load_state_dict({name: value.to(dtype) for name, value in state.items()}, strict=True)
    return model


def read_tokenizer():
    tokens = fields["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE({token: id for id, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


config = read_config()
model, doubled = read_model(config, torch.float32), read_model(config, torch.float64)
tokenizer = read_tokenizer()
text = (FOLDER / "evaluation.txt").read_text(encoding="utf-8")
text_ids = tokenizer.encode(text).ids
expert_layers = range(config.first_k_dense_replace, config.num_hidden_layers)
gates = {}
for layer in expert_layers:
    model.model.layers[layer].mlp.gate.register_forward_hook(
        lambda module, arguments, output, layer=layer: gates.update({layer: output}))  # fmt: skip


def numbers(values):
    return [float(f"{value:.7g}") for value in values.flatten().tolist()]


def logits(ids):
    return model(input_ids=torch.tensor([ids])).logits[0]


def chosen(layer):
    """Experts and weights of the last tokens, sorted by expert."""
    _, weights, experts = gates[layer]
    rows = []
    for weight, expert in zip(weights[-LAST:], experts[-LAST:]):
        order = expert.argsort()
        rows.append({"ids": expert[order].tolist(), "weights": numbers(weight[order])})
    return rows


def margins(layer):
    """How much nearer to another choice each token's scores could come: of its experts, or of their groups."""
    values, _, _ = gates[layer]
    scores = values.sigmoid() + model.model.layers[layer].mlp.gate.e_score_correction_bias
    grouped = scores.view(len(scores), config.n_group, -1)
    groups, order = grouped.topk(2, -1)[0].sum(-1).sort(descending=True)
    kept = grouped.gather(1, order[:, : config.topk_group, None].expand(-1, -1, grouped.shape[-1])).flatten(1)
    best, used = kept.sort(descending=True)[0], config.num_experts_per_tok
    of_groups = groups[:, config.topk_group - 1] - groups[:, config.topk_group]
    return torch.minimum(best[:, used - 1] - best[:, used], of_groups)


def describe(name, prompt):
    if isinstance(prompt, int):
        prompt = tokenizer.decode(text_ids[:prompt])
    ids = [BOS] + tokenizer.encode(prompt).ids
    last = logits(ids)[-1]
    best = last.topk(8)
    difference = (doubled(input_ids=torch.tensor([ids])).logits[0, -1] - last).abs().max().item()
    result = {
        "name": name,
        "prompt": prompt,
        "ids": ids,
        "top8": [{"id": id, "logit": float(f"{value:.7g}")} for value, id in zip(best[0].tolist(), best[1].tolist())],
        "logits_every_64": numbers(last[::64]),
        "routing_last4": {str(layer): chosen(layer) for layer in expert_layers},
    }
    followed, distances = [], []
    for _ in range(GREEDY):
        two = logits(ids + followed)[-1].topk(2)
        followed.append(two[1][0].item())
        distances.append(float(f"{(two[0][0] - two[0][1]).item():.4g}"))
    result["greedy"] = {"ids": followed, "margins": distances}
    print(name, len(ids), "tokens, to float64", difference, "least margin", min(distances))
    print("   ", repr(tokenizer.decode(followed)))
    return result


def evaluate():
    """As heddle perplexity and heddle experts have it: each window begins with BOS, and its second half is scored."""
    ids = [BOS] + text_ids
    losses, load, close = [], torch.zeros(config.num_hidden_layers, config.n_routed_experts, dtype=torch.long), []
    for start in range(0, len(ids) - WINDOW + 1, WINDOW):
        window = [BOS] + ids[start + 1 : start + WINDOW]
        targets = torch.tensor(window[WINDOW // 2 + 1 :])
        rows = logits(window[:-1])[WINDOW // 2 :]
        losses += F.cross_entropy(rows.double(), targets, reduction="none").tolist()
        for layer in expert_layers:
            load[layer] += torch.bincount(gates[layer][2].flatten(), minlength=config.n_routed_experts)
            close.append(margins(layer).min().item())
    mean = sum(losses) / len(losses)
    print(len(losses), "scored, perplexity", math.exp(mean), "least margins of a choice", sorted(close)[:4])
    return {
        "scored": len(losses),
        "perplexity": math.exp(mean),
        "load": {str(layer): load[layer].tolist() for layer in expert_layers},
    }


reference = {"prompts": [describe(*prompt) for prompt in PROMPTS.items()], "evaluation": evaluate()}
text = json.dumps(reference, ensure_ascii=False, separators=(",", ":"))
(FOLDER / "deepseek.json").write_text(text + "\n", encoding="utf-8")
