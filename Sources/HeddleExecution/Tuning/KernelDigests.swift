import HeddleHost
import HeddlePlanning
import Synchronization

/// What tells the programs of a problem's candidates of today from those that were measured.
package final class KernelDigests: Sendable {
  private let text: @Sendable (KernelReference) throws -> String
  private let libraryVersion: @Sendable (String) -> String?
  private let known = Mutex<[TextKey: String]>([:])

  /// What a text depends on beside the names of parameters: its source, which shape it is for, and whose decoder it includes.
  private struct TextKey: Hashable {
    var source: KernelReference.Source
    var shape: KernelShape
    var weight: String?
  }

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
          parts.append(try digest(ofText: kernel))
          parts += [kernel.entry, "\(kernel.parameters)", "\(KernelLibrary.options(of: kernel))"]
        case .call(let call):
          parts += [
            "\(call.library) \(libraryVersion(call.library) ?? "none")", call.variantName, "\(call.parameters)",
          ]
        // No candidate's: it stands before all of them.
        case .fetch: break
        }
        if candidate.geometry.indices.contains(index) { parts.append(candidate.geometry[index]) }
      }
    }
    return SHA256.hexadecimal(SHA256.digest(of: parts))
  }

  /// A text never changes in a process; its names of parameters are digested apart.
  private func digest(ofText kernel: KernelReference) throws -> String {
    let key = TextKey(source: kernel.source, shape: kernel.shape, weight: kernel.defines["WEIGHT"])
    if let digest = known.withLock({ $0[key] }) { return digest }
    var plain = kernel
    plain.parameters = []
    let digest = SHA256.hexadecimal(SHA256.digest(of: [try text(plain)]))
    known.withLock { $0[key] = digest }
    return digest
  }
}
