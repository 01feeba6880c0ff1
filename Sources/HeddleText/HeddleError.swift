/// An error that says its own kind.
///
/// The description is a sentence with what was expected and what came, free of control characters. Every public error
/// type of every target conforms, so that a caller, the C interface among them, needs no list of types.
///
/// ```swift
/// do { try await session.run(inputs) } catch let error as any HeddleError where error.kind == .deviceLost { … }
/// ```
public protocol HeddleError: Error, CustomStringConvertible {
  /// The kind of this very error. An error that holds another one says the kind of what happened, not of where.
  var kind: ErrorKind { get }
}
