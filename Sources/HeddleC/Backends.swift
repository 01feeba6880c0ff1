import CHeddle
import HeddleGraph
import HeddleOpenCL
import HeddleTypes
import OpenCLRuntime

final class BackendObject: HandleObject {
  static let kind = HandleKind.backend
  let backend: OpenCLBackend
  /// What graphs without constants are compiled with: always the same, so that they are found again.
  let noConstants = ConstantStore()

  init(_ backend: OpenCLBackend) { self.backend = backend }
}

@c @implementation
public func heddle_backend_create(
  _ given: UnsafePointer<heddle_backend_options>?, _ backend: UnsafeMutablePointer<heddle_backend>?
) -> heddle_status {
  call("heddle_backend_create") {
    let options = try options(
      given, zero: heddle_backend_options(), minimum: FirstSize.backendOptions, "options")
    try give("backend", to: backend) {
      let cache = try cache(options)
      let tuning = try tuning(options)
      let numerics = try numerics(options)
      return BackendObject(
        OpenCLBackend(context: try context(options), cache: cache, tuning: tuning, numerics: numerics))
    }
  }
}

private func context(_ options: heddle_backend_options) throws -> Context {
  guard options.memory_budget <= UInt64(Int.max) else {
    throw Failure.argument("memory_budget is \(options.memory_budget), more than there can be")
  }
  let budget = options.memory_budget == 0 ? nil : Int(options.memory_budget)
  let query = try optionalText(options.device, "device")
  guard let context = options.opencl_context else {
    guard options.opencl_device == nil else {
      throw Failure.argument("opencl_device is of an opencl_context, and there is none; name a device by `device`")
    }
    return try Context(device: try Device.select(query), budgetBytes: budget)
  }
  guard query == nil else {
    throw Failure.argument("with an opencl_context the device is opencl_device, not '\(query ?? "")'")
  }
  return try Context(
    adopting: OpaquePointer(context), device: options.opencl_device.map { OpaquePointer($0) }, budgetBytes: budget)
}

private func cache(_ options: heddle_backend_options) throws -> ProgramCache? {
  guard let folder = try optionalText(options.cache_folder, "cache_folder") else { return .standard }
  return folder.isEmpty ? nil : ProgramCache(directory: folder)
}

private func tuning(_ options: heddle_backend_options) throws(Failure) -> Tuning {
  switch Int(options.tuning) {
  case HEDDLE_TUNING_RECORDED: return .recorded
  case HEDDLE_TUNING_OFF: return .off
  default: throw .argument("tuning is \(options.tuning), none of HEDDLE_TUNING_…")
  }
}

private func numerics(_ options: heddle_backend_options) throws(Failure) -> Numerics {
  switch Int(options.numerics) {
  case HEDDLE_NUMERICS_EXACT: return .exact
  case HEDDLE_NUMERICS_RELAXED: return .relaxed
  default: throw .argument("numerics is \(options.numerics), none of HEDDLE_NUMERICS_…")
  }
}

private struct BackendState: Encodable {
  var device: String
  var deviceBytes: Int
  var budgetBytes: Int
  var buildCount: Int
  var allocationCount: Int
}

@c @implementation
public func heddle_backend_state(
  _ handle: heddle_backend, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_backend_state") {
    let backend = try object(handle, BackendObject.self).backend
    let state = BackendState(
      device: backend.deviceName, deviceBytes: backend.deviceByteCount, budgetBytes: backend.budgetByteCount,
      buildCount: backend.buildCount, allocationCount: backend.allocationCount)
    try give(try json(state), buffer, capacity, needed)
  }
}

@c @implementation
public func heddle_backend_supports(
  _ handle: heddle_backend, _ graph: heddle_graph, _ supported: UnsafeMutablePointer<Int32>?,
  _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_backend_supports") {
    let backend = try object(handle, BackendObject.self).backend
    let graph = try object(graph, GraphObject.self).graph
    guard let supported else { throw Failure.null("supported") }
    var reason = ""
    do {
      _ = try backend.plan(graph)
    } catch let error as PlanError {
      reason = "\(error)"
    }
    try give(reason, buffer, capacity, needed)
    supported.pointee = reason.isEmpty ? 1 : 0
  }
}
