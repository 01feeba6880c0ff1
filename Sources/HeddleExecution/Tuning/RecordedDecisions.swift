import HeddlePlanning
import Synchronization

/// What was measured on a device, as decisions: an entry counts for the programs it was measured with, and no others.
final class RecordedDecisions: CandidateDecisions {
  let source = DecisionSource.tuned
  private let entries: [ProblemSignature: TuningEntry]
  private let digests: KernelDigests
  /// Problems whose entries are of today's programs.
  private let current = Mutex<Set<ProblemSignature>>([])

  init(_ entries: [ProblemSignature: TuningEntry], _ digests: KernelDigests) {
    self.entries = entries
    self.digests = digests
  }

  func name(for signature: ProblemSignature, among candidates: [PlannedChoice.Candidate]) -> String? {
    guard candidates.count > 1, let entry = entries[signature] else { return nil }
    if current.withLock({ $0.contains(signature) }) { return entry.chosen }
    // A kernel without a text was never measured.
    guard let digest = try? digests.digest(of: candidates), digest == entry.digest else { return nil }
    current.withLock { _ = $0.insert(signature) }
    return entry.chosen
  }
}
