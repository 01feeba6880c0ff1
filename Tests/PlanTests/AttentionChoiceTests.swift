import HeddlePlanning
import Testing

/// Which kernel an attention takes: by how many tokens there are, and by what it would keep.
@Suite struct AttentionChoiceTests {
  private func chosen(
    tokens: Int, past: ClosedRange<Int>, queries: Int = 9, keys: Int = 3, width: Int = 64
  ) throws -> [String] {
    let builder = GraphBuilder()
    let cache: [Dimension] = [Dimension(max(1, min(past.upperBound, 1 << 40))), Dimension(keys), Dimension(width)]
    let y = try builder.attention(
      queries: builder.input("q", .float32, [Dimension(tokens), Dimension(queries), Dimension(width)]),
      keys: builder.input("k", .float16, cache), values: builder.input("v", .float16, cache),
      past: builder.symbol("past", in: past), scale: 1)
    let target = TargetProfile(
      preferredShapes: [.wide, .simt], maximumWorkGroupSize: 256, localMemoryByteCount: 32 << 10, computeUnits: 2)
    let plan = try Planner(target: target).plan(builder.build(outputs: ["y": y]))
    return plan.lists[0].launches.compactMap(\.kernel?.entry)
  }

  private static let few = ["attention_tokens_wide", "attention_merge_wide"]

  @Test func `a few tokens take the chunks apart, more are a prompt`() throws {
    for tokens in [1, 2, 16] { #expect(try chosen(tokens: tokens, past: 0...8191) == Self.few) }
    for tokens in [17, 512] { #expect(try chosen(tokens: tokens, past: 0...8191) == ["attention_prompt_wide"]) }
  }

  /// What chunks leave is little beside the cache that they read, however long that is.
  @Test func `long contexts keep the kernel of few tokens where it keeps little`() throws {
    #expect(try chosen(tokens: 1, past: 0...131_071, queries: 64, keys: 8, width: 128) == Self.few)
    #expect(try chosen(tokens: 16, past: 0...131_071, queries: 32, keys: 8, width: 128) == Self.few)
    #expect(try chosen(tokens: 16, past: 0...131_071, queries: 64, keys: 1, width: 128) == ["attention_prompt_wide"])
    #expect(try chosen(tokens: 1, past: 0...Int.max, queries: 9) == ["attention_prompt_wide"])
  }

  @Test func `more queries of a key than a stack holds, and other widths, take the portable kernel`() throws {
    #expect(try chosen(tokens: 40, past: 0...9, queries: 128, keys: 1) == ["attention_prompt_wide"])
    #expect(try chosen(tokens: 40, past: 0...9, queries: 129, keys: 1) == ["attention_simt"])
    for (width, entry) in [
      (8, "attention_prompt_wide"), (12, "attention_simt"), (264, "attention_prompt_wide"), (584, "attention_simt"),
    ] {
      #expect(try chosen(tokens: 40, past: 0...9, width: width) == [entry])
    }
  }
}
