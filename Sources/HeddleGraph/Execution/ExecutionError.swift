import HeddleText

/// What can be wrong with one run, on any backend.
public enum ExecutionError: Error, Hashable, Sendable {
  case missingInput(String, TensorType)
  case unknownInput(String, known: [String])
  case unknownOutput(String, known: [String])
  case inputType(String, expected: TensorType, got: TensorSummary)
  case conflictingBinding(Symbol, Int, Int, input: String)
  case sessionBinding(Symbol, session: Int, run: Int)
  case unknownSymbol(Symbol, known: [Symbol])
  case binding(TypeError)
  /// A caller's memory that a run cannot use: too small, or of another shape than the run's.
  case boundMemory(String, expected: String, got: String)
  /// A tensor or a caller's memory with an extent that no run can have: what the extent is called, its value, and the
  /// values it may take.
  case extent(String, value: Int, allowed: ClosedRange<Int>, place: String, expected: TensorType, shape: [Int])
  case capacityExceeded(String, needed: Int, capacity: Int)
  /// The graph has no such input, state or output.
  case unknownPlace(TensorPlace, known: [TensorPlace])
  /// What is written there cannot be, or what is read cannot be.
  case access(TensorPlace, KernelAccess)
  /// Offset and strides that the memory of a place cannot have, and why.
  case layout(TensorPlace, reason: String)
  /// Device memory whose elements lie otherwise than the executable was compiled for: kernels use it as it is.
  case otherLayout(TensorPlace, compiled: TensorLayout?, got: TensorLayout)
  /// What the host's memory is bound to cannot be written or read through the session.
  case boundToHost(TensorPlace)
  /// A place that was compiled for a layout has no row-major bytes, and no memory of the session's own.
  case notRowMajor(TensorPlace)
  /// More bytes are asked for than a place has.
  case byteCount(TensorPlace, asked: Int, available: Int)
  /// No command list was planned for these values of the symbols.
  case notPlanned(Bindings)
  /// More work-groups along an axis of a launch than the device takes.
  case grid(String, groups: [Int], limits: [Int])
  /// The tokens of a run choose more experts of one ``MatMulByExpert`` than may be on the device at a time.
  case expertsExceeded(needed: Int, resident: Int)
  case deadlineExceeded
  case sessionBusy
  /// A callback wants to run a step while the step that called it has the driver for itself.
  case driverBusy
  case sessionUnusable
  case unsupported(String, reason: String, Origin)
}

extension ExecutionError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missingInput(let name, let type): "the input '\(name)' (\(type)) is missing"
    case .unknownInput(let name, let known): "there is no input '\(name)'; the graph has \(known.sorted())"
    case .unknownOutput(let name, let known): "there is no output '\(name)'; the graph has \(known.sorted())"
    case .inputType(let name, let expected, let got): "the input '\(name)' must be \(expected), got \(got)"
    case .conflictingBinding(let symbol, let first, let second, let input):
      "\(symbol) is \(first), but the input '\(input)' makes it \(second)"
    case .sessionBinding(let symbol, let session, let run):
      "the session was made with \(symbol) = \(session), the run gives \(run)"
    case .unknownSymbol(let symbol, let known): "there is no symbol '\(symbol)'; the graph has \(known.sorted())"
    case .binding(let error): error.description
    case .boundMemory(let place, let expected, let got):
      "\(place) must be \(expected), the memory bound to it is \(got)"
    case .extent(let name, let value, let allowed, let place, let expected, let shape):
      "\(name) would be \(value); "
        + (allowed.lowerBound == allowed.upperBound
          ? "it is \(allowed.lowerBound) here" : "the graph allows \(allowed.lowerBound)...\(allowed.upperBound)")
        + " (\(place) is \(expected), got shape \(shape))"
    case .capacityExceeded(let what, let needed, let capacity):
      "\(what) needs \(needed) rows, the session has \(capacity): make the session with a greater capacity"
    case .unknownPlace(let place, let known):
      "the graph has no \(place); it has \(known.map { "\($0)" }.sorted().joined(separator: ", "))"
    case .access(let place, let access):
      "\(place) is \(place.isWritten ? "written" : "read"), and the memory bound to it is \(access.text)"
    case .layout(let place, let reason): "\(place): \(reason)"
    case .otherLayout(let place, let compiled, let got):
      "device memory is used in place, and \(place) was compiled "
        + (compiled.map { "for offset \($0.offset) and strides \($0.strides)" } ?? "for row-major elements")
        + ", not for strides \(got.strides)\(got.offset == 0 ? "" : " and offset \(got.offset)"): compile with a layout of these"
    case .boundToHost(let place): "\(place) is bound to the host's memory: look there, and write there"
    case .notRowMajor(let place):
      "\(place) was compiled for a layout: bind memory to it; it has no row-major bytes of the session's own"
    case .byteCount(let place, let asked, let available):
      "\(asked) bytes of \(place) were asked for, it has \(available)"
    case .notPlanned(let bindings):
      "the executable was not compiled for "
        + bindings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    case .grid(let kernel, let groups, let limits):
      "'\(kernel)' needs \(groups) work-groups, the device takes \(limits.map { $0 == .max ? "any number" : "\($0)" })"
    case .expertsExceeded(let needed, let resident):
      "the tokens of the run choose \(needed) experts, \(resident) may be on the device at a time: run fewer tokens at once"
    case .deadlineExceeded: "the run passed its deadline"
    case .sessionBusy: "the session is running another step; a session runs one at a time"
    case .driverBusy: "this thread is inside a step, and the driver runs one at a time: run the other when it is done"
    case .sessionUnusable: "an earlier step failed while it overwrote the session's states; reset the session"
    case .unsupported(let name, let reason, let origin):
      "\(origin.description.isEmpty ? "" : "\(origin): ")\(name) is not supported: \(reason)"
    }
  }
}

extension KernelAccess {
  /// As it stands in a sentence.
  fileprivate var text: String {
    switch self {
    case .readWrite: "readable and writable"
    case .readOnly: "read-only"
    case .writeOnly: "write-only"
    }
  }
}

extension ExecutionError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    // The memory's own shape is wrong, whatever the symbols are.
    case .extent where isWrongShape: .invalidData
    case .missingInput, .unknownInput, .unknownOutput, .conflictingBinding, .sessionBinding, .unknownSymbol, .binding,
      .extent, .capacityExceeded, .expertsExceeded, .unknownPlace, .boundToHost, .notRowMajor, .notPlanned:
      .invalidBinding
    case .inputType, .boundMemory, .access, .layout, .otherLayout, .byteCount: .invalidData
    case .deadlineExceeded: .deadline
    case .sessionBusy, .driverBusy: .busy
    case .sessionUnusable: .unusable
    case .unsupported, .grid: .unsupported
    }
  }
}
