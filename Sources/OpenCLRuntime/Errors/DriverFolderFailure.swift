import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder that a driver needs for itself cannot serve it.
public struct DriverFolderFailure: Error, Hashable, Sendable {
  /// The platform's name.
  public var driver: String
  public var path: String
  public var reason: Reason

  public init(driver: String, path: String, reason: Reason) {
    self.driver = driver
    self.path = path
    self.reason = reason
  }
}

extension DriverFolderFailure {
  public enum Reason: Hashable, Sendable {
    /// With the system's error number.
    case cannotBeMade(Int32)
    case notAFolder
    /// With the system's error number.
    case notWritable(Int32)
    /// The volume is mounted `noexec`: compiled kernels could not be loaded from it.
    case notExecutable
    case full(freeBytes: Int, neededBytes: Int)
  }
}

extension DriverFolderFailure: CustomStringConvertible {
  public var description: String {
    Printable.text(
      """
      \(driver) keeps compiled kernels in \(path), which \(reason). Set POCL_CACHE_DIR to a folder that can be written \
      and that programs may be run from
      """)
  }
}

extension DriverFolderFailure: HeddleError {
  public var kind: ErrorKind { .noDevice }
}

extension DriverFolderFailure.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotBeMade(let code): "cannot be made: \(Self.text(code))"
    case .notAFolder: "is not a folder"
    case .notWritable(let code): "cannot be written: \(Self.text(code))"
    case .notExecutable: "is on a volume mounted noexec"
    case .full(let free, let needed): "has only \(free) bytes free, of \(needed) needed"
    }
  }

  private static func text(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}
