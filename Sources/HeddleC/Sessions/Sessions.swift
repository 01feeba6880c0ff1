import CHeddle
import HeddleGraph
import HeddleOpenCL
import HeddleTypes

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
      let queue = try options.opencl_queue.map {
        try CommandQueue(adopting: OpaquePointer($0), context: executable.context)
      }
      return SessionObject(executable, try executable.executable.makeOpenCLSession(bindings, queue: queue))
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
    let reference = try reference(place, name)
    var bound: BoundMemory?
    if let memory {
      let memory = try options(
        memory, zero: heddle_memory(), minimum: FirstSize.memory, "memory")
      bound = try ForeignMemory(memory).bound(to: reference, in: session)
    }
    let residence = try session.bind(reference, bound, owner: nil)
    copied?.pointee = residence == .copied ? 1 : 0
  }
}

extension SessionObject {
  /// The type of something that can be bound.
  func type(of reference: BufferReference) throws(Failure) -> TensorType {
    guard let type = executable.types[reference] else {
      throw Failure(
        HEDDLE_INVALID_BINDING,
        "there is no \(reference); the graph has \(executable.types.keys.map { "\($0)" }.sorted())")
    }
    return type
  }

  /// Binds, and keeps the new memory's owner in place of the former one, which goes when the session is free again: it may
  /// call anything.
  func bind(
    _ reference: BufferReference, _ memory: BoundMemory?, owner: (any AnyObject & Sendable)?
  ) throws -> Residence {
    let (residence, former) = try exclusively {
      _ = try type(of: reference)
      let residence = try session.bindBlocking(reference, to: memory)
      return (residence, keep(owner, for: reference))
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
    let reference = try reference(place, name)
    if case .output = reference { throw Failure.argument("an output is not written; inputs and states are") }
    _ = try session.type(of: reference)
    let bytes = try array(data?.assumingMemoryBound(to: UInt8.self), byteCount, "data", maximum: .max)
    try session.exclusively { try session.session.writeBlocking(UnsafeRawBufferPointer(bytes), to: reference) }
  }
}

@c @implementation
public func heddle_session_read(
  _ handle: heddle_session, _ place: Int32, _ name: UnsafePointer<CChar>?, _ data: UnsafeMutableRawPointer?,
  _ byteCount: Int
) -> heddle_status {
  call("heddle_session_read") {
    let session = try object(handle, SessionObject.self)
    let reference = try reference(place, name)
    _ = try session.type(of: reference)
    _ = try array(data.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, byteCount, "data", maximum: .max)
    let bytes = UnsafeMutableRawBufferPointer(start: data, count: data == nil ? 0 : byteCount)
    try session.exclusively { try session.session.readBlocking(bytes, from: reference) }
  }
}

@c @implementation
public func heddle_session_reset(_ handle: heddle_session) -> heddle_status {
  call("heddle_session_reset") {
    let session = try object(handle, SessionObject.self)
    try session.exclusively { try session.session.resetBlocking() }
  }
}
