/// Rows of length 1, at right angles to each other: what a router's weights begin training as.
///
/// ```
/// v = x[r, :] − Σ_{j < r} ⟨x[r, :], y[j, :]⟩ · y[j, :]        y[r, :] = v / ∥v∥
/// ```
///
/// - x `[R, C]` float32, R ≤ C; result `[R, C]` float32. Of a square x, y is the Q of its transpose's QR with positive R.
/// - A row whose v is below 2⁻¹⁸ of its own length, which rounding cannot tell from a sum of the rows before it, becomes zeros.
/// - Rows are at right angles to a few roundings: each is subtracted twice. Lengths of rows are to be from 2⁻⁶⁰ to 2⁶⁰.
/// - Source: Saxe et al., *Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks*, 2013;
///   Giraud et al., *Rounding Error Analysis of the Classical Gram-Schmidt Orthogonalization Process*, 2005.
public struct OrthonormalRows: GraphOperation {
  public static let description = OperationDescription(
    "orthonormalRows", family: "Normalization",
    "y[r, :] = v / ∥v∥, v = x[r, :] less its parts along y[j, :] of all j < r",
    operands: [.init("x", "[R, C] f32, R ≤ C")], result: "[R, C] f32")

  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x", rank: 2)
    try operands.require(x.extent(0), "the rows of x", atMost: x.extent(1))
    try operands.require(x.extent(1), "the columns of x", atMost: Dimension(Int(Int32.max)))
    return [x]
  }
}

extension GraphBuilder {
  /// ``OrthonormalRows``
  public func orthonormalRows(
    _ x: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(OrthonormalRows(), [x], label, file, line)
  }
}
