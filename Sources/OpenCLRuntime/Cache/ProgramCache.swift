import HeddleHost
import Synchronization

/// Built programs on disk, shared by threads and processes.
///
/// Drivers end the process on a damaged binary, so an entry reaches the driver only when its SHA-256 is right. An entry
/// that is damaged, foreign or of another version is built again and replaced; a folder that is missing, full or not
/// writable means building each time. Nothing about a cache is ever an error.
///
/// Entries appear whole or not at all (temporary file, `fsync`, `rename`). The oldest go when all exceed
/// `maximumBytes`. A checksum is no signature: entries owned by other users (but root) are not used.
public final class ProgramCache: Sendable {
  /// The folder, made at the first store.
  public let directory: String
  /// The most bytes all entries may have together.
  public let maximumBytes: Int

  private let hitCount = Atomic(0)
  private let missCount = Atomic(0)
  private let rejectedCount = Atomic(0)
  private let storedCount = Atomic(0)
  private let failedStoreCount = Atomic(0)

  public init(directory: String, maximumBytes: Int = 512 << 20) {
    self.directory = directory
    self.maximumBytes = max(0, maximumBytes)
  }

  /// The user's cache: `$HEDDLE_CACHE_DIR`, or else `$XDG_CACHE_HOME/heddle`, or else `~/.cache/heddle`. Looked up
  /// once; `nil` when the folder cannot be written, or `HEDDLE_CACHE_DIR` is set to nothing.
  public static let standard: ProgramCache? = {
    guard let directory = standardDirectory(Environment.value), CacheFiles.prepare(directory) else { return nil }
    return ProgramCache(directory: directory)
  }()

  static func standardDirectory(_ environment: (String) -> String?) -> String? {
    if let own = environment("HEDDLE_CACHE_DIR") { return own.isEmpty ? nil : own }
    // The XDG specification has relative paths ignored.
    if let caches = environment("XDG_CACHE_HOME"), caches.hasPrefix("/") { return caches + "/heddle" }
    if let home = environment("HOME"), home.hasPrefix("/") { return home + "/.cache/heddle" }
    return nil
  }

  /// Programs built from an entry.
  public var hits: Int { hitCount.now }
  /// Look-ups that found no entry.
  public var misses: Int { missCount.now }
  /// Entries found and not used: damaged, foreign, or refused by the driver.
  public var rejected: Int { rejectedCount.now }
  /// Entries written.
  public var stored: Int { storedCount.now }
  /// Entries that could not be written.
  public var failedStores: Int { failedStoreCount.now }

  /// The file of the entry for a key.
  func path(_ key: Key) -> String { "\(directory)/\(key.hexadecimal).\(CacheFiles.suffix)" }

  /// The entry, verified; counts a miss or a rejection, not a hit.
  func load(_ key: Key) -> ProgramCacheEntry? {
    switch CacheFiles.read(path(key), most: ProgramCacheEntry.largest) {
    case .missing:
      missCount.increase()
      return nil
    case .unusable:
      rejectedCount.increase()
      return nil
    case .bytes(let bytes):
      guard let entry = ProgramCacheEntry(verifying: bytes, key: key.digest) else {
        rejectedCount.increase()
        return nil
      }
      CacheFiles.touch(path(key))
      return entry
    }
  }

  func store(_ entry: ProgramCacheEntry) {
    let bytes = entry.encoded()
    let target = path(Key(digest: entry.key))
    guard bytes.count <= maximumBytes, bytes.count <= ProgramCacheEntry.largest, CacheFiles.prepare(directory),
      CacheFiles.replace(target, with: bytes, in: directory)
    else {
      failedStoreCount.increase()
      return
    }
    storedCount.increase()
    CacheFiles.trim(directory, to: maximumBytes, keeping: target)
  }

  func countHit() { hitCount.increase() }
  func countRejected() { rejectedCount.increase() }
}
