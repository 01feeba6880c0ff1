import HeddleText
import HeddleTypes

/// A tensor of a folder with numbers of one type, and what a model makes of it.
struct HubTensor: Sendable {
  let info: SafetensorsTensor
  let provider: any ConstantProvider
  var shape: [Int] { info.shape }

  init(_ info: SafetensorsTensor, _ provider: any ConstantProvider) {
    self.info = info
    self.provider = provider
  }

  private var encoding: Encoding { info.dtype.encoding ?? .float32 }

  /// Bytes of one number.
  private var size: Int { info.dtype.bitCount / 8 }

  /// The numbers, one after the other.
  var values: [Float] {
    provider.withBytes { bytes in
      (0..<max(0, bytes.count.divided(by: size))).map { ScaleBits.value(bytes, at: $0 &* size, info.dtype) }
    }
  }

  /// The tensor in the pages of its file.
  func asItIs(_ name: String) -> ModelPart {
    ModelPart(
      tensor: ModelTensor(
        name: name, typeName: encoding.typeName, encoding: encoding, shape: shape, offset: info.offset,
        byteCount: info.byteCount), provider: provider)
  }

  private func wrong(_ reason: String) -> HubTensorDefect {
    .wrongShape(tensor: info.name, shape: shape, reason: reason)
  }

  /// The numbers as float32.
  func floats(_ name: String, adding offset: Float? = nil) throws(HubTensorDefect) -> ModelPart {
    if info.dtype == .f32, offset == nil { return asItIs(name) }
    let count: Int
    do { count = try Encoding.float32.byteCount(shape: shape) } catch { throw wrong("\(error)") }
    return ModelPart(name, .float32, shape, byteCount: count) {
      let stored = self.values
      let sums = offset.map { offset in stored.map { $0 + offset } }
      return (sums ?? stored).withUnsafeBytes { Array($0) }
    }
  }

  /// A vector as float32, with a number added to each of it.
  func vector(_ name: String, adding offset: Float) throws(HubTensorDefect) -> ModelPart {
    guard shape.count == 1 else { throw wrong("a vector is needed") }
    return try floats(name, adding: offset)
  }

  /// A matrix whose columns are its rows.
  func transposed(_ name: String) throws(HubTensorDefect) -> ModelPart {
    guard shape.count == 2, let rows = shape.first, let columns = shape.last else { throw wrong("a matrix is needed") }
    let isWide = info.dtype == .f32
    return ModelPart(name, encoding, [columns, rows], byteCount: info.byteCount) {
      provider.withBytes { bytes in
        isWide
          ? Self.transposed(bytes, rows, columns, of: UInt32.self)
          : Self.transposed(bytes, rows, columns, of: UInt16.self)
      }
    }
  }

  /// Numbers of a matrix by their bits, column by column.
  private static func transposed<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ rows: Int, _ columns: Int, of type: Bits.Type
  ) -> [UInt8] {
    let size = MemoryLayout<Bits>.size
    var result: [Bits] = []
    // Traps: never (count-in-memory).
    result.reserveCapacity(bytes.count.divided(by: size))
    for column in 0..<max(0, columns) {
      for row in 0..<max(0, rows) {
        result.append(Bits(littleEndian: bytes.littleEndian(at: (row &* columns &+ column) &* size)))
      }
    }
    return result.withUnsafeBytes { Array($0) }
  }

  /// Fused rows of queries, keys and values, all queries first: see ``RowOrder/separated(rows:heads:groups:)``.
  func separated(_ name: String, heads: Int, groups: Int) throws(HubTensorDefect) -> ModelPart {
    guard let rows = shape.first, shape.count <= 2, !shape.contains(0),
      let order = RowOrder.separated(rows: rows, heads: heads, groups: groups)
    else { throw wrong("its rows are not those of \(heads) queries, and of \(groups) keys and values") }
    let source = provider
    let sorted = ModelPart(name, encoding, shape, byteCount: info.byteCount) {
      source.withBytes { order.applied(to: $0) }
    }
    guard shape.count == 1 else { return sorted }
    let tensor = HubTensor(info, sorted.provider)
    return info.dtype == .f32 ? sorted : try tensor.floats(name)
  }
}

/// Vectors that become one matrix, a row each.
struct HubStack {
  let name: String
  let order: [Int]
  fileprivate(set) var rows: [(number: Int, tensor: HubTensor)] = []

  func part() throws(HubTensorDefect) -> ModelPart {
    let rows = rows.sorted { $0.number < $1.number }
    guard let first = rows.first?.tensor, first.shape.count == 1, let width = first.shape.first else {
      throw .missing(name)
    }
    for (place, row) in rows.enumerated() {
      guard row.number == place else { throw .missing("\(name), part \(place)") }
      guard row.tensor.shape == first.shape else {
        throw .wrongShape(tensor: row.tensor.info.name, shape: row.tensor.shape, reason: "\(first.shape) is needed")
      }
    }
    let shape = [rows.count, width]
    let count: Int
    do { count = try Encoding.float32.byteCount(shape: shape) } catch {
      throw .wrongShape(tensor: name, shape: shape, reason: "\(error)")
    }
    return ModelPart(name, .float32, shape, byteCount: count) {
      rows.flatMap { $0.tensor.values.withUnsafeBytes { Array($0) } }
    }
  }
}

/// What is being stacked, by the model's names.
struct HubStacks {
  private var stacks: NameTable<HubStack> = [:]

  mutating func add(_ tensor: HubTensor, number: Int, to name: String, order: [Int]) {
    stacks[name, default: HubStack(name: name, order: order)].rows.append((number, tensor))
  }

  /// In the order of names.
  var all: [HubStack] { stacks.sorted { Name($0.key) < Name($1.key) }.map(\.value) }
}
