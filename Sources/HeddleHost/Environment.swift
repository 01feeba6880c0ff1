#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process's environment variables.
package enum Environment {
  /// The value of an environment variable, read at each call; `nil` when unset.
  package static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
