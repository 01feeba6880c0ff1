import CHeddle
import HeddleFormats
import HeddleText
import HeddleTypes

@c @implementation
public func heddle_encoding_byte_count(
  _ encoding: UnsafePointer<CChar>?, _ shape: UnsafePointer<Int64>?, _ rank: Int,
  _ byteCount: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_encoding_byte_count") {
    let encoding = try Encoding(named: try text(encoding, "encoding"))
    let shape = try integers(shape, rank, "shape")
    guard let byteCount else { throw Failure.null("byte_count") }
    byteCount.pointee = try encoding.byteCount(shape: shape)
  }
}

final class ConstantsObject: HandleObject {
  static let kind = HandleKind.constants
  let store: ConstantStore

  init(_ store: ConstantStore) { self.store = store }
}

/// Bytes of the caller, given back when nobody has them any more.
private final class BorrowedBytes: ConstantProvider, @unchecked Sendable {
  private let bytes: UnsafeRawBufferPointer
  private let release: heddle_release_callback
  private let context: UnsafeMutableRawPointer?

  /// From here on `release` is called once, whatever happens.
  init(_ bytes: UnsafeRawBufferPointer, _ release: heddle_release_callback, _ context: UnsafeMutableRawPointer?) {
    self.bytes = bytes
    self.release = release
    self.context = context
  }

  deinit { release(context) }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result { try body(bytes) }
}

@c @implementation
public func heddle_constants_create(_ constants: UnsafeMutablePointer<heddle_constants>?) -> heddle_status {
  call("heddle_constants_create") {
    try give("constants", to: constants) { ConstantsObject(ConstantStore()) }
  }
}

@c @implementation
public func heddle_constants_open(
  _ path: UnsafePointer<CChar>?, _ constants: UnsafeMutablePointer<heddle_constants>?
) -> heddle_status {
  call("heddle_constants_open") {
    let path = try text(path, "path")
    try give("constants", to: constants) { ConstantsObject(try store(at: path)) }
  }
}

/// The tensors of a model file, or of a safetensors file that somebody else wrote.
private func store(at path: String) throws -> ConstantStore {
  do throws(ModelFileError) {
    return try ModelFile(path: path).constantStore()
  } catch {
    guard case .notAModel(_, .missingEntry) = error else { throw error }
    return try SafetensorsFile(path: path).constantStore()
  }
}

@c @implementation
public func heddle_constants_add(
  _ constants: heddle_constants, _ name: UnsafePointer<CChar>?, _ encoding: UnsafePointer<CChar>?,
  _ shape: UnsafePointer<Int64>?, _ rank: Int, _ data: UnsafeRawPointer?, _ byteCount: Int,
  _ release: heddle_release_callback?, _ context: UnsafeMutableRawPointer?
) -> heddle_status {
  // Before anything can fail: the caller's memory is given back on every path.
  let bytes = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : max(0, byteCount))
  var borrowed = release.map { BorrowedBytes(bytes, $0, context) }
  return call("heddle_constants_add") {
    // Gone before an error is remembered: what `release` calls may have errors of its own.
    defer { borrowed = nil }
    let store = try object(constants, ConstantsObject.self).store
    let id = ConstantID(try text(name, "name"))
    let encodingName = try text(encoding, "encoding")
    let encoding = try Encoding(named: encodingName)
    let shape = try integers(shape, rank, "shape")
    guard byteCount >= 0 else {
      throw Failure.argument("byte_count is \(UInt(bitPattern: byteCount)), more than there can be")
    }
    if data == nil, byteCount > 0 { throw Failure.null("data") }
    if let borrowed {
      try store.add(id, encoding: encoding, shape: shape, provider: borrowed)
    } else {
      // What would be refused is not copied.
      let expected = try encoding.byteCount(shape: shape)
      guard byteCount == expected else {
        throw TypeError.wrongByteCount(expected: expected, got: byteCount, TensorSummary(encoding, shape))
      }
      try store.add(id, Tensor(encoding: encoding, shape: shape, bytes: Array(bytes)))
    }
  }
}

@c @implementation
public func heddle_constants_save(_ constants: heddle_constants, _ path: UnsafePointer<CChar>?) -> heddle_status {
  call("heddle_constants_save") {
    let store = try object(constants, ConstantsObject.self).store
    let path = try text(path, "path")
    try CallerExecutor.run { try await store.write(to: path) }
  }
}

@c @implementation
public func heddle_constants_list(
  _ constants: heddle_constants, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_constants_list") {
    let store = try object(constants, ConstantsObject.self).store
    var list = JSONText()
    try list.object { text in
      for id in store.ids {
        let entry = try store.entry(id)
        text.key(id.name)
        text.object {
          $0.key("encoding")
          $0.string(entry.encoding.name)
          $0.key("shape")
          $0.array { for extent in entry.shape { $0.integer(extent) } }
        }
      }
    }
    try give(list.text, buffer, capacity, needed)
  }
}
