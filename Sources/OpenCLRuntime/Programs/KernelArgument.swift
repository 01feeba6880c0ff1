/// One parameter of a kernel, as its source declares it.
public struct KernelArgument: Hashable, Sendable {
  public enum AddressSpace: UInt8, Hashable, Sendable {
    case global, local, constant, `private`
    /// The driver does not say. Only the driver itself checks such an argument.
    case unknown
  }

  /// The access qualifier of an image; everything else has none.
  public enum Access: UInt8, Hashable, Sendable {
    case none, readOnly, writeOnly, readWrite
  }

  public var index: Int
  /// Empty when the driver does not say.
  public var name: String
  /// As in the source, such as `float*` or `uint4`; empty when the driver does not say.
  public var typeName: String
  public var addressSpace: AddressSpace
  public var access: Access
  public var isConst: Bool

  init(
    index: Int, name: String = "", typeName: String = "", addressSpace: AddressSpace = .unknown, access: Access = .none,
    isConst: Bool = false
  ) {
    self.index = index
    self.name = name
    self.typeName = typeName
    self.addressSpace = addressSpace
    self.access = access
    self.isConst = isConst
  }

  /// Whether the driver described the parameter.
  public var isDescribed: Bool { addressSpace != .unknown }

  var isPointer: Bool { typeName.hasSuffix("*") }

  /// Bytes of a by-value argument, where the type is one of OpenCL C's own; `nil` for structures and pointers.
  public var byteCount: Int? { layout?.byteCount }

  var layout: ScalarLayout? { addressSpace == .private ? ScalarLayout(typeName: typeName) : nil }
}

extension KernelArgument: CustomStringConvertible {
  public var description: String {
    if !isDescribed { return "an argument the driver does not describe" }
    let space = addressSpace == .private ? "" : "__\(addressSpace) "
    return "\(space)\(isConst ? "const " : "")\(typeName.isEmpty ? "?" : typeName) \(name)"
  }
}

/// The size and the kind of OpenCL C's scalar and vector types. (`size_t` and `bool` may not be kernel arguments.)
struct ScalarLayout: Hashable {
  enum Kind: Hashable { case integer, floating }

  var byteCount: Int
  var kind: Kind

  init?(typeName: String) {
    let words = typeName.split(separator: " ").filter { $0 != "const" && $0 != "volatile" && $0 != "__private" }
    let name = words.joined(separator: " ")
    let base = name.last?.isNumber == true ? String(name.reversed().drop { $0.isNumber }.reversed()) : name
    let lanes = name.count == base.count ? 1 : Int(name.dropFirst(base.count)) ?? 0
    guard let (bytes, kind) = Self.scalar(base), [1, 2, 3, 4, 8, 16].contains(lanes) else { return nil }
    byteCount = bytes &* (lanes == 3 ? 4 : lanes)
    self.kind = kind
  }

  private static func scalar(_ name: String) -> (Int, Kind)? {
    switch name {
    case "char", "uchar", "unsigned char", "signed char": (1, .integer)
    case "short", "ushort", "unsigned short": (2, .integer)
    case "int", "uint", "unsigned int", "unsigned": (4, .integer)
    case "long", "ulong", "unsigned long": (8, .integer)
    case "half": (2, .floating)
    case "float": (4, .floating)
    case "double": (8, .floating)
    default: nil
    }
  }

  /// The kind of a Swift type, where it is certain.
  static func kind<T>(of type: T.Type) -> Kind? {
    if type == Float.self || type == Double.self { return .floating }
    #if !(os(macOS) && arch(x86_64))
      if type == Float16.self { return .floating }
    #endif
    if type == Int32.self || type == UInt32.self || type == Int.self || type == UInt.self || type == Int64.self
      || type == UInt64.self || type == Int8.self || type == UInt8.self
    {
      return .integer
    }
    // 16-bit integers carry halves on machines without the type.
    return nil
  }
}
