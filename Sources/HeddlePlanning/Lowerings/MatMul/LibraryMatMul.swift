import HeddleText

/// `matmul` as one call of CLBlast's `sgemm`, or of its form for batches a stride apart.
///
/// An operand whose strides a leading dimension cannot say is copied first, so that what may be chosen does not depend on
/// views.
enum LibraryMatMul {
  static let name = "clblast"

  /// A product of float32 values without an epilogue whose batch axes are, for each operand, all walked or all
  /// stretched; K is at least 1, and every operand's elements counted in 31 bits, as the library's kernels count. What
  /// the operand spans as a view is checked when it runs.
  static func suits(_ problem: Problem<MatMul>) -> Bool {
    guard problem.operation.epilogue == .none,
      problem.target.features.contains(TargetProfile.clblast)
    else { return false }
    let types = problem.types + [problem.result]
    guard types.allSatisfy({ $0.encoding == .float32 && problem.isCountedInInt32($0) }) else { return false }
    let inputs = problem["x"].type.extent(-1)
    guard let bounds = try? inputs.bounds(problem.ranges), bounds.lowerBound >= 1 else { return false }
    let batch = Array(problem.result.shape.dropLast(2))
    return problem.types.allSatisfy { isStretched(Array($0.shape.dropLast(2)), to: batch) != nil }
  }

  /// Whether batch axes are all stretched to `batch`, or none is; nil if some are.
  private static func isStretched(_ own: [Dimension], to batch: [Dimension]) -> Bool? {
    let padded = [Dimension](filled: 1, count: batch.count &- own.count) + own  // Traps: never (clamped-count).
    let pairs = zip(padded, batch).filter { $1 != 1 }
    if pairs.allSatisfy({ $0 == $1 }) { return false }
    return pairs.allSatisfy { $0.0 == 1 } ? true : nil
  }

  /// With a constant `[M, K]`, or several one below the other.
  static func encodePacked(_ problem: Problem<MatMul>, into encoder: inout Encoder) throws(PlanError) -> TensorView {
    let result = encoder.destination(problem.result)
    guard let weight = encoder.rowMajorWeight(problem["w"]) else { return result }
    let view = try encoder.view(problem["x"])
    let x: TensorView
    if let rows = encoder.collapsedToRows(view) {
      x = rows
    } else {
      x = try encoder.tokenRows(problem["x"])
    }
    let w = TensorView(buffer: weight, type: problem["w"].type)
    try encode(x: x, w: w, wIsTransposed: true, y: encoder.collapsedToRows(result) ?? result, into: &encoder)
    return result
  }

  /// `y = x · w`, or `x · wᵀ`; y is row-major.
  static func encode(
    x: TensorView, w: TensorView, wIsTransposed: Bool, y: TensorView, into encoder: inout Encoder
  ) throws(PlanError) {
    let batch = Array(y.type.shape.dropLast(2))
    let count = batch.reduce(1, *)
    let x = try LibraryMatrix(x, batch, &encoder)
    let w = try LibraryMatrix(w, batch, &encoder)
    let y = try LibraryMatrix(y, batch, &encoder)
    let (tokens, outputs) = (y.view.type.extent(-2), y.view.type.extent(-1))
    let inputs = x.view.type.shape.last ?? 0
    var flags: Set<String> = []
    if x.isTransposed { flags.insert("X_TRANSPOSED") }
    if w.isTransposed != wIsTransposed { flags.insert("W_TRANSPOSED") }
    let function = count == 1 ? "clblast_sgemm" : "clblast_sgemm_strided_batched"
    encoder.call(
      LibraryCall(library: name, function: function, flags: flags),
      [.read("x", x.view, x.parameters), .read("w", w.view, w.parameters), .write("y", y.view, y.parameters)],
      [("tokens", tokens), ("outputs", outputs), ("inputs", inputs), ("batches", count)])
  }
}

/// A matrix as BLAS takes it: one of its last two axes is contiguous, the other is `leading` apart.
private struct LibraryMatrix {
  var view: TensorView
  /// Its columns are contiguous, not its rows.
  var isTransposed = false
  var leading: Dimension
  /// From one matrix of a batch to the next; 0 for the same one again.
  var batchStride: Dimension = 0

  var parameters: [(String, Dimension)] { [("leading", leading), ("batch_stride", batchStride)] }

  init(_ view: TensorView, _ batch: [Dimension], _ encoder: inout Encoder) throws(PlanError) {
    if let matrix = LibraryMatrix(view) {
      self = matrix
    } else {
      let copy = try encoder.materialize(view)
      guard let matrix = LibraryMatrix(copy) else {
        throw .type(.dimensionOverflow("\(view.type)"), encoder.graph.origin(of: encoder.node))
      }
      self = matrix
    }
  }

  /// Nil if the strides of the view are others.
  private init?(_ view: TensorView) {
    let rank = view.type.rank
    let batched = rank == 2 ? view : view.collapsing(0, through: rank &- 3)
    guard let batched else { return nil }
    let count = batched.type.rank == 2 ? 1 : batched.type.extent(0)
    let (rows, columns) = (batched.type.extent(-2), batched.type.extent(-1))
    let (rowStride, columnStride) = (batched.stride(-2), batched.stride(-1))
    self.view = view
    if columnStride == 1 || columns == 1 {
      leading = rows == 1 ? columns : rowStride
    } else if rowStride == 1 || rows == 1 {
      leading = columns == 1 ? rows : columnStride
      isTransposed = true
    } else {
      return nil
    }
    batchStride = count == 1 ? 0 : batched.stride(0)
  }
}

extension Problem where Operation == MatMul {
  /// No value of the range has more elements than 31 bits count.
  fileprivate func isCountedInInt32(_ type: TensorType) -> Bool {
    guard let bounds = try? type.elementCount.bounds(ranges) else { return false }
    return bounds.upperBound <= Int(Int32.max)
  }
}
