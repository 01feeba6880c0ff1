import Foundation

/// Something that is open, or keeps those who wait until it is.
package final class Gate: @unchecked Sendable {
  private let condition = NSCondition()
  private var isOpen = true
  private var waiting: [@Sendable () -> Void] = []

  package func close() { condition.withLock { isOpen = false } }

  package func open() {
    let waiting = condition.withLock {
      isOpen = true
      condition.broadcast()
      defer { self.waiting = [] }
      return self.waiting
    }
    for body in waiting { body() }
  }

  /// Waits until it is open.
  func wait() {
    condition.withLock { while !isOpen { condition.wait() } }
  }

  /// Waits until it is open, for so long at most; whether it is.
  func wait(_ timeout: Duration) -> Bool {
    let end = Date(timeIntervalSinceNow: max(0, timeout / .seconds(1)))
    return condition.withLock {
      while !isOpen { if !condition.wait(until: end) { break } }
      return isOpen
    }
  }

  /// Runs `body` here if it is open, else where it is opened.
  func whenOpen(_ body: @escaping @Sendable () -> Void) {
    let runs = condition.withLock {
      if !isOpen { waiting.append(body) }
      return isOpen
    }
    if runs { body() }
  }

  /// A moment.
  func pause() { Thread.sleep(forTimeInterval: 0.002) }
}
