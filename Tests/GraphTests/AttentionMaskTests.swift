import struct Foundation.Data
import class Foundation.JSONDecoder
import class Foundation.JSONEncoder
import HeddleGraph
import Testing

@testable import HeddleReference

@Suite struct AttentionMaskTests {
  private static let written: [(AttentionMask, String)] = [
    (.full, "full"), (.causal, "causal"), (.slidingWindow(64), "causal & window(64)"),
    (AttentionMask(anyOf: []), "none"),
    (.localGlobal(block: 64, global: 2), "block(64) | global(2)"),
    (.causal & (.window(7) | .first(3)), "causal & window(7) | causal & first(3)"),
    (AttentionMask(anyOf: [[.first(1), .block(9)], [.window(2)]]), "first(1) & block(9) | window(2)"),
  ]

  @Test(arguments: written)
  func `a mask's JSON is its text, and is read back`(mask: AttentionMask, text: String) throws {
    #expect(mask.description == text)
    let json = try JSONEncoder().encode([mask])
    #expect(try JSONDecoder().decode([String].self, from: json) == [text])
    #expect(try JSONDecoder().decode([AttentionMask].self, from: json) == [mask])
  }

  @Test(
    arguments: [
      ("causal&window( 64)", nil), ("  full ", .full), ("causal&window(64)", .slidingWindow(64)),
      ("full & causal", .causal),
      ("causal | causal & first(2)", .causal), ("full | window(3)", .full), ("first(2) & first(2)", .first(2)),
      ("", nil), ("|", nil), ("causal &", nil), ("causal causal", nil), ("none | causal", nil), ("causal(3)", nil),
      ("window", nil), ("window()", nil), ("window(3", nil), ("window(3))", nil), ("window(3(", nil),
      ("window((3)", nil), ("window(3)(", nil), ("window(+3)", nil),
      ("window(-3)", nil),
      ("window(9223372036854775808)", nil), ("window(٣)", nil), ("Causal", nil), ("(causal)", nil),
      ("first(1) first(2)", nil),
      ("window(3)\n", nil), ("windów(3)", nil), (" none ", AttentionMask(anyOf: [])),
    ] as [(String, AttentionMask?)])
  func `a text is a mask or none`(text: String, mask: AttentionMask?) {
    #expect(AttentionMask(parsing: text) == mask)
  }

  @Test func `a mask has a bounded number of rules`() {
    let rules = (1...65).map { "first(\($0))" }
    #expect(AttentionMask(parsing: rules.joined(separator: "&")) == nil)
    #expect(AttentionMask(parsing: rules.dropLast().joined(separator: "&")) != nil)
    #expect(AttentionMask(parsing: String(repeating: " ", count: 1 << 20)) == nil)
    // Intersections of unions multiply.
    let great = (1...40).reduce(AttentionMask.full) { $0 & (.window(2 * $1) | .first(2 * $1 + 1)) }
    #expect(AttentionMask(parsing: great.description) == nil)
    for mask in [great, great & .causal, .causal | great, AttentionMask(anyOf: (1...100_000).map { [.first($0)] })] {
      #expect(throws: GraphError.self) {
        let builder = GraphBuilder()
        let x = try builder.input("x", .float32, [4, 1, 8])
        return try builder.attention(queries: x, keys: x, values: x, scale: 1, mask: mask)
      }
    }
  }

  @Test func `a text that is no mask is refused with what there is`() {
    #expect {
      try JSONDecoder().decode([AttentionMask].self, from: Data(#"["causal & windw(3)"]"#.utf8))
    } throws: { "\($0)".contains("'causal & windw(3)' is no mask; these are: full, none, causal, window(n)") }
  }

  /// Rules against what they say, one key at a time; intersections and unions against their parts.
  @Test func `a query sees what the rules say`() {
    for p in 0..<40 {
      for j in 0..<40 {
        func sees(_ mask: AttentionMask) -> Bool { mask.sees(query: p, key: j) }
        #expect(sees(.full) && !sees(AttentionMask(anyOf: [])))
        #expect(sees(.causal) == (j <= p))
        #expect(sees(.slidingWindow(5)) == (p - 5 < j && j <= p))
        #expect(sees(.window(5)) == (-5 < p - j && p - j < 5))
        #expect(sees(.block(8)) == (p / 8 == j / 8))
        #expect(sees(.first(3)) == (j < 3))
        #expect(sees(.global(3)) == (j < 3 || p < 3))
        let (left, right) = (AttentionMask.block(7) | .first(2), AttentionMask.causal | .window(3))
        #expect(sees(left & right) == (sees(left) && sees(right)))
        #expect(sees(left | right) == (sees(left) || sees(right)))
      }
    }
  }
}
