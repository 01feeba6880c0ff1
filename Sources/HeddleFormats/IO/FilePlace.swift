import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is at a path, where that decides what is opened. Opening says why something cannot be.
enum FilePlace {
  /// Whether a folder is there, at the end of symbolic links.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether anything is there, be it a symbolic link that leads nowhere.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && lstat(path, &status) == 0
  }

  /// Whether a symbolic link is there.
  static func isSymbolicLink(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether a symbolic link is there as the cache of Hugging Face's tools has them: to a file of `../../blobs`, beside
  /// the folder's own.
  static func isLinkOfHubCache(_ path: String) -> Bool {
    guard isSymbolicLink(path), let link = OutputPlace.link(path) else { return false }
    guard let name = link.without(prefix: "../../blobs/"), !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")) else {
      return false
    }
    return !isSymbolicLink(OutputPlace.folder(of: path) + link)
  }
}
