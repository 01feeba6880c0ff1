/// Kinds of failure that a caller can act on without knowing who failed.
///
/// A C function reports the same kinds as its statuses: `HEDDLE_INVALID_GRAPH` is ``invalidGraph``.
public enum ErrorKind: Hashable, Sendable, CaseIterable {
  // The caller's

  /// A value outside what the call takes, or a call at the wrong time.
  case invalidArgument
  /// A graph, an operation, its operands or a name is wrong.
  case invalidGraph
  /// A tensor's bytes, shape, encoding or strides are wrong.
  case invalidData
  /// An input, output, state or symbol is missing, unknown or outside its range.
  case invalidBinding

  // The surroundings'

  /// A file cannot be read or written, or is not what it should be.
  case invalidFile
  /// The request is sound, and this device, this version or this model cannot do it.
  case unsupported
  /// There is no driver, no device, none that was asked for, or a limit or folder without which no driver works.
  case noDevice
  /// This process is a fork of one that had used a device.
  case forked

  // The moment's

  /// The object is doing something else.
  case busy
  /// The time was up.
  case deadline
  /// Somebody asked for the work to stop.
  case cancelled
  /// An earlier failure left states undefined: reset the session.
  case unusable

  // The device's

  /// More memory than the budget, the device or the host has.
  case outOfMemory
  /// A driver's call failed, or a program did not build.
  case deviceFailed
  /// The device is lost, and with it everything that was made on it.
  case deviceLost

  /// A defect of Heddle.
  case `internal`
}
