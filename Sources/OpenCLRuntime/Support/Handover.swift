import Dispatch

/// Where work goes that must not run on a driver's own thread or inside a `deinit`.
///
/// Drivers run callbacks on threads on which no OpenCL call that blocks is allowed.
enum Handover {
  private static let queue = DispatchQueue(label: "OpenCLRuntime.handover", attributes: .concurrent)

  static func run(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }
}

/// Carries a handle, or an object about to be released, to another thread. The sender must not use it again.
struct Carrier<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
