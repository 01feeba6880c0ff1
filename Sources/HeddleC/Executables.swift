import CHeddle
import HeddleExecution
import HeddleGraph
import HeddleTypes
import OpenCLRuntime

final class ExecutableObject: HandleObject {
  static let kind = HandleKind.executable
  let executable: DeviceExecutable
  let context: Context
  /// What can be bound, and its type.
  let types: [TensorPlace: TensorType]

  init(_ executable: DeviceExecutable, context: Context) {
    self.executable = executable
    self.context = context
    types = executable.graph.tensorPlaces
  }
}

@c @implementation
public func heddle_compile(
  _ backend: heddle_backend, _ graph: heddle_graph, _ constants: heddle_constants,
  _ given: UnsafePointer<heddle_compile_options>?, _ executable: UnsafeMutablePointer<heddle_executable>?
) -> heddle_status {
  call("heddle_compile") {
    let backend = try object(backend, BackendObject.self)
    let graph = try object(graph, GraphObject.self).graph
    let store = try constants == 0 ? backend.noConstants : object(constants, ConstantsObject.self).store
    let options = try options(
      given, zero: heddle_compile_options(), minimum: FirstSize.compileOptions, "options")
    let layouts = try layouts(options, of: graph)
    try give("executable", to: executable) {
      ExecutableObject(
        try backend.backend.compileBlocking(
          graph, constants: store, layouts: layouts, cancellation: .interruptible()),
        context: backend.backend.context)
    }
  }
}

private func layouts(
  _ options: heddle_compile_options, of graph: Graph
) throws(Failure) -> [TensorPlace: TensorLayout] {
  let types = options.layout_count == 0 ? [:] : graph.tensorPlaces
  var layouts: [TensorPlace: TensorLayout] = [:]
  // One after the other by hand: each struct is as long as it says.
  var next = UnsafeRawPointer(options.layouts)
  guard (0...65536).contains(options.layout_count) else {
    throw .argument("there are \(UInt(bitPattern: options.layout_count)) layouts, at most 65536 are taken")
  }
  for _ in 0..<options.layout_count {
    guard let pointer = next?.assumingMemoryBound(to: heddle_layout.self) else { throw .null("layouts") }
    let layout = try HeddleC.options(pointer, zero: heddle_layout(), minimum: FirstSize.layout, "a layout")
    let place = try tensorPlace(layout.place, layout.name)
    let strides = try integers(layout.strides, layout.rank, "strides")
    guard let type = types[place] else {
      throw Failure(HEDDLE_INVALID_BINDING, "there is no \(place) in the graph")
    }
    let tensorLayout = TensorLayout(offset: Int(layout.offset), strides: strides)
    if let fault = tensorLayout.fault(for: type, in: graph, isWritten: place.isWritten) {
      throw Failure(HEDDLE_INVALID_DATA, "\(place): \(fault)")
    }
    let known = layouts.updateValue(tensorLayout, forKey: place)
    if known != nil { throw .argument("\(place) has two layouts") }
    next = UnsafeRawPointer(pointer).advanced(by: layout.size)
  }
  return layouts
}

/// The input, output or state that a caller names.
func tensorPlace(_ place: Int32, _ name: UnsafePointer<CChar>?) throws(Failure) -> TensorPlace {
  let name = try text(name, "name")
  switch Int(place) {
  case HEDDLE_INPUT: return .input(name)
  case HEDDLE_OUTPUT: return .output(name)
  case HEDDLE_STATE: return .state(name)
  default: throw .argument("place is \(place), none of HEDDLE_INPUT, HEDDLE_OUTPUT and HEDDLE_STATE")
  }
}

private struct PlanSummary: Encodable {
  var launches: [Int]
  var kernels: [String]
  var constantBytes: Int
  var choices: String
}

@c @implementation
public func heddle_executable_plan(
  _ handle: heddle_executable, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_executable_plan") {
    let executable = try object(handle, ExecutableObject.self).executable
    let summary = PlanSummary(
      launches: executable.plan.lists.map(\.launches.count),
      kernels: Set(executable.plan.lists.flatMap(\.kernels).map(\.variantName)).sorted(),
      constantBytes: executable.constantByteCount, choices: executable.plan.choiceTable())
    try give(try json(summary), buffer, capacity, needed)
  }
}
