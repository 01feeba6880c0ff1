import HeddleHost
import HeddlePlanning
import Synchronization

/// What was measured on one device, on disk beside the built programs: `tuning/<device and driver>.json` in the cache.
///
/// Threads and processes share it: each adds its entries to what the others wrote. A file that is damaged, foreign or of
/// another version is set aside when the next one is written; without a folder that can be written the entries last as
/// long as this object. Nothing of that is an error: ``notes`` tells.
public final class TuningRecord: Sendable {
  /// Nil if there is no cache.
  public let path: String?
  private let directory: String?
  private let deviceName: String
  /// Entries that are not on disk.
  private let unstored = Mutex<[ProblemSignature: TuningEntry]>([:])
  private let notesTaken = Mutex<[TuningNote]>([])

  /// How long to wait for other processes that write.
  private static let patience = Duration.seconds(5)
  private static let greatestNoteCount = 64

  /// - Parameters:
  ///   - device: the device and its driver, for people.
  ///   - identity: all that measured times depend on.
  ///   - cacheFolder: nil keeps nothing on disk.
  package init(device: String, identity: [String], cacheFolder: String?) {
    deviceName = device
    directory = cacheFolder.map { "\($0)/tuning" }
    let digest = SHA256.digest(of: ["heddle-tuning-\(TuningFile.version)"] + identity)
    path = directory.map { "\($0)/\(SHA256.hexadecimal(digest)).json" }
  }

  /// What happened so far, each thing once.
  public var notes: [TuningNote] { notesTaken.withLock { $0 } }

  func note(_ note: TuningNote) {
    notesTaken.withLock { if !$0.contains(note), $0.count < Self.greatestNoteCount { $0.append(note) } }
  }

  /// Everything measured, by problem; also what another version of Heddle's kernels gave, see ``TuningEntry/digest``.
  public func entries() -> [ProblemSignature: TuningEntry] {
    let own = unstored.withLock { $0 }
    return (path.map { read($0).entries } ?? [:]).merging(own) { $1 }
  }

  /// Adds entries, over older ones of the same problems.
  func store(_ entries: [TuningEntry]) {
    let new = Dictionary(entries.map { ($0.signature, $0) }, uniquingKeysWith: { $1 })
    if new.isEmpty { return }
    guard let path, let directory else { return unstored.withLock { $0.merge(new) { $1 } } }
    if let reason = write(new, to: path, in: directory) {
      note(.notStored(path, reason: reason))
      unstored.withLock { $0.merge(new) { $1 } }
    } else {
      unstored.withLock { own in for signature in new.keys { own[signature] = nil } }
    }
  }

  /// Forgets everything measured on this device.
  public func clear() throws(TuningError) {
    unstored.withLock { $0 = [:] }
    guard let path else { return }
    // Without the file there may be no folder for a lock either.
    if case .missing = CacheFiles.read(path, most: TuningFile.largest) { return }
    let isGone = CacheFiles.withLock("\(path).lock", patience: Self.patience) { CacheFiles.remove(path) }
    guard isGone == true else { throw .notCleared(path) }
  }

  /// Why it could not be written, or nil.
  private func write(_ new: [ProblemSignature: TuningEntry], to path: String, in directory: String) -> String? {
    guard CacheFiles.prepare(directory) else { return "the folder cannot be written" }
    let failure = CacheFiles.withLock("\(path).lock", patience: Self.patience) { () -> String? in
      let (known, isUsable) = read(path)
      if !isUsable { _ = CacheFiles.setAside(path) }
      let merged = TuningFile(device: deviceName, entries: Array(known.merging(new) { $1 }.values))
      guard let bytes = try? merged.encoded() else { return "a time is not a number" }
      guard bytes.count <= TuningFile.largest else { return "it would exceed \(TuningFile.largest) bytes" }
      return CacheFiles.replace(path, with: bytes, in: directory) ? nil : "the file cannot be written"
    }
    return failure ?? "another process holds the lock"
  }

  private func read(_ path: String) -> (entries: [ProblemSignature: TuningEntry], isUsable: Bool) {
    switch CacheFiles.read(path, most: TuningFile.largest) {
    case .missing: return ([:], true)
    case .unusable:
      note(.damagedRecord(path, reason: "it is empty, or no readable file of this user"))
      return ([:], false)
    case .bytes(let bytes):
      do {
        let file = try TuningFile(verifying: bytes)
        return (Dictionary(file.entries.map { ($0.signature, $0) }, uniquingKeysWith: { $1 }), true)
      } catch {
        note(.damagedRecord(path, reason: "\(error)"))
        return ([:], false)
      }
    }
  }
}
