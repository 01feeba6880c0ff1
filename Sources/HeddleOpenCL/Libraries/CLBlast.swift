import HeddleExecution
import HeddleText
import OpenCLRuntime
import Synchronization

#if CLBlast
  import CCLBlast
#endif

/// The library of that name, if the package's trait is enabled.
///
/// It builds a program of its own for each function and context when the function is first called: ``prepare(_:_:)`` does
/// that. (A driver may still compile a kernel of it when that is first launched, as it may ours.) It keeps these programs,
/// and so their contexts, until the last ``Use`` ends. What copies of operands it needs it allocates by itself, beside
/// the memory budget; they go with the launches that read them.
enum CLBlast {
  /// What plans call it, and the feature of a target that has it.
  static let name = TargetProfile.clblast

  #if CLBlast
    static let isAvailable = true
    /// Of the headers.
    static let version = "\(CLBLAST_VERSION_MAJOR).\(CLBLAST_VERSION_MINOR).\(CLBLAST_VERSION_PATCH)"
  #else
    static let isAvailable = false
    static let version = "none"
  #endif

  /// A context that uses the library. With the last one the library's programs go.
  final class Use: Sendable {
    private static let count = Mutex(0)

    init() { Self.count.withLock { $0 &+= 1 } }

    deinit {
      Self.count.withLock { count in
        count &-= 1
        #if CLBlast
          if count == 0 { _ = CLBlastClearCache() }
        #endif
      }
    }
  }

  /// Makes the library build its program for a function: it multiplies one number by one.
  static func prepare(_ call: LibraryCall, _ context: Context) throws {
    let queue = try CommandQueue(context: context)
    let buffers = try (0..<3).map { _ in try Buffer(context: context, byteCount: 16) }
    for buffer in buffers { try queue.fill(buffer, pattern: [0, 0, 0, 0], byteCount: 16) }
    let arguments = CLBlastProduct.Arguments(
      tokens: 1, outputs: 1, inputs: 1, batches: 1, x: .init(offset: 0, leading: 1, batchStride: 0),
      w: .init(offset: 0, leading: 1, batchStride: 0), y: .init(offset: 0, leading: 1, batchStride: 1))
    _ = try CLBlastProduct(call).enqueue(buffers, arguments, on: queue, event: false)
    try queue.finish()
  }
}

/// A launch that calls `sgemm` or `sgemm_strided_batched`.
struct CLBlastProduct: DeviceCall {
  struct Matrix {
    var offset: Int
    var leading: Int
    var batchStride: Int
  }

  struct Arguments {
    var tokens: Int
    var outputs: Int
    var inputs: Int
    var batches: Int
    var x: Matrix
    var w: Matrix
    var y: Matrix
  }

  let isBatched: Bool
  let xIsTransposed: Bool
  let wIsTransposed: Bool
  /// Where the parameters are in the launch's block.
  private let positions: [String: Int]

  init(_ call: LibraryCall) throws(LibraryError) {
    guard call.library == CLBlast.name else { throw .unknownFunction("\(call.library) \(call.variantName)") }
    guard CLBlast.isAvailable else { throw .missing("CLBlast", trait: "CLBlast") }
    switch call.function {
    case "clblast_sgemm": isBatched = false
    case "clblast_sgemm_strided_batched": isBatched = true
    default: throw .unknownFunction(call.variantName)
    }
    xIsTransposed = call.flags.contains("X_TRANSPOSED")
    wIsTransposed = call.flags.contains("W_TRANSPOSED")
    positions = Dictionary(
      call.parameters.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The arguments from a launch's block of parameters.
  func arguments(_ block: some Collection<Int64>) throws(LibraryError) -> Arguments {
    let values = Array(block)
    func value(_ name: String) throws(LibraryError) -> Int {
      guard let value = positions[name].flatMap({ values[at: $0] }).map({ Int($0) }) else {
        throw .unknownFunction("parameter \(name)")
      }
      guard (0...Int(Int32.max)).contains(value) else {
        throw .tooLarge(function: function, parameter: name, value: value)
      }
      return value
    }
    func matrix(_ name: String) throws(LibraryError) -> Matrix {
      Matrix(
        offset: try value("\(name)_offset"), leading: try value("\(name)_leading"),
        batchStride: try value("\(name)_batch_stride"))
    }
    let a = Arguments(
      tokens: try value("tokens"), outputs: try value("outputs"), inputs: try value("inputs"),
      batches: try value("batches"), x: try matrix("x"), w: try matrix("w"), y: try matrix("y"))
    let x = xIsTransposed ? (a.inputs, a.tokens) : (a.tokens, a.inputs)
    let w = wIsTransposed ? (a.outputs, a.inputs) : (a.inputs, a.outputs)
    try checkEnd("x", a.x, rows: x.0, columns: x.1, batches: a.batches)
    try checkEnd("w", a.w, rows: w.0, columns: w.1, batches: a.batches)
    try checkEnd("y", a.y, rows: a.tokens, columns: a.outputs, batches: a.batches)
    return a
  }

  /// The library's kernels compute places in 31 bits, and a view may span more than it has elements.
  private func checkEnd(
    _ name: String, _ matrix: Matrix, rows: Int, columns: Int, batches: Int
  ) throws(LibraryError) {
    if rows == 0 || columns == 0 || batches == 0 { return }
    // All are below 2³¹, so the sum is below 2⁶³.
    let end = matrix.offset &+ (batches &- 1) &* matrix.batchStride &+ (rows &- 1) &* matrix.leading &+ columns
    guard end <= Int(Int32.max) else {
      throw .tooLarge(function: function, parameter: "the end of \(name)", value: end)
    }
  }

  private var function: String { isBatched ? "CLBlastSgemmStridedBatched" : "CLBlastSgemm" }

  func enqueue(
    _ memories: [any DeviceMemory], _ block: UnsafeBufferPointer<Int64>, on queue: any DeviceQueue,
    event: Bool
  ) throws -> (any DeviceEvent)? {
    let arguments = try arguments(block)
    if arguments.tokens == 0 || arguments.outputs == 0 || arguments.batches == 0 { return nil }
    guard let queue = queue as? CommandQueue else { throw OpenCLError.foreignContext("a queue of another runtime") }
    return try enqueue(try memories.map { try $0.buffer }, arguments, on: queue, event: event)
  }

  /// Enqueues the product of buffers x and w into y. No extent may be zero.
  func enqueue(_ buffers: [Buffer], _ arguments: Arguments, on queue: CommandQueue, event: Bool) throws -> Event? {
    #if CLBlast
      guard buffers.count == 3 else { throw LibraryError.unknownFunction(function) }
      let (x, w, y) = (buffers[0].handle, buffers[1].handle, buffers[2].handle)
      let a = arguments
      let xForm = xIsTransposed ? CLBlastTransposeYes : CLBlastTransposeNo
      let wForm = wIsTransposed ? CLBlastTransposeYes : CLBlastTransposeNo
      do {
        if isBatched {
          return try queue.enqueue("CLBlastSgemmStridedBatched", "\(a)", event: event) { handle, created in
            var handle: cl_command_queue? = handle
            return CLBlastSgemmStridedBatched(
              CLBlastLayoutRowMajor, xForm, wForm, a.tokens, a.outputs, a.inputs, 1, x, a.x.offset, a.x.leading,
              a.x.batchStride, w, a.w.offset, a.w.leading, a.w.batchStride, 0, y, a.y.offset, a.y.leading,
              a.y.batchStride, a.batches, &handle, created
            ).rawValue
          }
        }
        return try queue.enqueue("CLBlastSgemm", "\(a)", event: event) { handle, created in
          var handle: cl_command_queue? = handle
          return CLBlastSgemm(
            CLBlastLayoutRowMajor, xForm, wForm, a.tokens, a.outputs, a.inputs, 1, x, a.x.offset, a.x.leading, w,
            a.w.offset, a.w.leading, 0, y, a.y.offset, a.y.leading, &handle, created
          ).rawValue
        }
      } catch {
        throw CLBlastStatus.named(error)
      }
    #else
      throw LibraryError.missing("CLBlast", trait: "CLBlast")
    #endif
  }
}
