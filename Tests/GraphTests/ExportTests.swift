import Foundation
import HeddleGraph
import Testing

@Suite struct ExportTests {
  @Test func `the sample holds every operation`() throws {
    let kinds = Set(try SampleGraph.all().nodes.map(\.operation.kind.rawValue))
    #expect(kinds == Set(HeddleGraph.Operation.Kind.allCases.map(\.rawValue)))
  }

  @Test func `JSON round trip keeps the bytes, the value, the hash and the origins`() throws {
    let graph = try SampleGraph.all()
    let json = try graph.json()
    let read = try Graph(json: json)
    #expect(read == graph)
    #expect(read.hashValue == graph.hashValue)
    #expect(read.origins == graph.origins)
    #expect(try read.json() == json)
    #expect(try SampleGraph.all().json() == json)
  }

  @Test func `origins do not count for equality`() throws {
    let graph = try SampleGraph.all()
    let bare = try Graph(
      symbols: graph.symbols, nodes: graph.nodes, outputs: graph.outputs, stateUpdates: graph.stateUpdates)
    #expect(bare == graph)
    #expect(bare.hashValue == graph.hashValue)
  }

  @Test(arguments: [
    ("\"epsilon\" : 1e-05", "\"epsilon\" : -1"), ("\"rmsNorm\"", "\"rmsNurm\""),
    ("\"node\" : 1,", "\"node\" : 9999,"), ("\"node\" : 1,", "\"node\" : -1,"), ("\"result\" : 0", "\"result\" : 7"),
    ("\"minimum\" : 1,", "\"minimum\" : -1,"), ("\"minimum\" : 1,", "\"minimum\" : 17,"),
    ("\"halves\"", "\"thirds\""), ("\"coefficient\" : 32", "\"coefficient\" : 31"),
    ("\"coefficient\" : 32", "\"coefficient\" : 0"), ("\"coefficient\" : 32", "\"coefficient\" : 1e40"),
    ("\"isOverflowed\" : false", "\"isOverflowed\" : true"), ("\"name\" : \"cache\"", "\"name\" : \"cash\""),
    ("\"nodes\" : [", "\"nodes\" : [ {},"), ("\"q8_0\"", "\"q8_1\""), ("\"f32\"", "\"i32\""),
    ("\"symbol\" : \"past\"", "\"symbol\" : \"tokens\""), ("{", ""),
  ])
  func `tampered JSON is an error`(part: String, replacement: String) throws {
    let text = String(decoding: try SampleGraph.all().json(), as: UTF8.self)
    let range = try #require(text.range(of: part))
    let tampered = text.replacingCharacters(in: range, with: replacement)
    #expect(throws: (any Error).self) { try Graph(json: Data(tampered.utf8)) }
  }

  @Test func `every prefix and many damaged bytes give a graph or an error`() throws {
    let json = try SampleGraph.all().json()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      var bytes = json
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
      _ = try? Graph(json: bytes)
      _ = try? Graph(json: json.prefix(Int.random(in: 0..<json.count, using: &random)))
    }
  }

  @Test(arguments: [
    #"{"terms":[{"coefficient":1,"factors":[{"ceilingQuotient":{"_0":{"terms":[],"isOverflowed":false},"_1":0}}]}]}"#,
    #"{"terms":[{"coefficient":1,"factors":[{"ceilingQuotient":{"_0":{"terms":[{"coefficient":1,"factors":[{"symbol":{"_0":"a"}}]}]},"_1":0}}]}]}"#,
    #"{"terms":[{"coefficient":1,"factors":[]},{"coefficient":1,"factors":[]}]}"#,
    #"{"terms":[{"coefficient":0,"factors":[]}]}"#,
    #"{"terms":[{"coefficient":1,"factors":[{"symbol":{"_0":"b"}},{"symbol":{"_0":"a"}}]}]}"#,
    #"{"terms":[],"isOverflowed":true}"#,
  ])
  func `a dimension not in canonical form is refused`(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Dimension.self, from: Data(json.utf8)) }
  }

  @Test func `dimensions survive JSON`() throws {
    let (a, b) = (Dimension("a"), Dimension("b"))
    for dimension in [0, -4, a, a * b - 3, (a * a + b + 1).dividedRoundingUp(by: 64) * b + 7] {
      let data = try JSONEncoder().encode(dimension)
      #expect(try JSONDecoder().decode(Dimension.self, from: data) == dimension)
    }
  }

  @Test func `Graphviz`() throws {
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 0...4)
    let x = try builder.input("x", .float32, [n, 3])
    let y = try builder.matmul(x, builder.input("w", .float32, [2, 3]), label: "a \"quoted\\ name")
    let text = try builder.build(outputs: ["y": y]).graphviz()
    #expect(text.hasPrefix("digraph heddle {"))
    #expect(text.contains(#"n2 [label="matmul\na \"quoted\\ name"];"#), "\(text)")
    #expect(text.contains(#"n0 -> n2 [label="f32[n, 3]", fontsize=9];"#), "\(text)")
    #expect(text.contains(#"n2 -> "output y" [label="f32[n, 2]", fontsize=9];"#), "\(text)")
    #expect(text.hasSuffix("}\n"))
  }
}
