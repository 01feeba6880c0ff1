/// Which candidates a plan may choose from, by what they do to the bits of a result.
public enum Numerics: String, Hashable, Codable, Sendable, CaseIterable {
  /// Every candidate of a kernel shape sums in one order, a function of K alone: a device and driver give the same bits
  /// whatever the batch, the chunking, the variant or the tuner.
  case exact
  /// Candidates with an order of their own are allowed too, such as a library's. Sums stay in float32, and a product
  /// within `2(K + 2)·2⁻²⁴·Σ|x·w|`, which holds in any order; but its bits may depend on the extents of all operands, and
  /// on what was tuned. Such a candidate is never taken by default: only tuned, pinned or forced.
  case relaxed
}
