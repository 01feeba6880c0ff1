import HeddleHost
import Synchronization

/// How many OpenCL objects of each kind are alive, of one context or of the process. A leak is a count, not a guess from
/// the process's size.
package final class LiveObjects: Sendable {
  /// Of all contexts together.
  package static let ofProcess = LiveObjects()

  package let buffers: LiveCount
  package let programs: LiveCount
  package let kernels: LiveCount
  package let queues: LiveCount
  package let events: LiveCount

  /// - Parameter whole: what these counts are a part of.
  init(partOf whole: LiveObjects? = nil) {
    buffers = LiveCount(partOf: whole?.buffers)
    programs = LiveCount(partOf: whole?.programs)
    kernels = LiveCount(partOf: whole?.kernels)
    queues = LiveCount(partOf: whole?.queues)
    events = LiveCount(partOf: whole?.events)
  }
}

package final class LiveCount: Sendable {
  private let value = Atomic(0)
  private let whole: LiveCount?

  init(partOf whole: LiveCount?) { self.whole = whole }

  func increase() {
    value.increase()
    whole?.increase()
  }

  func decrease() {
    value.decrease()
    whole?.decrease()
  }

  package var now: Int { value.now }
}
