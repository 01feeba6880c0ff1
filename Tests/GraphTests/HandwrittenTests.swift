import struct Foundation.Data
import class Foundation.JSONDecoder
import class Foundation.JSONEncoder
import HeddleGraph
import Testing

/// Operations as a person writes them.
@Suite struct HandwrittenTests {
  private static let tokens = Dimension("tokens")

  @Test(
    arguments: try [
      (#"{"matmul": {}}"#, MatMul()),
      (#"{"matmul": {"rightIsTransposed": false, "kept": 8}}"#, MatMul(rightIsTransposed: false, kept: 8)),
      (
        #"{"matmul": {"epilogue": {"activation": "silu", "bias": true}}}"#,
        MatMul(epilogue: .init(bias: true, activation: .silu))
      ),
      (
        #"{"input": {"name": "x", "type": {"encoding": "f32", "shape": ["tokens", 64, "2*tokens"]}}}"#,
        Input(name: "x", type: TensorType(.float32, [tokens, 64, tokens * 2]))
      ),
      (
        #"{"constant": {"id": "w", "type": {"encoding": "q4_1", "shape": [2, 32]}}}"#,
        Constant(id: "w", type: TensorType(.q4_1, [2, 32]))
      ),
      (
        #"{"attention": {"scale": 0.125, "past": "past"}}"#,
        Attention(scale: 0.125, past: Dimension("past"))
      ),
      (
        #"{"rotaryEmbedding": {"base": 10000, "rotatedDimensions": 8, "pairing": "halves"}}"#,
        RotaryEmbedding(base: 10_000, rotatedDimensions: 8, pairing: .halves)
      ),
      (
        #"{"encode": {"encoding": "vw16:32-int4"}}"#,
        Encode(
          encoding: .sparse(SparseFormat(SparsityPattern(.vectorWise(kept: 16, of: 32, isNested: false)), .int4)))
      ),
      (#"{"encode": {"encoding": "bf16"}}"#, Encode(encoding: .bfloat16)),
      (
        #"{"slice": {"axis": 0, "start": "tokens - 1", "count": 1}}"#,
        Slice(axis: 0, start: tokens - 1, count: 1)
      ),
      (#"{"softmax": {}}"#, Softmax()),
      (#"{"custom": {"name": "f", "rule": {"sameAs": 1}}}"#, Custom(name: "f", rule: .sameAs(operand: 1))),
      (
        #"{"custom": {"name": "f", "attributes": {"n": {"integer": 3}, "r": {"number": 3}, "t": {"text": "a"}}, "#
          + #""rule": {"fixed": [{"encoding": "i32", "shape": []}]}}}"#,
        Custom(
          name: "f", attributes: ["n": .integer(3), "r": .number(3), "t": .text("a")],
          rule: .fixed([TensorType(.int32, [])]))
      ),
    ] as [(String, any GraphOperation)])
  func `an operation is read, and what is written of it gives it back`(json: String, operation: any GraphOperation)
    throws
  {
    let operation = AnyGraphOperation(operation)
    #expect(try JSONDecoder().decode(AnyGraphOperation.self, from: Data(json.utf8)) == operation)
    let written = try JSONEncoder().encode(operation)
    #expect(try JSONDecoder().decode(AnyGraphOperation.self, from: written) == operation)
  }

  @Test(arguments: [
    ("{}", "an operation has one member, called as the operation is; this has []"),
    (
      #"{"softmax": {}, "matmul": {}}"#,
      #"an operation has one member, called as the operation is; this has ["matmul", "softmax"]"#
    ),
    (#"{"matmull": {}}"#, "there is no operation 'matmull'"),
    (
      #"{"matmul": {"isTransposed": false}}"#,
      #"there is no member 'isTransposed' here; there are ["epilogue", "kept", "rightIsTransposed"]"#
    ),
    (
      #"{"matmul": {"epilogue": {"gated": true}}}"#,
      #"there is no member 'gated' here; there are ["activation", "bias", "isGated", "residual"]"#
    ),
    (#"{"softmax": {"axis": 1}}"#, "there is no member 'axis' here; there is none"),
    (#"{"rmsNorm": {"epsilon": 1, "eps": 1}}"#, #"there is no member 'eps' here; there are ["epsilon"]"#),
    (
      #"{"encode": {"encoding": "q4_9"}}"#,
      "'q4_9' is no encoding; these are: \(Encoding.everyName)"
    ),
    (
      #"{"writeRows": {"position": "past past"}}"#,
      "'past past' is no dimension: at character 6 an operator or the end must stand, not 'p'"
    ),
    (#"{"writeRows": {"position": 1.5}}"#, "a dimension is a number of 64 bits or an expression in quotes"),
    (
      #"{"custom": {"name": "f", "rule": {}}}"#, #"there must be one member of ["sameAs", "fixed"], not 0"#
    ),
  ])
  func `what is wrong with an operation is said`(json: String, problem: String) throws {
    let error = try #require(throws: DecodingError.self) {
      try JSONDecoder().decode(AnyGraphOperation.self, from: Data(json.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(context.debugDescription == problem)
  }

  @Test(arguments: [
    String(repeating: "[", count: 100_000), String(repeating: #"{"matmul":"#, count: 100_000),
    String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
    #"{"writeRows":{"position":"#
      + String(repeating: #"{"terms":[{"coefficient":1,"factors":[{"ceilingQuotient":{"_1":2,"_0":"#, count: 20_000)
      + "\"a\"" + String(repeating: "}}]}]}", count: 20_000) + "}}",
    #"{"rmsNorm":{"epsilon":1e400}}"#, #"{"rmsNorm":{"epsilon":-1e39}}"#, #"{"rmsNorm":{"epsilon":NaN}}"#,
    #"{"transpose":{"permutation":[1e400]}}"#, #"{"transpose":{"permutation":[9223372036854775808]}}"#,
    #"{"slice":{"axis":\#(String(repeating: "9", count: 100_000)),"start":0,"count":1}}"#, "\u{FEFF}", "\u{0}", "",
    #"{"input":{"name":"\uD800","type":{"encoding":"f32","shape":[1]}}}"#,
  ])
  func `deep and huge JSON is an error`(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(AnyGraphOperation.self, from: Data(json.utf8))
    }
    #expect(throws: GraphError.self) { try Graph(json: Data(json.utf8)) }
  }
}
