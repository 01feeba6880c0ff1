import Foundation
import HeddleGraph
import Testing

@Suite struct ExportTests {
  @Test(arguments: [SampleGraph.all, SampleGraph.samples])
  func `JSON round trip keeps the bytes, the value, the hash and the origins`(make: @Sendable () throws -> Graph) throws
  {
    let graph = try make()
    let json = try graph.json()
    let read = try Graph(json: json)
    #expect(read == graph)
    #expect(read.hashValue == graph.hashValue)
    #expect(read.origins == graph.origins)
    #expect(try read.json() == json)
    #expect(try make().json() == json)
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
    ("\"halves\"", "\"thirds\""), ("\"tokens - 1\"", "\"tokens - 2\""), ("\"tokens - 1\"", "\"tokens -\""),
    ("\"tokens - 1\"", "1e40"), ("\"tokens - 1\"", "[1]"), ("\"tokens - 1\"", "true"), ("\"tokens - 1\"", "1.5"),
    ("\"tokens - 1\"", "null"), ("\"name\" : \"cache\"", "\"name\" : \"cash\""),
    ("\"stateUpdates\"", "\"stateUpdate\""), ("1e-05", "1e400"), ("1e-05", "1e39"),
    ("\"nodes\" : [", "\"nodes\" : [ {},"), ("\"q8_0\"", "\"q8_1\""), ("\"f32\"", "\"i32\""),
    ("\"symbol\" : \"past\"", "\"symbol\" : \"tokens\""), ("{", ""), ("\"2:4-int4\"", "\"2:5-int4\""),
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
