import CHeddle
import HeddleGraph
import HeddleText
import HeddleTypes

/// The values of symbols that come with a call.
func bindings(_ symbols: UnsafePointer<heddle_symbol>?, _ count: Int) throws(Failure) -> Bindings {
  var bindings: Bindings = [:]
  for symbol in try array(symbols, count, "symbols", maximum: 1024) {
    let name = try text(symbol.name, "a symbol's name")
    let known = bindings.updateValue(Int(symbol.value), forKey: Symbol(name))
    if let known, known != Int(symbol.value) {
      throw Failure(HEDDLE_INVALID_BINDING, "\(name) is given twice, as \(known) and \(symbol.value)")
    }
  }
  return bindings
}

/// What a caller says of one run.
private struct Run {
  /// Nil: as the last one.
  var bindings: Bindings?
  var timeout: Int64 = 0
  var isProfiled = false

  init(_ given: UnsafePointer<heddle_run_options>?) throws(Failure) {
    guard given != nil else { return }
    let options = try options(
      given, zero: heddle_run_options(), minimum: FirstSize.runOptions, "options")
    bindings = try HeddleC.bindings(options.symbols, options.symbol_count)
    guard options.timeout >= 0 else { throw .argument("timeout is \(options.timeout); 0 is for none") }
    timeout = options.timeout
    isProfiled = options.is_profiled != 0
  }

  func perform(on session: SessionObject) throws {
    let deadline = timeout > 0 ? ContinuousClock.now.later(by: .nanoseconds(timeout)) : nil
    guard let bindings else {
      return try session.session.runAgainBlocking(deadline: deadline, cancellation: session.cancellation)
    }
    let request = RunRequest(bindings: bindings, outputs: [], deadline: deadline)
    if isProfiled {
      let profile = try session.session.profileBlocking(request, cancellation: session.cancellation).profile
      session.profile = try json(profile)
    } else {
      _ = try session.session.runBlocking(request, cancellation: session.cancellation)
    }
  }
}

@c @implementation
public func heddle_session_run(
  _ handle: heddle_session, _ options: UnsafePointer<heddle_run_options>?
) -> heddle_status {
  call("heddle_session_run") {
    let session = try object(handle, SessionObject.self)
    let run = try Run(options)
    try session.exclusively { try run.perform(on: session) }
  }
}

@c @implementation
public func heddle_session_start(
  _ handle: heddle_session, _ options: UnsafePointer<heddle_run_options>?
) -> heddle_status {
  call("heddle_session_start") {
    let session = try object(handle, SessionObject.self)
    let run = try Run(options)
    try session.start(
      StartedRun { [weak session] in
        guard let session else { return }
        try run.perform(on: session)
      })
  }
}

@c @implementation
public func heddle_session_wait(_ handle: heddle_session, _ timeout: Int64) -> heddle_status {
  call("heddle_session_wait") { try object(handle, SessionObject.self).wait(nanoseconds: timeout) }
}

@c @implementation
public func heddle_session_cancel(_ handle: heddle_session) -> heddle_status {
  call("heddle_session_cancel") { try object(handle, SessionObject.self).cancellation.cancel() }
}

@c @implementation
public func heddle_session_profile(
  _ handle: heddle_session, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_session_profile") {
    guard let profile = try object(handle, SessionObject.self).profile else {
      throw Failure(HEDDLE_NOT_STARTED, "no run of this session was profiled")
    }
    try give(profile, buffer, capacity, needed)
  }
}
