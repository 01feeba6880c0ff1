import HeddleHost
import HeddlePlanning
import Synchronization

/// What tells the programs of a problem's candidates of today from those that were measured.
package final class KernelDigests: Sendable {
  private let text: @Sendable (KernelReference) throws -> String
  private let libraryVersion: @Sendable (String) -> String?
  private let known = Mutex<[KernelReference.Source: String]>([:])

  /// - Parameters:
  ///   - text: the program text of a kernel.
  ///   - libraryVersion: what a library's kernels depend on.
  package init(
    text: @escaping @Sendable (KernelReference) throws -> String = { try KernelLibrary.text(of: $0) },
    libraryVersion: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.text = text
    self.libraryVersion = libraryVersion
  }

  /// The digest of all candidates: their names, and the texts, options and geometry of their kernels.
  ///
  /// A kernel that every candidate launches is left out if they have others: it copies an operand that is a view, and
  /// whether one is does not tell problems apart.
  func digest(of candidates: [PlannedChoice.Candidate]) throws -> String {
    let sets = candidates.map { Set($0.actions) }
    var shared = sets.first ?? []
    for set in sets { shared.formIntersection(set) }
    if sets.contains(where: { $0.isSubset(of: shared) }) { shared = [] }
    var parts: [String] = []
    for candidate in candidates {
      parts.append(candidate.name)
      for (index, action) in candidate.actions.enumerated() where !shared.contains(action) {
        switch action {
        case .kernel(let kernel):
          parts.append(try digest(of: kernel.source, as: kernel))
          parts += [kernel.entry, "\(kernel.parameters)", "\(KernelLibrary.options(of: kernel))"]
        case .call(let call):
          parts += [
            "\(call.library) \(libraryVersion(call.library) ?? "none")", call.variantName, "\(call.parameters)",
          ]
        }
        if candidate.geometry.indices.contains(index) { parts.append(candidate.geometry[index]) }
      }
    }
    return SHA256.hexadecimal(SHA256.digest(of: parts))
  }

  /// The text of a source never changes in a process; its names of parameters are digested apart.
  private func digest(of source: KernelReference.Source, as kernel: KernelReference) throws -> String {
    if let digest = known.withLock({ $0[source] }) { return digest }
    var plain = kernel
    plain.parameters = []
    let digest = SHA256.hexadecimal(SHA256.digest(of: [try text(plain)]))
    known.withLock { $0[source] = digest }
    return digest
  }
}
