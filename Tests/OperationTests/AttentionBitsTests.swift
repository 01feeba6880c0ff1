import Heddle
import TestSupport
import Testing
@testable import _KernelCases

/// What a query gives depends on the keys that it sees and on their places, not on the queries beside it: prompts may come
/// in chunks of any size, and one token takes another kernel than many.
@Suite struct AttentionBitsTests {
  struct Heads: Sendable {
    var queries: Int
    var keys: Int
    var width: Int
    var valueWidth: Int
    var keyEncoding = Encoding.float32
    var valueEncoding = Encoding.float32
    var valuesAreKeys = false
  }
  static let heads = [
    Heads(queries: 1, keys: 1, width: 8, valueWidth: 8), Heads(queries: 6, keys: 2, width: 64, valueWidth: 80),
    Heads(queries: 8, keys: 1, width: 24, valueWidth: 16, keyEncoding: .float16, valueEncoding: .float16),
    Heads(queries: 3, keys: 3, width: 128, valueWidth: 40, keyEncoding: .bfloat16, valueEncoding: .float16),
    Heads(queries: 4, keys: 2, width: 40, valueWidth: 64, keyEncoding: .float32, valueEncoding: .bfloat16),
    // A few tokens are more than one item has room for.
    Heads(queries: 32, keys: 8, width: 128, valueWidth: 128),
    Heads(queries: 4, keys: 1, width: 80, valueWidth: 64, valuesAreKeys: true),
    Heads(queries: 2, keys: 1, width: 576, valueWidth: 512, keyEncoding: .bfloat16, valuesAreKeys: true),
  ]

  @Test(arguments: TestDevices.distinct, heads)
  func `a query has the same bits alone, in a chunk and in the whole prompt`(device: Device, heads: Heads) async throws
  {
    let rows = 203
    let draft = CaseDraft(Attention.self, "bits \(heads)")
    let prompt = Prompt(
      queries: try draft.units([rows, heads.queries, heads.width], times: 3),
      keys: try Tensor(
        draft.random.units(rows * heads.keys * heads.width).map { $0 * 3 }, as: heads.keyEncoding,
        shape: [rows, heads.keys, heads.width]),
      values: try Tensor(
        draft.random.units(rows * heads.keys * heads.valueWidth), as: heads.valueEncoding,
        shape: [rows, heads.keys, heads.valueWidth]), scale: 0.3,
      valueLength: heads.valuesAreKeys ? heads.valueWidth : nil)
    for shape in KernelShape.allCases {
      let whole = try await prompt.run(0..<rows, device, shape)
      let width = heads.queries * heads.valueWidth
      #expect(whole.count == rows * width)
      for part in [
        0..<1, 63..<64, 64..<65, 127..<129, 0..<16, 60..<67, 128..<144, 40..<57, 1..<98, 150..<203, 202..<203,
      ] {
        let bits = try await prompt.run(part, device, shape)
        #expect(bits == Array(whole[part.lowerBound * width..<part.upperBound * width]), "tokens \(part), \(shape)")
      }
    }
  }

  static let masks: [AttentionMask] = [
    .causal & (.window(20) | .first(3)), .localGlobal(block: 48, global: 2),
  ]

  /// Keys of other places, and the kernel that takes the chunks apart, change no bit of a query under any mask; chunks that a
  /// mask leaves out are as if they were not there.
  @Test(arguments: TestDevices.distinct, masks)
  func `a mask gives a query the same bits alone and in the prompt`(device: Device, mask: AttentionMask) async throws {
    let rows = 203
    let draft = CaseDraft(Attention.self, "bits \(mask)")
    let prompt = Prompt(
      queries: try draft.units([rows, 4, 16], times: 3), keys: try draft.units([rows, 2, 16], times: 3),
      values: try draft.units([rows, 2, 16]), scale: 0.3, mask: mask)
    for shape in KernelShape.allCases {
      let whole = try await prompt.run(0..<rows, device, shape)
      #expect(whole.count == rows * 64)
      for part in [0..<1, 64..<65, 150..<151, 60..<75, 40..<80] {
        let bits = try await prompt.run(part, device, shape)
        #expect(bits == Array(whole[part.lowerBound * 64..<part.upperBound * 64]), "tokens \(part), \(shape)")
      }
    }
  }

  /// A sum that is too small for any float keeps its sign, whatever is not seen beside it.
  @Test(arguments: TestDevices.distinct)
  func `a chunk that only others see changes no zero`(device: Device) async throws {
    let rows = 129
    var (queries, keys, values) = (
      [Float](repeating: 0, count: rows * 8), [Float](repeating: 0, count: rows * 8),
      [Float](repeating: 0, count: rows * 8)
    )
    for row in 0..<rows { queries[row * 8] = 1 }
    for row in 64..<rows { keys[row * 8] = -80 }
    values[127 * 8] = -1e-20
    let prompt = Prompt(
      queries: try Tensor(queries, shape: [rows, 1, 8]), keys: try Tensor(keys, shape: [rows, 1, 8]),
      values: try Tensor(values, shape: [rows, 1, 8]), scale: 1)
    let alone = try await prompt.run(127..<128, device, .wide)
    #expect(alone.first == (-Float.zero).bitPattern)
    #expect(try await prompt.run(127..<129, device, .wide).first == alone.first)
    #expect(try await prompt.run(0..<rows, device, .wide)[127 * 8] == alone.first)
  }

  /// Queries, and the keys and values of all of them.
  private struct Prompt {
    var queries: Tensor
    var keys: Tensor
    var values: Tensor
    var scale: Float
    var mask = AttentionMask.causal
    /// The first of each key's, in place of the values.
    var valueLength: Int?

    /// The bits that these tokens give together.
    func run(_ tokens: Range<Int>, _ device: Device, _ shape: KernelShape) async throws -> [UInt32] {
      let (rows, heads, width) = (queries.shape[0], queries.shape[1], queries.shape[2])
      let builder = GraphBuilder()
      let past = try builder.symbol("past", in: 0...rows)
      let q = try builder.input("q", .float32, [Dimension(tokens.count), Dimension(heads), Dimension(width)])
      let k = try builder.input("k", keys.encoding, keys.shape.map { Dimension($0) })
      let y =
        if let valueLength {
          try builder.attention(queries: q, keys: k, valueLength: valueLength, past: past, scale: scale, mask: mask)
        } else {
          try builder.attention(
            queries: q, keys: k, values: builder.input("v", values.encoding, values.shape.map { Dimension($0) }),
            past: past, scale: scale, mask: mask)
        }
      var options = PlanOptions()
      options.shape = shape
      let session = try await TestBackends.backend(device).compile(
        builder.build(outputs: ["y": y]), constants: ConstantStore(), options: options
      ).makeSession([:])
      var inputs: NameTable<Tensor> = ["k": keys]
      if valueLength == nil { inputs["v"] = values }
      let row = heads * width
      let part = Array(try queries.floats()[tokens.lowerBound * row..<tokens.upperBound * row])
      inputs["q"] = try Tensor(part, shape: [tokens.count, heads, width])
      let request = RunRequest(inputs: inputs, bindings: ["past": tokens.lowerBound])
      return try await session.run(request)["y"]?.floats().map(\.bitPattern) ?? []
    }
  }
}
