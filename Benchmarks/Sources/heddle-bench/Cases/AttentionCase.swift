import Heddle
import OpenCLRuntime
import _KernelCases

/// A row of attention, alone.
struct AttentionCase: BenchmarkCase {
  let tokens: Int
  let past: Int
  let heads: (queries: Int, keys: Int)
  let width: Int
  let mask: AttentionMask
  let cache: Encoding
  /// Whether the row's time is compared with that of the same keys in float32, or of the same tokens under a causal mask.
  var isCompared = false
  /// How many blocks of 64 keys each block of tokens selects beside its own; nil if the mask says all.
  var selected: Int?

  var name: String {
    if let selected {
      return "top \(selected) of \(tokens / 64) blocks \(tokens) h\(heads.queries)/\(heads.keys) d\(width)"
    }
    let place = past == 0 ? "\(tokens)" : "\(tokens)+\(past)"
    let stored = cache == .float32 ? "" : " \(cache.name)"
    return "\(mask) \(place) h\(heads.queries)/\(heads.keys) d\(width)\(stored)"
  }
  var values: String { selected != nil ? "selections" : mask == .causal || mask == .full ? cache.name : "masks" }
  var isBandwidthRow: Bool { tokens == 1 }

  private var pairs: Int {
    if let selected { return (try? SizedCases.blockSelectionPairs(tokens: tokens, count: selected)) ?? 0 }
    if mask == .causal { return tokens * past + tokens * (tokens + 1) / 2 }
    return (0..<tokens).reduce(0) { sum, t in sum + (0..<past + tokens).count { mask.sees(query: past + t, key: $0) } }
  }
  var floatingPointOperations: Double { 4 * Double(pairs) * Double(heads.queries * width) }
  var denseOperations: Double { floatingPointOperations }
  var rotatedByteCount: Int {
    2 * ((try? cache.byteCount(shape: [past + tokens, heads.keys, width])) ?? 0)
  }
  var byteCount: Int { rotatedByteCount + 2 * 4 * tokens * heads.queries * width }

  func reference() throws -> (any BenchmarkCase)? {
    guard isCompared else { return nil }
    let isMasked = mask != .causal || selected != nil
    return AttentionCase(
      tokens: tokens, past: past, heads: heads, width: width, mask: isMasked ? .causal : mask,
      cache: isMasked ? cache : .float32)
  }
  func peak(on device: Device) -> Limits.Kind { .fusedMultiplyAdd }
  func prepare() throws -> any Workload {
    if let selected {
      return AttentionWorkload(
        try SizedCases.blockSelection(tokens: tokens, heads: heads.keys, width: width, count: selected), self)
    }
    return AttentionWorkload(
      try SizedCases.attention(
        tokens: tokens, past: past, queryHeads: heads.queries, keyHeads: heads.keys, width: width, mask: mask,
        cache: cache), self)
  }
}

/// The tensors of such a row, and what the oracle says of some of its tokens.
final class AttentionWorkload: Workload {
  let opCase: OpCase
  let size: AttentionCase
  private var sample: SampledAttention?

  init(_ opCase: OpCase, _ size: AttentionCase) { (self.opCase, self.size) = (opCase, size) }

  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant {
    try await HeddleCase(opCase, copies: copies, rotatesInputs: true, variant: variant, on: backend)
  }

  func check(_ contestant: any Contestant, called name: String) async throws {
    let judge = try sample ?? SampledAttention(opCase, count: 5, selection: BlockSelection.selection(of: opCase))
    sample = judge
    if let fault = judge.fault(in: try await contestant.output(), rounding: contestant.outputRounding) {
      throw BenchmarkError("\(name) is wrong: \(fault)")
    }
  }
}
