import CHeddle
import HeddleHost
import OpenCLRuntime

private let version: StaticString = "0.1.0"

@c @implementation
public func heddle_version() -> UnsafePointer<CChar>! { pointer(version) }

@c @implementation
public func heddle_status_name(_ status: heddle_status) -> UnsafePointer<CChar>! {
  pointer(statusName(Int(status)))
}

@c @implementation
public func heddle_last_error(_ error: UnsafeMutablePointer<heddle_error>?) -> heddle_status {
  // Not through `call`: a wrong argument here must not replace the error that was asked for.
  var answer = heddle_error()
  if let record = LastError.current {
    answer.code = record.code
    withUnsafeMutableBytes(of: &answer.operation) { copy("\(record.operation)", into: $0) }
    withUnsafeMutableBytes(of: &answer.text) { copy(record.text, into: $0) }
  }
  do {
    try fill(error, with: answer, minimum: FirstSize.error, "error")
    return heddle_status(HEDDLE_OK)
  } catch {
    return error.code
  }
}

@c @implementation
public func heddle_release(_ handle: heddle_handle) -> heddle_status {
  call("heddle_release") {
    try Handles.all.remove(handle).close()
    Handover.waitUntilIdle()
  }
}

@c @implementation
public func heddle_shutdown() -> heddle_status {
  call("heddle_shutdown", evenAfterShutDown: true) {
    for object in Handles.all.shutDown() { object.close() }
    Handover.waitUntilIdle()
  }
}

// Traps: never (literal-in-memory).
/// A literal's own bytes: they live as long as the library.
private func pointer(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Writes a text and a NUL, cut before the first character that does not fit.
private func copy(_ text: String, into memory: UnsafeMutableRawBufferPointer) {
  var bytes: [UInt8] = []
  for character in text {
    let more = Array(character.utf8)
    guard bytes.count &+ more.count < memory.count else { break }
    bytes += more
  }
  memory.copyBytes(from: bytes + [0])
}

private func statusName(_ status: Int) -> StaticString {
  switch status {
  case HEDDLE_OK: "HEDDLE_OK"
  case HEDDLE_NULL_ARGUMENT: "HEDDLE_NULL_ARGUMENT"
  case HEDDLE_INVALID_ARGUMENT: "HEDDLE_INVALID_ARGUMENT"
  case HEDDLE_INVALID_TEXT: "HEDDLE_INVALID_TEXT"
  case HEDDLE_STRUCT_SIZE: "HEDDLE_STRUCT_SIZE"
  case HEDDLE_INVALID_HANDLE: "HEDDLE_INVALID_HANDLE"
  case HEDDLE_STALE_HANDLE: "HEDDLE_STALE_HANDLE"
  case HEDDLE_WRONG_HANDLE: "HEDDLE_WRONG_HANDLE"
  case HEDDLE_BUFFER_TOO_SMALL: "HEDDLE_BUFFER_TOO_SMALL"
  case HEDDLE_SHUT_DOWN: "HEDDLE_SHUT_DOWN"
  case HEDDLE_NO_DEVICE: "HEDDLE_NO_DEVICE"
  case HEDDLE_INVALID_GRAPH: "HEDDLE_INVALID_GRAPH"
  case HEDDLE_INVALID_DATA: "HEDDLE_INVALID_DATA"
  case HEDDLE_INVALID_FILE: "HEDDLE_INVALID_FILE"
  case HEDDLE_UNSUPPORTED: "HEDDLE_UNSUPPORTED"
  case HEDDLE_INVALID_BINDING: "HEDDLE_INVALID_BINDING"
  case HEDDLE_BUSY: "HEDDLE_BUSY"
  case HEDDLE_DEADLINE: "HEDDLE_DEADLINE"
  case HEDDLE_CANCELLED: "HEDDLE_CANCELLED"
  case HEDDLE_UNUSABLE: "HEDDLE_UNUSABLE"
  case HEDDLE_OUT_OF_MEMORY: "HEDDLE_OUT_OF_MEMORY"
  case HEDDLE_DEVICE_FAILED: "HEDDLE_DEVICE_FAILED"
  case HEDDLE_DEVICE_LOST: "HEDDLE_DEVICE_LOST"
  case HEDDLE_NOT_STARTED: "HEDDLE_NOT_STARTED"
  case HEDDLE_FORKED: "HEDDLE_FORKED"
  case HEDDLE_INTERNAL: "HEDDLE_INTERNAL"
  default: "HEDDLE_UNKNOWN"
  }
}
