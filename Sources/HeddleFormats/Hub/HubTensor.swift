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

  var encoding: Encoding { info.dtype.encoding ?? .float32 }

  /// Bytes of one number.
  var size: Int { info.dtype.bitCount / 8 }

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

  func wrong(_ reason: String) -> HubTensorDefect {
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

  /// Rows of latents `[H · (plain + values), C]`: of each head those that make keys, `[H, C, plain]`.
  func latentKeys(_ name: String, heads: Int, plain: Int, values: Int) throws(HubTensorDefect) -> ModelPart {
    let latent = try lengthOfLatents(heads, plain, values)
    let (source, isWide, size) = (provider, info.dtype == .f32, size)
    return ModelPart(
      name, encoding, [heads, latent, plain], byteCount: heads &* plain &* latent &* size
    ) {
      source.withBytes { bytes in
        (0..<max(0, heads)).flatMap { head in
          let start = head &* (plain &+ values) &* latent &* size
          let rows = UnsafeRawBufferPointer(rebasing: bytes.part(from: start, to: start &+ plain &* latent &* size))
          return isWide
            ? Self.transposed(rows, plain, latent, of: UInt32.self)
            : Self.transposed(rows, plain, latent, of: UInt16.self)
        }
      }
    }
  }

  /// Rows of latents `[H · (plain + values), C]`: of each head those that make values, `[H, values, C]`.
  func latentValues(_ name: String, heads: Int, plain: Int, values: Int) throws(HubTensorDefect) -> ModelPart {
    let latent = try lengthOfLatents(heads, plain, values)
    let (source, row) = (provider, latent &* size)
    return ModelPart(name, encoding, [heads, values, latent], byteCount: heads &* values &* row) {
      source.withBytes { bytes in
        (0..<max(0, heads)).flatMap { head in
          let start = (head &* (plain &+ values) &+ plain) &* row
          return Array(bytes.part(from: start, to: start &+ values &* row))
        }
      }
    }
  }

  /// C, where there are as many rows as heads of such lengths have.
  private func lengthOfLatents(_ heads: Int, _ plain: Int, _ values: Int) throws(HubTensorDefect) -> Int {
    guard shape.count == 2, let latent = shape.last, shape.first == heads &* (plain &+ values) else {
      throw wrong("\(heads) heads have \(plain) rows for keys and \(values) for values")
    }
    return latent
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
  static func transposed<Bits: FixedWidthInteger & BitwiseCopyable>(
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
