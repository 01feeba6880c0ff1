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
  }
  static let heads = [
    Heads(queries: 1, keys: 1, width: 8, valueWidth: 8), Heads(queries: 6, keys: 2, width: 64, valueWidth: 80),
    Heads(queries: 8, keys: 1, width: 24, valueWidth: 16), Heads(queries: 3, keys: 3, width: 128, valueWidth: 40),
  ]

  @Test(arguments: TestDevices.distinct, heads)
  func `a query has the same bits alone, in a chunk and in the whole prompt`(device: Device, heads: Heads) async throws
  {
    let rows = 203
    let draft = CaseDraft(Attention.self, "bits \(heads)")
    let queries = try draft.units([rows, heads.queries, heads.width], times: 3)
    let keys = try draft.units([rows, heads.keys, heads.width], times: 3)
    let values = try draft.units([rows, heads.keys, heads.valueWidth])
    for shape in KernelShape.allCases {
      func run(_ range: Range<Int>) async throws -> [UInt32] {
        let builder = GraphBuilder()
        let y = try builder.attention(
          queries: builder.input(
            "q", .float32, [Dimension(range.count), Dimension(heads.queries), Dimension(heads.width)]),
          keys: builder.input("k", .float32, keys.shape.map { Dimension($0) }),
          values: builder.input("v", .float32, values.shape.map { Dimension($0) }),
          past: builder.symbol("past", in: 0...rows), scale: 0.3)
        var options = PlanOptions()
        options.shape = shape
        let session = try await TestBackends.backend(device).compile(
          builder.build(outputs: ["y": y]), constants: ConstantStore(), options: options
        ).makeSession([:])
        let row = heads.queries * heads.width
        let part = Array(try queries.floats()[range.lowerBound * row..<range.upperBound * row])
        let request = RunRequest(
          inputs: ["q": try Tensor(part, shape: [range.count, heads.queries, heads.width]), "k": keys, "v": values],
          bindings: ["past": range.lowerBound])
        return try await session.run(request)["y"]?.floats().map(\.bitPattern) ?? []
      }
      let whole = try await run(0..<rows)
      #expect(whole.count == rows * heads.queries * heads.valueWidth)
      for part in [
        0..<1, 63..<64, 64..<65, 127..<129, 0..<16, 60..<67, 128..<144, 40..<57, 1..<98, 150..<203, 202..<203,
      ] {
        let width = heads.queries * heads.valueWidth
        let expected = Array(whole[part.lowerBound * width..<part.upperBound * width])
        let bits = try await run(part)
        #expect(bits == expected, "tokens \(part), \(shape)")
      }
    }
  }
}
