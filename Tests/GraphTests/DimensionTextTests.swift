import struct Foundation.Data
import class Foundation.JSONDecoder
import class Foundation.JSONEncoder
import HeddleTypes
import Testing
import _KernelCases

@Suite struct DimensionTextTests {
  private static let (a, b) = (Dimension("a"), Dimension("b"))

  private static let written: [(Dimension, String)] = [
    (Dimension(0), "0"), (-4, "-4"), (Dimension(.min), "-9223372036854775808"), (a, #""a""#),
    (a + b * 2 - 1, #""a + 2*b - 1""#), (a * b * -1 - 3, #""-a*b - 3""#), (a * a * 2, #""2*a*a""#),
    (a.dividedRoundingUp(by: 64), #""ceil(a/64)""#), ((a * b * 3).dividedRoundingUp(by: 64), #""ceil(3*a*b/64)""#),
    ((a + b).dividedRoundingUp(by: 64) * 64, #""64*ceil((a + b)/64)""#),
    ((a.dividedRoundingUp(by: 2) * a + 1).dividedRoundingUp(by: 3) * b * -2, #""-2*b*ceil((a*ceil(a/2) + 1)/3)""#),
    (Dimension("blk.3.rows_1") * Dimension("ceil"), #""blk.3.rows_1*ceil""#),
    // What no expression gives back.
    (
      Dimension("a b") + 1,
      #"{"isOverflowed":false,"terms":[{"coefficient":1,"factors":[]},"#
        + #"{"coefficient":1,"factors":[{"symbol":{"_0":"a b"}}]}]}"#
    ),
  ]

  @Test(arguments: written)
  func `the JSON of a dimension, and back`(dimension: Dimension, json: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let written = String(decoding: try encoder.encode(dimension), as: UTF8.self)
    #expect(written == json)
    #expect(try JSONDecoder().decode(Dimension.self, from: Data(written.utf8)) == dimension)
  }

  @Test(arguments: ["", "é", "1a", "a b", "a+b", "·", "c⌉", ".a", "-", "a-b", String(repeating: "n", count: 5000)])
  func `any name of a symbol survives JSON`(name: String) throws {
    for dimension in [Dimension(Symbol(name)), (Dimension(Symbol(name)) * 3 - 1).dividedRoundingUp(by: 7)] {
      let data = try JSONEncoder().encode(dimension)
      #expect(try JSONDecoder().decode(Dimension.self, from: data) == dimension)
    }
  }

  private static let readable: [(String, Dimension)] = [
    ("past + tokens", Dimension("past") + Dimension("tokens")), (" ( ( a ) ) ", a), ("2·a", a * 2), ("−a − −1", 1 - a),
    ("a*(a + b)*-2", (a * a + a * b) * -2), ("⌈(a + b)/64⌉·64", (a + b).roundedUp(toMultipleOf: 64)),
    ("⌈a/64⌉", a.dividedRoundingUp(by: 64)), ("ceil( (7) / 2 )", 4), ("ceil(-7/2)", -3), ("ceil(4*a/2)", a * 2),
    ("ceil + ceil.a", Dimension("ceil") + Dimension("ceil.a")), ("_a1.b", Dimension("_a1.b")), ("a - a", 0),
    ("0*a", 0), ("007", 7),
  ]

  @Test(arguments: readable)
  func `what is read`(text: String, dimension: Dimension) throws {
    #expect(try Dimension(parsing: text) == dimension)
    #expect(try Dimension(parsing: "\(dimension)") == dimension)
  }

  @Test(arguments: [
    ("", "at character 1 a number, a symbol or '(' must stand, not the end"),
    ("a +", "at character 4 a number, a symbol or '(' must stand, not the end"),
    ("a ** b", "at character 4 a number, a symbol or '(' must stand, not '*'"),
    ("a b", "at character 3 an operator or the end must stand, not 'b'"),
    ("a)", "at character 2 an operator or the end must stand, not ')'"),
    ("(a", "at character 3 an operator or ')' must stand, not the end"),
    ("a/2", "at character 2 an operator or the end must stand, not '/'"),
    ("1.5", "at character 2 an operator or the end must stand, not '.'"),
    ("1e3", "at character 2 an operator or the end must stand, not 'e'"),
    ("tokéns", "at character 4 an operator or the end must stand, not 'é'"),
    ("a\u{0}", "at character 2 an operator or the end must stand, not '\\0'"),
    ("a\n", "at character 2 an operator or the end must stand, not '\\n'"),
    ("ceil(a)", "at character 7 '*' or '/', with a sum before it in parentheses, must stand, not ')'"),
    ("ceil(a + b/2)", "at character 8 '*' or '/', with a sum before it in parentheses, must stand, not '+'"),
    ("ceil(a/b)", "at character 8 a number must stand, not 'b'"),
    ("ceil(a/-2)", "at character 8 a number must stand, not '-'"), ("ceil(a/0)", "it divides by 0"),
    ("⌈a/2)", "at character 5 '⌉' must stand, not ')'"),
    ("9223372036854775808", "9223372036854775808 does not fit 64 bits"),
  ])
  func `what is not read, and why`(text: String, problem: String) {
    #expect(throws: TypeError.invalidDimension(text, problem)) { try Dimension(parsing: text) }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Dimension.self, from: JSONEncoder().encode(text))
    }
  }

  @Test func `length, depth and value are bounded`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
    }
    let deepest = Dimension.maximumTextDepth - 1
    #expect(try Dimension(parsing: nested(deepest)) == Self.a)
    for text in [nested(deepest + 1), String(repeating: "-", count: 2000) + "a", String(repeating: "ceil(", count: 99)]
    {
      #expect(throws: TypeError.invalidDimension(text, "it is nested deeper than 64")) { try Dimension(parsing: text) }
    }
    #expect(try Dimension(parsing: String(repeating: " ", count: 4095) + "1") == 1)
    #expect(
      throws: TypeError.invalidDimension(
        String(repeating: " ", count: 32) + "…", "it has 4097 bytes, at most 4096 are read")
    ) {
      try Dimension(parsing: String(repeating: " ", count: 4096) + "1")
    }
    let product = "9223372036854775807*a*2"
    #expect(throws: TypeError.dimensionOverflow(product)) { try Dimension(parsing: product) }
  }

  @Test func `a short text of a long expression is refused at once`() {
    // Multiplied out, the first has 26²⁰⁰ products, the second 2⁶⁰ copies of its innermost quotient.
    let sum = "(" + "abcdefghijklmnopqrstuvwxyz".map(String.init).joined(separator: "+") + ")"
    let power = Array(repeating: sum, count: 60).joined(separator: "*")
    let tower = String(repeating: "ceil((a+b)*", count: 60) + "c" + String(repeating: "/3)", count: 60)
    for text in [power, tower] {
      #expect(throws: TypeError.dimensionOverflow(text)) { try Dimension(parsing: text) }
    }
    #expect(TensorType(.float32, Array(repeating: Self.a + Self.b, count: 5000)).elementCount.isOverflowed)
    let many = (0..<5000).reduce(Dimension(0)) { $0.isOverflowed ? $0 : $0 + Dimension(Symbol("s\($1)")) }
    #expect(many.isOverflowed)
  }

  @Test func `random expressions read back`() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<300 {
      var dimension = Self.a
      for _ in 0..<8 {
        switch random.next() % 5 {
        case 0: dimension = dimension + Self.b
        case 1: dimension = dimension * Dimension(Int(random.next() % 9) - 4)
        case 2: dimension = dimension * (Self.a - 1)
        case 3: dimension = dimension - Self.b * Self.b
        default: dimension = dimension.dividedRoundingUp(by: Int(random.next() % 5) + 1)
        }
      }
      let expression = try #require(dimension.expression)
      #expect(expression.utf8.allSatisfy { $0 < 0x80 })
      #expect(try Dimension(parsing: expression) == dimension, "\(expression)")
      #expect(try Dimension(parsing: "\(dimension)") == dimension, "\(dimension)")
    }
  }

  @Test(arguments: [
    #"{"terms":[{"coefficient":1,"factors":[{"ceilingQuotient":{"_0":{"terms":[],"isOverflowed":false},"_1":0}}]}]}"#,
    #"{"terms":[{"coefficient":1,"factors":[{"ceilingQuotient":{"_0":"a","_1":0}}]}]}"#,
    #"{"terms":[{"coefficient":1,"factors":[]},{"coefficient":1,"factors":[]}]}"#,
    #"{"terms":[{"coefficient":0,"factors":[]}]}"#,
    #"{"terms":[{"coefficient":1,"factors":[{"symbol":{"_0":"b"}},{"symbol":{"_0":"a"}}]}]}"#,
    #"{"terms":[],"isOverflowed":true}"#, "true", "null", "[]", "{}", "1.5", "1e40", "1e400", "9223372036854775808",
  ])
  func `JSON that is no dimension`(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Dimension.self, from: Data(json.utf8)) }
  }
}
