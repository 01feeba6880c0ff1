// Attention over a few tokens: a product with a 4-bit weight, split into queries, keys and values.
//
//   y = attention(q, k, v)      [q k v] = x · Wᵀ      x [tokens, 64] f32, W [192, 64] q4_0, y [tokens, 4, 16]
//
// The data are those of Examples/c/attention.c, and so are the bits that come out.

import Heddle

let (tokenCount, width, heads, headWidth) = (5, 64, 4, 16)
let rows = 3 * heads * headWidth

// Numbers that are the same in every language: s ← 1664525·s + 1013904223 mod 2³², and of s the upper eight bits.
struct Bytes {
  private var state: UInt32 = 2026

  mutating func next() -> UInt8 {
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(state >> 24)
  }
}
var bytes = Bytes()

// q4_0: blocks of 32 values, each a float16 scale and 16 bytes with two values' nibbles. The scales are 2⁻⁴ … 2⁻⁷.
var weight: [UInt8] = []
for _ in 0..<rows * width / 32 {
  let scale = 0x2C00 - 0x400 * Int(bytes.next() & 3)
  weight += [UInt8(scale & 0xFF), UInt8(scale >> 8)]
  for _ in 0..<16 { weight.append(bytes.next()) }
}
let constants = ConstantStore()
try constants.add("w", Tensor(encoding: .blocks(.q4_0), shape: [rows, width], bytes: weight))

let builder = GraphBuilder()
let tokens = try builder.symbol("tokens", in: 1...64)
let x = try builder.input("x", .float32, [tokens, 64])
let product = try builder.matmul(x, builder.constant("w", in: constants))
let parts = try [0, 64, 128].map { start in
  try builder.reshape(builder.slice(product, axis: 1, start: Dimension(start), count: 64), to: [tokens, 4, 16])
}
let y = try builder.attention(queries: parts[0], keys: parts[1], values: parts[2], past: 0, scale: 0.25)
let graph = try builder.build(outputs: ["y": y])

let executable = try await OpenCLBackend(device: .preferred()).compile(graph, constants: constants)
let values = (0..<tokenCount * width).map { _ in Float(Int(bytes.next()) - 128) / 64 }
let request = RunRequest(inputs: ["x": try Tensor(values, shape: [tokenCount, width])])
let results = try await executable.makeSession([:]).run(request)

// Each head of each token as the bits of its floats, and the FNV-1a sum of all their bytes.
func hexadecimal(_ number: UInt64, digits: Int) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: digits - text.count) + text
}
var sum: UInt64 = 0xcbf2_9ce4_8422_2325
var words: [String] = []
for value in try results["y"]?.floats() ?? [] {
  for shift in stride(from: 0, to: 32, by: 8) {
    sum = (sum ^ UInt64((value.bitPattern >> shift) & 0xFF)) &* 0x100_0000_01b3
  }
  words.append(hexadecimal(UInt64(value.bitPattern), digits: 8))
  if words.count == headWidth {
    print(words.joined(separator: " "))
    words = []
  }
}
print("checksum", hexadecimal(sum, digits: 16))
