import Foundation

/// The functions of oneDNN's C interface (3.x) that a matmul with packed weights needs.
///
/// Its objects are opaque pointers; numbers that name types, arguments and queries are the interface's own.
struct OneDNNLibrary {
  /// An object of the library, destroyed with the last reference.
  final class Object {
    fileprivate let pointer: OpaquePointer
    private let destroy: Destroy?
    /// What the object uses.
    private let owners: [Object]

    fileprivate init(_ pointer: OpaquePointer, destroy: Destroy?, owners: [Object] = []) {
      self.pointer = pointer
      self.destroy = destroy
      self.owners = owners
    }

    deinit { _ = destroy?(pointer) }
  }

  private typealias Pointer = OpaquePointer
  private typealias Out = UnsafeMutablePointer<OpaquePointer?>
  fileprivate typealias Destroy = @convention(c) (OpaquePointer?) -> CInt

  enum DataType: CInt {
    case float16 = 1
    case bfloat16 = 2
    case float32 = 3
  }

  private struct ExecuteArgument {
    var kind: CInt
    var memory: OpaquePointer?
  }

  /// `dnnl_format_tag_any`, `_ab`, `_ba`
  enum Format: CInt {
    case any = 1
    case rowMajor = 3
    case transposed = 11
  }

  private let descriptorCreate: @convention(c) (Out, CInt, UnsafePointer<Int64>, CInt, UnsafePointer<Int64>?) -> CInt
  private let descriptorCreateWithTag: @convention(c) (Out, CInt, UnsafePointer<Int64>, CInt, CInt) -> CInt
  private let matmulCreate: @convention(c) (Out, Pointer?, Pointer?, Pointer?, Pointer?, Pointer?, Pointer?) -> CInt
  private let reorderCreate: @convention(c) (Out, Pointer?, Pointer?, Pointer?, Pointer?, Pointer?) -> CInt
  private let primitiveCreate: @convention(c) (Out, Pointer?) -> CInt
  private let queryDescriptor: @convention(c) (Pointer?, CInt, CInt) -> Pointer?
  private let query: @convention(c) (Pointer?, CInt, CInt, UnsafeMutableRawPointer?) -> CInt
  private let memoryCreate: @convention(c) (Out, Pointer?, Pointer?, UnsafeMutableRawPointer?) -> CInt
  private let executePrimitive: @convention(c) (Pointer?, Pointer?, CInt, UnsafeRawPointer?) -> CInt
  private let streamWait: @convention(c) (Pointer?) -> CInt
  private let descriptorDestroy: Destroy
  private let primitiveDescriptionDestroy: Destroy
  private let primitiveDestroy: Destroy
  private let memoryDestroy: Destroy
  private let engine: Object
  private let stream: Object
  let version: String
  let instructionSet: String

  init(_ path: String) throws(PeerAbsence) {
    let library = try DynamicLibrary(path)
    descriptorCreate = try library.function("dnnl_memory_desc_create_with_strides", as: type(of: descriptorCreate))
    descriptorCreateWithTag = try library.function(
      "dnnl_memory_desc_create_with_tag", as: type(of: descriptorCreateWithTag))
    matmulCreate = try library.function("dnnl_matmul_primitive_desc_create", as: type(of: matmulCreate))
    reorderCreate = try library.function("dnnl_reorder_primitive_desc_create", as: type(of: reorderCreate))
    primitiveCreate = try library.function("dnnl_primitive_create", as: type(of: primitiveCreate))
    queryDescriptor = try library.function("dnnl_primitive_desc_query_md", as: type(of: queryDescriptor))
    query = try library.function("dnnl_primitive_desc_query", as: type(of: query))
    memoryCreate = try library.function("dnnl_memory_create", as: type(of: memoryCreate))
    executePrimitive = try library.function("dnnl_primitive_execute", as: type(of: executePrimitive))
    streamWait = try library.function("dnnl_stream_wait", as: type(of: streamWait))
    descriptorDestroy = try library.function("dnnl_memory_desc_destroy", as: Destroy.self)
    primitiveDescriptionDestroy = try library.function("dnnl_primitive_desc_destroy", as: Destroy.self)
    primitiveDestroy = try library.function("dnnl_primitive_destroy", as: Destroy.self)
    memoryDestroy = try library.function("dnnl_memory_destroy", as: Destroy.self)
    let engineCreate = try library.function(
      "dnnl_engine_create", as: (@convention(c) (Out, CInt, Int) -> CInt).self)
    let streamCreate = try library.function(
      "dnnl_stream_create", as: (@convention(c) (Out, Pointer?, CUnsignedInt) -> CInt).self)
    // Kind 1 is the CPU; stream flag 1 is "in order".
    engine = try OneDNNLibrary.made("dnnl_engine_create", nil) { engineCreate($0, 1, 0) }
    let engine = engine
    stream = try OneDNNLibrary.made("dnnl_stream_create", nil) { streamCreate($0, engine.pointer, 1) }
    let versionCall = try library.function(
      "dnnl_version", as: (@convention(c) () -> UnsafePointer<CInt>?).self)
    version = versionCall().map { "\($0[0]).\($0[1]).\($0[2])" } ?? "?"
    let isaCall = try library.function("dnnl_get_effective_cpu_isa", as: (@convention(c) () -> CInt).self)
    instructionSet = OneDNNLibrary.instructionSetName(isaCall())
  }

  private static func instructionSetName(_ value: CInt) -> String {
    switch value {
    case 0x7: "avx2"
    case 0x27: "avx512_core"
    case 0x67: "avx512_core_vnni"
    case 0xE7: "avx512_core_bf16"
    case 0x1EF: "avx512_core_fp16"
    case 0xFEF: "avx512_core_amx"
    default: "isa 0x\(String(value, radix: 16))"
    }
  }

  private static func made(
    _ what: String, _ destroy: Destroy?, owners: [Object] = [], _ create: (Out) -> CInt
  ) throws(PeerAbsence) -> Object {
    var pointer: Pointer?
    let status = create(&pointer)
    guard status == 0, let pointer else { throw PeerAbsence("\(what) gave status \(status)") }
    return Object(pointer, destroy: destroy, owners: owners)
  }

  /// A row-major matrix, one whose transpose is row-major, or one in a layout for the primitive to choose.
  func descriptor(_ rows: Int, _ columns: Int, _ type: DataType, _ format: Format) throws(PeerAbsence) -> Object {
    let extents = [Int64(rows), Int64(columns)]
    if format == .any {
      return try OneDNNLibrary.made("a memory descriptor", descriptorDestroy) {
        descriptorCreateWithTag($0, 2, extents, type.rawValue, format.rawValue)
      }
    }
    let strides = format == .rowMajor ? [Int64(columns), 1] : [1, Int64(rows)]
    return try OneDNNLibrary.made("a memory descriptor", descriptorDestroy) {
      descriptorCreate($0, 2, extents, type.rawValue, strides)
    }
  }

  /// Memory of a layout: the library's own, or the caller's at `address`.
  func memory(_ descriptor: Object, at address: UnsafeMutableRawPointer? = nil) throws(PeerAbsence) -> Object {
    // All ones ask the library to allocate.
    let place = address ?? UnsafeMutableRawPointer(bitPattern: UInt.max)
    return try OneDNNLibrary.made("dnnl_memory_create", memoryDestroy) {
      memoryCreate($0, descriptor.pointer, engine.pointer, place)
    }
  }

  func matmul(_ source: Object, _ weights: Object, _ destination: Object) throws(PeerAbsence) -> Object {
    try OneDNNLibrary.made("dnnl_matmul_primitive_desc_create", primitiveDescriptionDestroy) {
      matmulCreate($0, engine.pointer, source.pointer, weights.pointer, nil, destination.pointer, nil)
    }
  }

  /// The layout a matmul chose for its weights.
  func weightsDescriptor(of matmul: Object) throws(PeerAbsence) -> Object {
    // dnnl_query_weights_md
    guard let descriptor = queryDescriptor(matmul.pointer, 131, 0) else { throw PeerAbsence("no layout of weights") }
    return Object(descriptor, destroy: nil, owners: [matmul])
  }

  /// The name of the kernel a primitive runs: `brg_matmul:avx512_core_bf16`.
  func implementation(of primitive: Object) -> String {
    var name: UnsafePointer<CChar>?
    // dnnl_query_impl_info_str
    guard query(primitive.pointer, 8, 0, &name) == 0, let name else { return "?" }
    return String(cString: name)
  }

  func primitive(_ description: Object) throws(PeerAbsence) -> Object {
    try OneDNNLibrary.made("dnnl_primitive_create", primitiveDestroy) { primitiveCreate($0, description.pointer) }
  }

  /// Copies memory from one layout to another.
  func reorder(
    _ source: Object, _ sourceLayout: Object, to target: Object, _ targetLayout: Object
  ) throws(PeerAbsence) {
    let description = try OneDNNLibrary.made("dnnl_reorder_primitive_desc_create", primitiveDescriptionDestroy) {
      reorderCreate($0, sourceLayout.pointer, engine.pointer, targetLayout.pointer, engine.pointer, nil)
    }
    // DNNL_ARG_FROM, DNNL_ARG_TO
    try execute(try primitive(description), [(1, source), (17, target)])
  }

  /// Runs a primitive and waits for it.
  func execute(_ primitive: Object, _ arguments: [(kind: CInt, memory: Object)]) throws(PeerAbsence) {
    let values = arguments.map { ExecuteArgument(kind: $0.kind, memory: $0.memory.pointer) }
    let status = values.withUnsafeBytes {
      executePrimitive(primitive.pointer, stream.pointer, CInt(arguments.count), $0.baseAddress)
    }
    guard status == 0, streamWait(stream.pointer) == 0 else {
      throw PeerAbsence("dnnl_primitive_execute gave \(status)")
    }
  }
}
