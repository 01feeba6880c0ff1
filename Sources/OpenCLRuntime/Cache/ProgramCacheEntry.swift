import HeddleHost

/// One built program: the driver's binary, and the kernels' parameters, which a driver may forget with the source.
///
/// File, little-endian:
///
///     "HEDDLECL"  8 bytes        version  u32      key  32 bytes
///     count of bytes of kernels  u64     kernels
///     count of bytes of binary   u64     binary
///     SHA-256 of all before      32 bytes
struct ProgramCacheEntry: Hashable {
  static let magic = Array("HEDDLECL".utf8)
  static let version: UInt32 = 1
  static let digestBytes = 32
  /// A larger file is not an entry.
  static let largest = 1 << 30

  var key: [UInt8]
  var kernels: [String: [KernelArgument]]
  var binary: [UInt8]

  init(key: [UInt8], kernels: [String: [KernelArgument]], binary: [UInt8]) {
    self.key = key
    self.kernels = kernels
    self.binary = binary
  }

  /// `nil` unless the bytes are a whole, undamaged entry of this key.
  init?(verifying bytes: [UInt8], key: [UInt8]) {
    guard bytes.count > Self.digestBytes else { return nil }
    let body = bytes.dropLast(Self.digestBytes)
    guard Self.digest(body) == Array(bytes.suffix(Self.digestBytes)) else { return nil }
    var reader = ByteReader(body)
    guard reader.bytes(Self.magic.count) == Self.magic, reader.integer(UInt32.self) == Self.version,
      reader.bytes(Self.digestBytes) == key, let kernels = reader.countedBytes(), let binary = reader.countedBytes(),
      reader.isAtEnd, !binary.isEmpty, let decoded = Self.decodeKernels(kernels)
    else { return nil }
    self.init(key: key, kernels: decoded, binary: binary)
  }

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes += Self.magic
    writer.append(Self.version)
    writer.bytes += key
    writer.appendCounted(encodedKernels())
    writer.appendCounted(binary)
    writer.bytes += Self.digest(writer.bytes[...])
    return writer.bytes
  }

  static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  private func encodedKernels() -> [UInt8] {
    var writer = ByteWriter()
    for (name, arguments) in kernels.sorted(by: { $0.key < $1.key }) {
      writer.appendCounted(Array(name.utf8))
      writer.append(UInt32(clamping: arguments.count))
      for argument in arguments {
        writer.bytes += [argument.addressSpace.rawValue, argument.access.rawValue, argument.isConst ? 1 : 0]
        writer.appendCounted(Array(argument.name.utf8))
        writer.appendCounted(Array(argument.typeName.utf8))
      }
    }
    return writer.bytes
  }

  private static func decodeKernels(_ bytes: [UInt8]) -> [String: [KernelArgument]]? {
    var reader = ByteReader(bytes[...])
    var kernels: [String: [KernelArgument]] = [:]
    while !reader.isAtEnd {
      guard let name = reader.countedBytes(), let count = reader.integer(UInt32.self) else { return nil }
      var arguments: [KernelArgument] = []
      for index in 0..<Int(count) {
        guard let spaceCode = reader.integer(UInt8.self), let space = KernelArgument.AddressSpace(rawValue: spaceCode),
          let accessCode = reader.integer(UInt8.self), let access = KernelArgument.Access(rawValue: accessCode),
          let constCode = reader.integer(UInt8.self), let argumentName = reader.countedBytes(),
          let typeName = reader.countedBytes()
        else { return nil }
        arguments.append(
          KernelArgument(
            index: index, name: String(decoding: argumentName, as: UTF8.self),
            typeName: String(decoding: typeName, as: UTF8.self), addressSpace: space, access: access,
            isConst: constCode != 0))
      }
      kernels[String(decoding: name, as: UTF8.self)] = arguments
    }
    return kernels
  }
}
