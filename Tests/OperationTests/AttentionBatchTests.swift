import Heddle
import TestSupport
import Testing
@testable import _KernelCases

/// Sequences of one batch do not change each other's bits, and no page's place does.
@Suite struct AttentionBatchTests {
  struct Heads: Sendable {
    var queries: Int
    var keys: Int
    var width: Int
    var encoding = Encoding.float32
  }
  static let heads = [
    Heads(queries: 6, keys: 2, width: 64), Heads(queries: 2, keys: 2, width: 24, encoding: .float16),
    Heads(queries: 8, keys: 1, width: 4, encoding: .bfloat16),
  ]
  /// Keys of each sequence, and how many of them have tokens: one each, and a few with prompts.
  static let batches: [[(keys: Int, tokens: Int)]] = [
    [(130, 1), (3, 1), (64, 1), (65, 1)], [(200, 100), (7, 7), (129, 1), (70, 31)],
  ]

  @Test(arguments: TestDevices.distinct, heads)
  func `a sequence has the same bits alone, in a ragged batch and in pages`(device: Device, heads: Heads) async throws {
    for batch in Self.batches {
      let draft = CaseDraft(Attention.self, "batch bits \(heads) \(batch)")
      let sequences = try batch.map { length in
        Sequence(
          queries: draft.random.units(length.tokens * heads.queries * heads.width).map { $0 * 3 },
          keys: try cache(&draft.random, length.keys, heads), values: try cache(&draft.random, length.keys, heads),
          length: length)
      }
      for shape in KernelShape.allCases {
        var alone: [UInt32] = []
        for sequence in sequences { alone += try await run([sequence], page: nil, heads, device, shape) }
        #expect(!alone.isEmpty)
        #expect(try await run(sequences, page: 64, heads, device, shape) == alone, "\(batch), pages of 64, \(shape)")
        #expect(try await run(sequences, page: 192, heads, device, shape) == alone, "\(batch), pages of 192, \(shape)")
        #expect(try await run(sequences, page: nil, heads, device, shape) == alone, "\(batch), own rows, \(shape)")
      }
    }
  }

  private struct Sequence {
    var queries: [Float]
    var keys: [UInt8]
    var values: [UInt8]
    var length: (keys: Int, tokens: Int)
  }

  private func cache(_ random: inout SplitMix64, _ keys: Int, _ heads: Heads) throws -> [UInt8] {
    let count = keys * heads.keys * heads.width
    return try Tensor(random.units(count), as: heads.encoding, shape: [count]).bytes
  }

  /// The bits of all tokens: of one sequence as plain attention, else of a batch, whose pages lie in reverse order.
  private func run(
    _ sequences: [Sequence], page: Int?, _ heads: Heads, _ device: Device, _ shape: KernelShape
  ) async throws -> [UInt32] {
    let tokens = sequences.reduce(0) { $0 + $1.length.tokens }
    let longest = sequences.map(\.length.keys).max() ?? 0
    let pageKeys = page ?? longest
    let pages = (longest + pageKeys - 1) / pageKeys
    let rowBytes = heads.keys * heads.width * heads.encoding.blockByteCount
    let count = sequences.count * pages
    let table = (0..<count).map { page == nil ? $0 : count - 1 - $0 }
    func memory(_ part: (Sequence) -> [UInt8]) -> [UInt8] {
      var bytes = [UInt8](repeating: 0xFF, count: count * pageKeys * rowBytes)
      for (index, sequence) in sequences.enumerated() {
        let own = part(sequence)
        for key in 0..<sequence.length.keys {
          let row = table[index * pages + key / pageKeys] * pageKeys + key % pageKeys
          bytes.replaceSubrange(row * rowBytes..<(row + 1) * rowBytes, with: own[key * rowBytes..<(key + 1) * rowBytes])
        }
      }
      return bytes
    }
    let rows = (sequences.count == 1 ? [] : [count]) + [pageKeys, heads.keys, heads.width]
    let draft = CaseDraft(Attention.self, "run")
    let q = try draft.input(
      "q", Tensor(sequences.flatMap(\.queries), shape: [tokens, heads.queries, heads.width]))
    let k = try draft.input("k", Tensor(encoding: heads.encoding, shape: rows, bytes: memory(\.keys)))
    let v = try draft.input("v", Tensor(encoding: heads.encoding, shape: rows, bytes: memory(\.values)))
    var others = AttentionOperands()
    var past = 0
    if sequences.count == 1 {
      past = sequences[0].length.keys - tokens
    } else {
      let lengths = sequences.map(\.length)
      others.positions = try draft.input(
        "positions", draft.integers(lengths.flatMap { Array($0.keys - $0.tokens..<$0.keys) }, [tokens]))
      others.sequences = try draft.input(
        "sequences",
        draft.integers(lengths.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element.tokens) }, [tokens])
      )
      if page != nil { others.pages = try draft.input("pages", draft.integers(table, [sequences.count, pages])) }
    }
    let y = try draft.builder.attention(
      queries: q, keys: k, values: v, with: others, past: Dimension(past), scale: 0.3)
    var options = PlanOptions()
    options.shape = shape
    let session = try await TestBackends.backend(device).compile(
      draft.builder.build(outputs: ["y": y]), constants: ConstantStore(), options: options
    ).makeSession([:])
    return try await session.run(RunRequest(inputs: draft.inputs))["y"]?.floats().map(\.bitPattern) ?? []
  }
}
