import COpenCL

extension CommandQueue {
  /// Lets another library enqueue commands of its own, in order with the others.
  ///
  /// No other thread can enqueue meanwhile. What the library enqueued before it failed runs all the same.
  ///
  /// - Parameters:
  ///   - function: What is called, for errors.
  ///   - what: For what, for errors.
  ///   - event: Whether to make an event.
  ///   - call: Calls the library with this queue and a place for the event of its last command, nil if none is wanted;
  ///     gives the library's status, 0 if all is well.
  /// - Throws: `call` with the library's status, `deviceLost`.
  @discardableResult
  public func enqueue(
    _ function: StaticString, _ what: @autoclosure () -> String, event: Bool = false,
    library call: (cl_command_queue, UnsafeMutablePointer<cl_event?>?) -> Int32
  ) throws(OpenCLError) -> Event? {
    do {
      return try submit(function, what(), waitFor: [], event: event) { _, _, created in call(handle, created) }
    } catch {
      // The queue is not taken for empty.
      _ = try? marker()
      throw error
    }
  }
}
