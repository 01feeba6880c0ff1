/// Where the bytes of an opened file are while it is in use.
public enum FileStorage: Hashable, Sendable {
  /// The file's pages are mapped: nothing is read before it is used, and processes share the memory. **The file
  /// must not shrink while it is open**: touching a page that is gone raises SIGBUS, which ends the process.
  /// Programs that replace a model should write a new file and rename it.
  case mapped
  /// The file is read into memory once. Nothing that happens to it later matters.
  case copied
}
