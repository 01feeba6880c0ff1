"""Attention over a few tokens: a product with a 4-bit weight, split into queries, keys and values.

  y = attention(q, k, v)    [q k v] = x · Wᵀ
  x [tokens, 64] f32, W [192, 64] q4_0, y [tokens, 4, 16]

The data are those of Examples/c/attention.c, and so are the bits that come out.

  python3 attention.py
"""

import numpy

import heddle

TOKENS, WIDTH, HEADS, HEAD_WIDTH = 5, 64, 4, 16
ROWS = 3 * HEADS * HEAD_WIDTH


def numbers(state=2026):
    """The same in every language: the upper eight bits of s ← 1664525·s + 1013904223 mod 2³²."""
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state >> 24


def weight(source):
    """q4_0: blocks of 32 values, each a float16 scale, 2⁻⁴ … 2⁻⁷, and 16 bytes of nibbles."""
    data = bytearray()
    for _ in range(ROWS * WIDTH // 32):
        data += (0x2C00 - 0x400 * (next(source) & 3)).to_bytes(2, "little")
        data += bytes(next(source) for _ in range(16))
    return bytes(data)


def attention(constants):
    builder = heddle.GraphBuilder()
    tokens = builder.symbol("tokens", 1, 64)
    x = builder.input("x", "f32", [tokens, WIDTH])
    product = builder.matmul(x, builder.constant("w", constants))

    def heads(third):
        part = builder.slice(product, axis=1, start=WIDTH * third, count=WIDTH)
        return builder.reshape(part, [tokens, HEADS, HEAD_WIDTH])

    queries, keys, values = heads(0), heads(1), heads(2)
    y = builder.attention(queries, keys, values, past=0, scale=0.25)
    return builder.build({"y": y})


def print_bits(values):
    """Each head of each token as the bits of its floats, and the FNV-1a sum of all their bytes."""
    total = 0xCBF29CE484222325
    for byte in values.astype("<f4").tobytes():
        total = (total ^ byte) * 0x100000001B3 % 2**64
    for head in values.view(numpy.uint32).reshape(-1, HEAD_WIDTH):
        print(" ".join(f"{bits:08x}" for bits in head))
    print(f"checksum {total:016x}")


def main():
    source = numbers()
    constants = heddle.ConstantStore()
    constants.add_bytes("w", "q4_0", [ROWS, WIDTH], weight(source))
    session = heddle.Backend().compile(attention(constants), constants).session()

    # The session reads and writes memory of ours. The shape of x tells it how many tokens there
    # are.
    x = numpy.array([(next(source) - 128) / 64 for _ in range(TOKENS * WIDTH)], numpy.float32)
    y = numpy.empty((TOKENS, HEADS, HEAD_WIDTH), numpy.float32)
    session.bind_input("x", x.reshape(TOKENS, WIDTH))
    session.bind_output("y", y)
    session.step()
    print_bits(y)


if __name__ == "__main__":
    main()
