#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A cache's dealings with the file system. Each either works or says so; none throws.
package enum CacheFiles {
  package static let suffix = "clbin"
  private static let temporaryPrefix = ".new-"
  /// A temporary file older than this was left by a process that died, in seconds.
  private static let staleAfter = 3600

  package enum Contents {
    case missing
    case unusable
    case bytes([UInt8])
  }

  /// Makes the folder and its parents, for the user alone. Whether it can be written; `errno` says why not.
  package static func prepare(_ directory: String) -> Bool {
    errno = ENOENT
    if directory.isEmpty || directory.utf8.contains(0) { return false }
    if access(directory, W_OK | X_OK) == 0 { return true }
    var path = directory.hasPrefix("/") ? "/" : ""
    var code: Int32 = 0
    for part in directory.split(separator: "/") {
      path += part
      // What is in the way of the first folder that cannot be made keeps those below it from being made, too.
      if mkdir(path, 0o700) != 0, errno != EEXIST, code == 0 { code = errno }
      path += "/"
    }
    if access(directory, W_OK | X_OK) == 0 { return true }
    if code != 0 { errno = code }
    return false
  }

  // Traps: never (cache-file-bounded).
  package static func read(_ path: String, most: Int) -> Contents {
    // Neither a link nor a pipe is opened for what it is not.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    if file < 0 { return errno == ENOENT || errno == ENOTDIR ? .missing : .unusable }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size > 0, info.st_size <= most,
      info.st_uid == geteuid() || info.st_uid == 0
    else { return .unusable }
    let size = Int(info.st_size)
    var bytes = [UInt8](repeating: 0, count: size)
    var done = 0
    while done < size {
      #if canImport(Glibc)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress?.advanced(by: done), size &- done) }
      #elseif canImport(Musl)
        let count = bytes.withUnsafeMutableBytes { Musl.read(file, $0.baseAddress?.advanced(by: done), size &- done) }
      #else
        let count = bytes.withUnsafeMutableBytes { Darwin.read(file, $0.baseAddress?.advanced(by: done), size &- done) }
      #endif
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return .unusable }
      done &+= count
    }
    return .bytes(bytes)
  }

  /// The names in a folder; none if it cannot be read.
  package static func names(in directory: String) -> [String] {
    guard let folder = opendir(directory) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let item = readdir(folder) {
      names.append(
        withUnsafeBytes(of: &item.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// Marks an entry as used now, so that it goes last.
  package static func touch(_ path: String) { _ = utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) }

  /// Writes a file so that others see the old one or the new one, whole.
  package static func replace(_ path: String, with bytes: [UInt8], in directory: String) -> Bool {
    var template = Array("\(directory)/\(temporaryPrefix)\(getpid())-XXXXXX".utf8CString)
    let file = template.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let name = buffer.baseAddress else { return -1 }
      return mkstemp(name)
    }
    if file < 0 { return false }
    let written = write(bytes, to: file) && fsync(file) == 0
    let closed = close(file) == 0
    if written, closed, rename(template, path) == 0 { return true }
    unlink(template)
    return false
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    bytes.withUnsafeBytes { raw in
      var done = 0
      while done < raw.count {
        let count = systemWrite(file, raw.baseAddress?.advanced(by: done), raw.count &- done)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        done &+= count
      }
      return true
    }
  }

  private static func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes, count)
    #elseif canImport(Musl)
      Musl.write(file, bytes, count)
    #else
      Darwin.write(file, bytes, count)
    #endif
  }

  /// Removes the entries used longest ago until the rest fit, and what dead processes left.
  package static func trim(_ directory: String, to maximumBytes: Int, keeping kept: String) {
    let maximumBytes = min(maximumBytes, 1 << 50)  // room for sums
    var entries: [(path: String, bytes: Int, used: Int)] = []
    let now = Int(time(nil))
    for name in names(in: directory) {
      let path = "\(directory)/\(name)"
      var info = stat()
      guard name.hasPrefix(temporaryPrefix) || name.hasSuffix(".\(suffix)"), lstat(path, &info) == 0,
        info.st_mode & S_IFMT == S_IFREG
      else { continue }
      #if canImport(Darwin)
        let used = Int(info.st_mtimespec.tv_sec)
      #else
        let used = Int(info.st_mtim.tv_sec)
      #endif
      if name.hasPrefix(temporaryPrefix) {
        if used < now &- staleAfter { unlink(path) }
      } else {
        // A sparse file can claim any size: one beyond the limit counts as just that.
        entries.append((path, min(Int(info.st_size), maximumBytes &+ 1), used))
      }
    }
    var total = entries.reduce(0) { $0 &+ $1.bytes }
    for entry in entries.sorted(by: { $0.used < $1.used }) where total > maximumBytes && entry.path != kept {
      unlink(entry.path)
      total &-= entry.bytes
    }
  }
}
