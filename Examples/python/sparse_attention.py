"""Attention that chooses its keys, as graphs: what four articles describe, each some twenty lines.

  local_global   blocks of tokens that see themselves, and first tokens that see and are seen by all
  moba           the blocks whose mean key a group's queries like best, and the token's own block
  nsa            pooled keys, the blocks that these point to, and a window; each weighed by a gate
  cross_modal    queries that several modalities share, whose answers are merged

No score matrix of all tokens is made but for pooled keys: attention reads the keys that it is told.

  python3 sparse_attention.py     prints what each gives, and how many parameters it adds
"""

import numpy

import heddle

TOKENS, HEADS, GROUPS, WIDTH = 320, 4, 2, 32
SCALE = WIDTH**-0.5
NOTHING = numpy.float32(-numpy.inf)


def heads_of_groups(builder, x, per_group):
    """[T, H, D] summed over the heads of each group: [G, T, D]."""
    grouped = builder.reshape(x, [TOKENS, GROUPS, per_group, WIDTH])
    ones = builder.input("ones", "f32", [1, per_group])
    summed = builder.matmul(ones, grouped, right_is_transposed=False)
    return builder.transpose(builder.reshape(summed, [TOKENS, GROUPS, WIDTH]), [1, 0, 2])


def pooled(builder, rows, pooling):
    """[C, T] · [T, G, D]: [C, G, D]."""
    flat = builder.reshape(rows, [TOKENS, GROUPS * WIDTH])
    count = pooling.shape[0]
    return builder.reshape(
        builder.matmul(pooling, flat, right_is_transposed=False), [count, GROUPS, WIDTH]
    )


def local_global(builder, q, k, v, block=64, first=8):
    """Dynamic block attention: no parameter is added."""
    return builder.attention(q, k, v, 0, SCALE, mask=f"block({block}) | global({first})")


def moba(builder, q, k, v, means, gate_mask, block=64, count=2):
    """Mixture of block attention (Lu et al., 2025): no parameter is added.

    means [N, T] takes the mean of each block; gate_mask [T, N] is −∞ from a token's own block on.
    """
    keys = builder.transpose(pooled(builder, k, means), [1, 0, 2])
    liking = builder.matmul(heads_of_groups(builder, q, HEADS // GROUPS), keys)
    _, blocks = builder.top_k(builder.add(liking, gate_mask), count)
    chosen = builder.select_keys(builder.transpose(blocks, [1, 0, 2]), TOKENS, block=block)
    mask = f"causal & selected | causal & block({block})"
    return builder.attention(q, k, v, 0, SCALE, mask=mask, selection=chosen)


def nsa(
    builder, q, k, v, pooling, bias, late, to_blocks, forced, gates, block=64, count=4, window=48
):
    """Native sparse attention (Yuan et al., 2025), its pooling a mean: three gates a head and token.

    pooling [C, T] pools overlapping pieces; bias [T, 1, C] is −∞ where a piece is not yet whole, and
    late [1, T, C] very small there; to_blocks [C, N] shares pieces among blocks; forced [T, N] is −∞
    for blocks after a token's own, great for those that it always sees; gates three of [T, H, 1].
    """
    keys, values = pooled(builder, k, pooling), pooled(builder, v, pooling)
    coarse = builder.attention(q, keys, values, 0, SCALE, mask="full", bias=bias)

    # What the group's heads think of each piece, as a share of all, and of each block.
    queries = builder.transpose(q, [1, 0, 2])
    wide = builder.transpose(keys, [1, 2, 0])
    parts = []
    for group in range(GROUPS):
        own = builder.slice(queries, 0, group * (HEADS // GROUPS), HEADS // GROUPS)
        key = builder.slice(wide, 0, group, 1)
        parts.append(builder.matmul(own, key, right_is_transposed=False))
    scores = builder.concatenate(parts, 0)
    scale = builder.input("scale", "f32", [1])
    shares = builder.softmax(builder.add(builder.multiply(scores, scale), late))
    liking = builder.matmul(shares, to_blocks, right_is_transposed=False)
    per_group = builder.reshape(liking, [GROUPS, HEADS // GROUPS, TOKENS * to_blocks.shape[1]])
    ones = builder.input("ones", "f32", [1, HEADS // GROUPS])
    summed = builder.matmul(ones, per_group, right_is_transposed=False)
    liking = builder.add(builder.reshape(summed, [GROUPS, TOKENS, to_blocks.shape[1]]), forced)
    _, blocks = builder.top_k(liking, count)
    chosen = builder.select_keys(builder.transpose(blocks, [1, 0, 2]), TOKENS, block=block)
    fine = builder.attention(q, k, v, 0, SCALE, mask="causal & selected", selection=chosen)

    near = builder.attention(q, k, v, 0, SCALE, mask=f"causal & window({window})")
    weighed = [builder.multiply(part, gate) for part, gate in zip((coarse, fine, near), gates)]
    return builder.add(builder.add(weighed[0], weighed[1]), weighed[2])


def cross_modal(builder, shared, modalities):
    """Queries that modalities share: each is attended to alone, and the answers merged as one softmax.

    shared [S, H, D] is all that is added; modalities are pairs of keys and values [C, G, D].
    """
    first, *others = [
        builder.attention(shared, k, v, 0, SCALE, mask="full", log_sum_exp=True)
        for k, v in modalities
    ]
    for other in others:
        first = builder.merge_attention(*first, *other)
    return first[0]


def random(shape, seed):
    return numpy.random.default_rng(seed).standard_normal(shape).astype(numpy.float32)


def tokens_and_heads():
    """Queries, keys and values of all tokens."""
    return {
        "q": random((TOKENS, HEADS, WIDTH), 1),
        "k": random((TOKENS, GROUPS, WIDTH), 2),
        "v": random((TOKENS, GROUPS, WIDTH), 3),
    }


def moba_inputs(block=64):
    count = TOKENS // block
    own = numpy.arange(TOKENS)[:, None] // block
    return {
        "means": numpy.repeat(numpy.eye(count, dtype="f4"), block, axis=1) / block,
        "gate_mask": numpy.where(numpy.arange(count) < own, 0, NOTHING).astype("f4"),
    }


def nsa_inputs(block=64, piece=32, stride=16):
    starts = numpy.arange(0, TOKENS - piece + 1, stride)
    place, blocks = numpy.arange(TOKENS), numpy.arange(TOKENS // block)
    inside = (place >= starts[:, None]) & (place < starts[:, None] + piece)
    is_whole = starts + piece - 1 <= place[:, None]
    overlap = numpy.stack([inside[:, n * block : (n + 1) * block].sum(1) for n in blocks], axis=1)
    own = place[:, None] // block
    forced = numpy.where((blocks == 0) | (blocks >= own - 1), 1e3, 0)
    return {
        "pooling": (inside / piece).astype("f4"),
        "bias": numpy.where(is_whole, 0, NOTHING).astype("f4")[:, None],
        "late": numpy.where(is_whole, 0, -1e9).astype("f4")[None],
        "to_blocks": (overlap / piece).astype("f4"),
        "forced": numpy.where(blocks <= own, forced, NOTHING).astype("f4"),
        "scale": numpy.array([SCALE], "f4"),
        **{f"gate{i}": 1 / (1 + numpy.exp(-random((TOKENS, HEADS, 1), 7 + i))) for i in range(3)},
    }


def cross_modal_inputs(lengths=(100, 37, 64), shared=16):
    modalities = {
        f"{name}{i}": random((length, GROUPS, WIDTH), 20 + 2 * i + (name == "v"))
        for i, length in enumerate(lengths)
        for name in "kv"
    }
    return {"shared": random((shared, HEADS, WIDTH), 19), **modalities}


def run(backend, name):
    """What an attention of this name gives, and what it is given."""
    builder = heddle.GraphBuilder()
    given = {} if name == "cross_modal" else tokens_and_heads()
    given |= {"moba": moba_inputs, "nsa": nsa_inputs, "cross_modal": cross_modal_inputs}.get(
        name, dict
    )()
    if name in ("moba", "nsa"):
        given["ones"] = numpy.ones((1, HEADS // GROUPS), "f4")
    made = {"ones", "scale"}
    value = {
        key: builder.input(key, "f32", list(array.shape))
        for key, array in given.items()
        if key not in made
    }
    if name == "cross_modal":
        pairs = [(value[f"k{i}"], value[f"v{i}"]) for i in range(3)]
        y = cross_modal(builder, value["shared"], pairs)
    elif name == "nsa":
        gates = [value.pop(f"gate{i}") for i in range(3)]
        y = nsa(builder, **value, gates=gates)
    else:
        y = {"moba": moba, "local_global": local_global}[name](builder, **value)
    session = backend.compile(builder.build({"y": y})).session()
    return session.run(given)["y"], given


def main():
    backend = heddle.Backend()
    added = {
        "local_global": 0,
        "moba": 0,
        # A gate is a product of a token's values, here as many as its queries', and a vector a head.
        "nsa": 3 * HEADS * HEADS * WIDTH,
        "cross_modal": 16 * HEADS * WIDTH,
    }
    for name, parameters in added.items():
        y, _ = run(backend, name)
        shape = " × ".join(map(str, y.shape))
        size = numpy.sqrt((y.astype(float) ** 2).mean())
        print(f"{name:13} {shape:14} root mean square {size:.4f}   parameters added {parameters}")


if __name__ == "__main__":
    main()
