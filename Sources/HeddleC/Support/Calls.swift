import CHeddle

/// Runs one function of the C interface: nothing thrown leaves it but as a status and the thread's last error.
func call(
  _ name: StaticString, evenAfterShutDown: Bool = false, _ body: () throws -> Void
) -> heddle_status {
  do {
    try ForkedProcess.check()
    if !evenAfterShutDown, Handles.all.isShutDown { throw Failure(HEDDLE_SHUT_DOWN, "heddle_shutdown was called") }
    try body()
    return heddle_status(HEDDLE_OK)
  } catch {
    let failure = Failure(error)
    LastError.set(failure, name)
    return failure.code
  }
}

/// Puts a new object in the table and its handle where the caller wants it.
func give<Object: HandleObject>(
  _ what: StaticString, to place: UnsafeMutablePointer<heddle_handle>?, _ make: () throws -> Object
) throws {
  guard let place else { throw Failure.null(what) }
  let object = try make()
  do {
    place.pointee = try Handles.all.insert(object)
  } catch {
    object.close()
    throw error
  }
}

func object<Object: HandleObject>(_ handle: heddle_handle, _: Object.Type = Object.self) throws(Failure) -> Object {
  try Handles.all.object(handle)
}
