import CHeddle
import HeddleGraph
import HeddleOpenCL
import HeddleTypes
import OpenCLRuntime

@c @implementation
public func heddle_session_create(
  _ executable: heddle_executable, _ given: UnsafePointer<heddle_session_options>?,
  _ session: UnsafeMutablePointer<heddle_session>?
) -> heddle_status {
  call("heddle_session_create") {
    let executable = try object(executable, ExecutableObject.self)
    let options = try options(
      given, zero: heddle_session_options(), minimum: FirstSize.sessionOptions, "options")
    let bindings = try bindings(options.symbols, options.symbol_count)
    try give("session", to: session) {
      guard let queue = options.opencl_queue else {
        return SessionObject(executable, try executable.executable.makeSession(bindings))
      }
      let adopted = try CommandQueue(adopting: OpaquePointer(queue), context: executable.context)
      return SessionObject(executable, try executable.executable.makeSession(bindings, on: adopted))
    }
  }
}

@c @implementation
public func heddle_session_bind(
  _ handle: heddle_session, _ place: Int32, _ name: UnsafePointer<CChar>?, _ memory: UnsafePointer<heddle_memory>?,
  _ copied: UnsafeMutablePointer<Int32>?
) -> heddle_status {
  call("heddle_session_bind") {
    let session = try object(handle, SessionObject.self)
    let place = try tensorPlace(place, name)
    var bound: BoundMemory?
    if let memory {
      let memory = try options(
        memory, zero: heddle_memory(), minimum: FirstSize.memory, "memory")
      bound = try ForeignMemory(memory).bound(to: place, in: session)
    }
    let residence = try session.bind(place, bound, owner: nil)
    copied?.pointee = residence == .copied ? 1 : 0
  }
}

extension SessionObject {
  /// The type of something that can be bound.
  func type(of place: TensorPlace) throws(ExecutionError) -> TensorType {
    guard let type = executable.types[place] else {
      throw .unknownPlace(place, known: Array(executable.types.keys))
    }
    return type
  }

  /// Binds, and keeps the new memory's owner in place of the former one, which goes when the session is free again: it may
  /// call anything.
  func bind(
    _ place: TensorPlace, _ memory: BoundMemory?, owner: (any AnyObject & Sendable)?
  ) throws -> Residence {
    let (residence, former) = try exclusively {
      let residence = try session.bindBlocking(place, to: memory)
      return (residence, keep(owner, for: place))
    }
    withExtendedLifetime(former) {}
    return residence
  }
}

@c @implementation
public func heddle_session_write(
  _ handle: heddle_session, _ place: Int32, _ name: UnsafePointer<CChar>?, _ data: UnsafeRawPointer?,
  _ byteCount: Int
) -> heddle_status {
  call("heddle_session_write") {
    let session = try object(handle, SessionObject.self)
    let place = try tensorPlace(place, name)
    if case .output = place { throw Failure.argument("an output is not written; inputs and states are") }
    _ = try session.type(of: place)
    let bytes = try array(data?.assumingMemoryBound(to: UInt8.self), byteCount, "data", maximum: .max)
    try session.exclusively { try session.session.writeBlocking(UnsafeRawBufferPointer(bytes), to: place) }
  }
}

@c @implementation
public func heddle_session_read(
  _ handle: heddle_session, _ place: Int32, _ name: UnsafePointer<CChar>?, _ data: UnsafeMutableRawPointer?,
  _ byteCount: Int
) -> heddle_status {
  call("heddle_session_read") {
    let session = try object(handle, SessionObject.self)
    let place = try tensorPlace(place, name)
    _ = try session.type(of: place)
    _ = try array(data.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, byteCount, "data", maximum: .max)
    let bytes = UnsafeMutableRawBufferPointer(start: data, count: data == nil ? 0 : byteCount)
    try session.exclusively { try session.session.readBlocking(bytes, from: place) }
  }
}

@c @implementation
public func heddle_session_reset(_ handle: heddle_session) -> heddle_status {
  call("heddle_session_reset") {
    let session = try object(handle, SessionObject.self)
    try session.exclusively { try session.session.resetBlocking() }
  }
}
