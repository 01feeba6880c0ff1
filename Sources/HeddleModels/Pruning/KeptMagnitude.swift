import HeddleText
import HeddleTypes

/// How much of a tensor pruning keeps: sums of `∣x∣` in float64. What is not a number counts as 0.
public struct KeptMagnitude: Hashable, Sendable {
  /// Of the values that are kept, as they were before they were stored.
  public var kept: Double
  /// Of all values.
  public var total: Double

  public init(kept: Double, total: Double) {
    self.kept = kept
    self.total = total
  }

  /// `kept / total`; 1 if there was nothing to keep, 0 if there is no end of it.
  public var share: Double { total > 0 ? (total.isFinite ? kept / total : 0) : 1 }

  public static func + (left: KeptMagnitude, right: KeptMagnitude) -> KeptMagnitude {
    KeptMagnitude(kept: left.kept + right.kept, total: left.total + right.total)
  }

  /// What `pruned` keeps of `values`, both of its shape.
  ///
  /// - Throws: ``PruningError/notSparse(_:)``; ``TypeError`` if `pruned` is not valid or there are more or fewer values.
  public init(of values: [Float], in pruned: Tensor) throws {
    guard let format = pruned.encoding.sparse else { throw PruningError.notSparse(pruned.encoding) }
    try pruned.validate()
    let layout = try SparseLayout(format, shape: pruned.shape)
    guard values.count == layout.rows &* layout.inputs else {
      throw TypeError.wrongByteCount(
        expected: 4 &* layout.rows &* layout.inputs, got: 4 &* values.count, TensorSummary(.float32, pruned.shape))
    }
    func magnitude(_ x: Float) -> Double { x.isNaN ? 0 : Double(abs(x)) }
    var kept = 0.0
    pruned.bytes.withUnsafeBytes { bytes in
      layout.forEachPlace(bytes) { kept += magnitude(values[at: $0.row &* layout.inputs &+ $0.input] ?? 0) }
    }
    self.init(kept: kept, total: values.reduce(0) { $0 + magnitude($1) })
  }
}
