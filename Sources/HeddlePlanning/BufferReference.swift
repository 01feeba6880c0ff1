import HeddleText

/// A constant in the form a kernel reads: the unit that is packed once and shared.
public struct PackedConstant: Hashable, Codable, Sendable {
  public enum Layout: String, Hashable, Codable, Sendable {
    /// The file's own row-major bytes.
    case rowMajor
    /// Rows interleaved by 16: `Kernels/Common/weights.cl`.
    case interleavedRows
  }

  /// More than one: their rows, one after the other, or by ``turns``.
  public var ids: [ConstantID]
  public var layout: Layout
  public var encoding: Encoding
  /// Rows of each part.
  public var rows: [Int]
  /// Values of a row.
  public var rowLength: Int
  /// Parts take turns: each gives its rows in so many equal pieces. Each part's rows are a multiple of it.
  public var turns: Int

  init(ids: [ConstantID], layout: Layout, encoding: Encoding, rows: [Int], rowLength: Int, turns: Int = 1) {
    self.turns = max(1, turns)
    self.ids = ids
    self.layout = layout
    self.encoding = encoding
    self.rows = rows
    self.rowLength = rowLength
  }

  /// One whole constant as it is.
  init(rowMajor id: ConstantID, _ type: TensorType) {
    self.init(
      ids: [id], layout: .rowMajor, encoding: type.encoding, rows: [1], rowLength: type.elementCount.constant ?? 0)
  }

  /// Blocks of a row.
  var blocks: Int { rowLength / max(1, encoding.blockSize) }

  /// Rows of all parts, at most `Int.max`.
  public var totalRows: Int {
    rows.reduce(0) { sum, count in
      let (next, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : next
    }
  }
}

/// Memory a launch uses, by role: a session puts buffers in these places.
public enum BufferReference: Codable, Sendable {
  case input(String)
  case output(String)
  case state(String)
  case constant(PackedConstant)
  /// The pool of a weight of one of ``Plan/expertCaches``.
  case experts(cache: Int, weight: Int)
  /// A table the plan computed: ``Plan/literals``.
  case literal(Int)
  /// An intermediate, before memory is planned.
  case temporary(Int)
  /// All intermediates, once it is.
  case arena
}

/// Names are compared by their bytes: see `Name`.
extension BufferReference: Hashable {
  public static func == (left: BufferReference, right: BufferReference) -> Bool {
    switch (left, right) {
    case (.input(let left), .input(let right)), (.output(let left), .output(let right)),
      (.state(let left), .state(let right)):
      left.hasSameBytes(as: right)
    case (.constant(let left), .constant(let right)): left == right
    case (.experts(let left, let first), .experts(let right, let second)): left == right && first == second
    case (.literal(let left), .literal(let right)), (.temporary(let left), .temporary(let right)): left == right
    case (.arena, .arena): true
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .input(let name): hash(0, name, into: &hasher)
    case .output(let name): hash(1, name, into: &hasher)
    case .state(let name): hash(2, name, into: &hasher)
    case .constant(let constant): hasher.combine(constant)
    case .experts(let cache, let weight):
      hasher.combine(cache)
      hasher.combine(weight)
    case .literal(let index): hasher.combine(index)
    case .temporary(let index): hasher.combine(index)
    case .arena: hasher.combine(4)
    }
  }

  private func hash(_ kind: Int, _ name: String, into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(Name(name))
  }
}

extension TensorType {
  /// Bytes of a value under any bindings. A sparse value has a fixed shape.
  public var byteCount: Dimension {
    if encoding.pattern != nil {
      return Dimension((try? concreteShape([:])).flatMap { try? encoding.byteCount(shape: $0) } ?? 0)
    }
    return elementCount.dividedRoundingUp(by: encoding.blockSize) * Dimension(encoding.blockByteCount)
  }
}

extension BufferReference {
  /// Where a leaf lives; nil for a constant, whose users place it.
  init?(_ leaf: Leaf) {
    switch leaf {
    case .input(let name): self = .input(name)
    case .state(let name): self = .state(name)
    case .constant: return nil
    }
  }
}

/// Where a value lives: a buffer, an offset and a stride an axis, in elements.
package struct TensorView: Hashable, Sendable {
  package var buffer: BufferReference
  package var offset: Dimension
  package var strides: [Dimension]
  package var type: TensorType

  package init(buffer: BufferReference, offset: Dimension = 0, strides: [Dimension]? = nil, type: TensorType) {
    self.buffer = buffer
    self.offset = offset
    self.strides = strides ?? TensorView.rowMajorStrides(type.shape)
    self.type = type
  }

  package static func rowMajorStrides(_ shape: [Dimension]) -> [Dimension] {
    var stride: Dimension = 1
    let strides = shape.reversed().map { extent in
      defer { stride = stride * extent }
      return stride
    }
    return strides.reversed()
  }

  /// Every axis with an extent other than 1 has its row-major stride.
  package var isContiguous: Bool {
    zip(zip(strides, TensorView.rowMajorStrides(type.shape)), type.shape).allSatisfy { $0.0 == $0.1 || $1 == 1 }
  }

  /// The stride of an axis, counted from the first, or from the last if it is negative; 0 for an axis that is not there.
  func stride(_ axis: Int) -> Dimension {
    let index = axis < 0 ? axis &+ strides.count : axis
    return strides[at: index] ?? 0
  }

  /// The last axis is contiguous.
  var hasContiguousRows: Bool { type.rank == 0 || stride(-1) == 1 || type.extent(-1) == 1 }

  /// Axes `first ... last` seen as one; nil if their strides do not allow it.
  func collapsing(_ first: Int, through last: Int) -> TensorView? {
    guard first <= last else { return nil }
    var view = self
    for _ in first..<last {
      guard let merged = view.mergingAxis(first) else { return nil }
      view = merged
    }
    return view
  }

  /// Axes `axis` and `axis + 1` seen as one.
  private func mergingAxis(_ axis: Int) -> TensorView? {
    guard let outer = type.shape[at: axis], let inner = type.shape[at: axis &+ 1] else { return nil }
    let merged: Dimension
    if outer == 1 || (inner != 1 && stride(axis) == stride(axis &+ 1) * inner) {
      merged = stride(axis &+ 1)
    } else if inner == 1 {
      merged = stride(axis)
    } else {
      return nil
    }
    func replacing(_ values: [Dimension], with value: Dimension) -> [Dimension] {
      values.part(from: 0, to: axis) + [value] + values.part(from: axis &+ 2)
    }
    var view = self
    view.strides = replacing(strides, with: merged)
    view.type.shape = replacing(type.shape, with: outer * inner)
    return view
  }
}
