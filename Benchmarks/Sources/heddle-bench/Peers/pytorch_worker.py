"""PyTorch as a peer: answers one JSON line with one JSON line, until its input ends.

prepare {x, w, values, widening, sparse, rotation, tokens, inputs, outputs}: files of float32, row-major -> {ways: [name]}
attention {files: [q, k, v], shape: [tokens, keys, query heads, key heads, width], scale, values, causal, rotation}:
        the same for attention
experts {x, w, choices, shape: [tokens, chosen, experts, inputs, outputs], widening, copies}: products by expert
route   {files: [logits, bias], shape: [tokens, experts]}: DeepSeek V3's choice of experts
run     {way, count}: -> {seconds}        count calls, one after the other, each with the next copy of the weights
output  {path}: writes the last result as float32 -> {type}
"""

import json
import os
import sys
import time
import warnings

warnings.simplefilter("ignore")
# Answers go to the real standard output; whatever else prints goes to the errors.
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

import torch  # noqa: E402
from torch.utils import mkldnn as mkldnn_utils  # noqa: E402

TYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}


class Ways:
    """What computes a case, by name, and the last result."""

    def __init__(self):
        self.next = 0
        self.result = None
        self.ways = {}
        self.absent = {}

    def try_to_add(self, name, prepare, call):
        try:
            state = prepare()
            call(state, 0)
        except Exception as error:  # a way this build or this processor has not
            self.absent[name] = str(error).splitlines()[0][:120]
            return
        self.add(name, lambda i: call(state, i))

    def add(self, name, call):
        self.ways[name] = call

    def run(self, way, count):
        call = self.ways[way]
        start = time.perf_counter()
        for _ in range(count):
            self.result = call(self.next)
            self.next += 1
        return time.perf_counter() - start


class Product(Ways):
    def __init__(self, request):
        super().__init__()
        shape = request["tokens"], request["inputs"], request["outputs"]
        tokens, inputs, outputs = shape
        x = torch.from_file(request["x"], size=tokens * inputs, dtype=torch.float32).reshape(tokens, inputs).clone()
        w = torch.from_file(request["w"], size=outputs * inputs, dtype=torch.float32).reshape(outputs, inputs)
        self.rotation = request["rotation"]
        kinds = ["f32"]
        if request["values"] == "f16":
            kinds = ["f16", "f32"]
        elif request["values"] == "bf16":
            kinds = ["bf16"]
        for kind in kinds:
            self.add_ways(kind, request, x.to(TYPES[kind]), w.to(TYPES[kind]))

    def add_ways(self, kind, request, x, w):
        values = request["values"]
        note = "" if kind == values else request["widening"]
        copies = max(1, -(-self.rotation // w.nbytes))
        plain = [w.clone() for _ in range(copies)]
        self.add(f"linear {kind}{note}", lambda i: torch.nn.functional.linear(x, plain[i % copies]))

        def module(weight):
            layer = torch.nn.Linear(w.shape[1], w.shape[0], bias=False)
            layer.weight = torch.nn.Parameter(weight, requires_grad=False)
            return mkldnn_utils.to_mkldnn(layer.eval(), x.dtype)

        def packed(weight):
            return torch.ops.mkldnn._reorder_linear_weight(weight, x.shape[0])

        self.try_to_add(
            f"to_mkldnn {kind}{note}", lambda: [module(copy) for copy in plain], lambda layers, i: layers[i % copies](x)
        )
        self.try_to_add(
            f"onednn packed {kind}{note}",
            lambda: [packed(copy) for copy in plain],
            lambda weights, i: torch.ops.mkldnn._linear_pointwise(x, weights[i % copies], None, "none", [], ""),
        )
        if request["sparse"]:
            # The sparse matrix stands on the left: the result comes out transposed.
            self.try_to_add(
                f"sparse csr {kind}",
                lambda: [copy.to_sparse_csr() for copy in plain],
                lambda weights, i: torch.mm(weights[i % copies], x.t()).t(),
            )


class Attention(Ways):
    """Queries, keys and values, each [tokens or keys, heads, width] in its file, as the library's kernels take them."""

    def __init__(self, request):
        super().__init__()
        tokens, keys, query_heads, key_heads, width = request["shape"]
        kind = TYPES[request["values"]]

        def heads(path, rows, count):
            flat = torch.from_file(path, size=rows * count * width, dtype=torch.float32)
            return flat.reshape(1, rows, count, width).transpose(1, 2).to(kind).contiguous()

        query_file, key_file, value_file = request["files"]
        q = heads(query_file, tokens, query_heads)
        k, v = heads(key_file, keys, key_heads), heads(value_file, keys, key_heads)
        copies = max(1, -(-request["rotation"] // (2 * k.nbytes)))
        plain = [(k.clone(), v.clone()) for _ in range(copies)]
        options = {"is_causal": request["causal"], "scale": request["scale"]}
        if query_heads != key_heads:
            options["enable_gqa"] = True

        def call(i):
            key, value = plain[i % copies]
            result = torch.nn.functional.scaled_dot_product_attention(q, key, value, **options)
            return result.transpose(1, 2)

        self.try_to_add(f"scaled_dot_product_attention {request['values']}", lambda: None, lambda _, i: call(i))


class Experts(Ways):
    """Results are [tokens, chosen, outputs]; what sorts the pairs of a token and an expert is inside the calls."""

    def __init__(self, request):
        super().__init__()
        tokens, chosen, experts, inputs, outputs = request["shape"]
        x = torch.from_file(request["x"], size=tokens * inputs, dtype=torch.float32).reshape(tokens, inputs).clone()
        w = torch.from_file(request["w"], size=experts * outputs * inputs, dtype=torch.float32)
        w = w.reshape(experts, outputs, inputs)
        copies = [w.clone() for _ in range(request["copies"])]
        choices = torch.tensor(request["choices"]).reshape(tokens, chosen)
        note = f" f32{request['widening']}"

        def loop(i):
            weights = copies[i % len(copies)]
            result = torch.empty(tokens, chosen, outputs)
            for expert in choices.unique().tolist():
                rows, places = (choices == expert).nonzero(as_tuple=True)
                result[rows, places] = torch.nn.functional.linear(x[rows], weights[expert])
            return result

        def gathered(i):
            weights = copies[i % len(copies)][choices.reshape(-1)]
            return torch.bmm(weights, x.repeat_interleave(chosen, 0).unsqueeze(2)).reshape(tokens, chosen, outputs)

        def grouped(i):
            flat = choices.reshape(-1)
            order = flat.argsort()
            ends = torch.bincount(flat, minlength=experts).cumsum(0).to(torch.int32)
            product = torch.nn.functional.grouped_mm(
                x[order // chosen], copies[i % len(copies)].transpose(1, 2), offs=ends
            )
            result = torch.empty(tokens * chosen, outputs)
            result[order] = product
            return result.reshape(tokens, chosen, outputs)

        self.try_to_add(f"linear per expert{note}", lambda: None, lambda _, i: loop(i))
        if tokens * chosen <= experts:
            self.try_to_add(f"bmm of gathered weights{note}", lambda: None, lambda _, i: gathered(i))
        self.try_to_add(f"grouped_mm{note}", lambda: None, lambda _, i: grouped(i))


class Routing(Ways):
    """Eight experts of the best four of eight groups; the result is their weights."""

    def __init__(self, request):
        super().__init__()
        tokens, experts = request["shape"]
        logits_file, bias_file = request["files"]
        logits = torch.from_file(logits_file, size=tokens * experts, dtype=torch.float32)
        logits = logits.reshape(tokens, experts).clone()
        bias = torch.from_file(bias_file, size=experts, dtype=torch.float32).clone()

        def route(_):
            scores = logits.sigmoid()
            choices = scores + bias
            groups = choices.view(tokens, 8, -1).topk(2, dim=-1)[0].sum(dim=-1)
            kept = groups.topk(4, dim=-1, sorted=False)[1]
            mask = torch.zeros_like(groups).scatter_(1, kept, 1)
            mask = mask.unsqueeze(-1).expand(-1, -1, experts // 8).reshape(tokens, experts)
            indices = choices.masked_fill(~mask.bool(), float("-inf")).topk(8, dim=-1)[1]
            weights = scores.gather(1, indices)
            return weights / (weights.sum(dim=-1, keepdim=True) + 1e-20) * 2.5

        self.add("sigmoid and topk", route)


def answer(request, state):
    operation = request["op"]
    if operation == "hello":
        torch.set_num_threads(request["threads"])
        config = torch.__config__.show()
        onednn = next((line for line in config.splitlines() if "MKL-DNN" in line), "").split("MKL-DNN ")[-1].split(" ")[0]
        return {
            "version": torch.__version__,
            "onednn": onednn.removeprefix("v"),
            "kernels": torch.backends.cpu.get_cpu_capability(),
            "threads": torch.get_num_threads(),
        }
    if operation == "prepare":
        state["case"] = None
        state["case"] = case = Product(request)
        return {"ways": list(case.ways), "absent": case.absent}
    if operation == "attention":
        state["case"] = None
        state["case"] = case = Attention(request)
        return {"ways": list(case.ways), "absent": case.absent}
    if operation == "experts":
        state["case"] = None
        state["case"] = case = Experts(request)
        return {"ways": list(case.ways), "absent": case.absent}
    if operation == "route":
        state["case"] = None
        state["case"] = case = Routing(request)
        return {"ways": list(case.ways), "absent": case.absent}
    if operation == "run":
        return {"seconds": state["case"].run(request["way"], request["count"])}
    if operation == "output":
        result = state["case"].result
        with open(request["path"], "wb") as file:
            file.write(bytes(result.detach().to(torch.float32).contiguous().reshape(-1).untyped_storage()))
        return {"type": str(result.dtype).removeprefix("torch.")}
    if operation == "release":
        state["case"] = None
        return {}
    raise ValueError(operation)


def main():
    state = {}
    with torch.inference_mode():
        for line in sys.stdin:
            try:
                reply = answer(json.loads(line), state)
            except Exception as error:  # the other side decides what it means
                reply = {"error": f"{type(error).__name__}: {error}"}
            answers.write(json.dumps(reply) + "\n")


main()
