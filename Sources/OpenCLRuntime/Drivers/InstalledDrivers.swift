import HeddleHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The drivers that `.icd` files name, for messages: a loader leaves out what it cannot load without a word.
enum InstalledDrivers {
  /// One line for each driver that does not load, with the system's reason; none if all do or there are none.
  static func failures(environment: (String) -> String? = Environment.value) -> [String] {
    files(environment).compactMap { file in
      guard let library = HostFile.firstLine(file)?.trimmedOfSpaces, !library.isEmpty else {
        return "\(file): names no library"
      }
      guard let handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL) else {
        return "\(library), named by \(file): \(dlerror().map { String(cString: $0) } ?? "does not load")"
      }
      dlclose(handle)
      return nil
    }
  }

  /// Whether one of them is PoCL, by its library's name.
  static func includePoCL(environment: (String) -> String? = Environment.value) -> Bool {
    files(environment).contains { HostFile.firstLine($0)?.contains("pocl") == true }
  }

  /// The `.icd` files that the loader reads: those of `$OCL_ICD_VENDORS`, which names a folder or a file, else of
  /// `$OPENCL_VENDOR_PATH`, else of the system.
  private static func files(_ environment: (String) -> String?) -> [String] {
    let path = environment("OCL_ICD_VENDORS") ?? environment("OPENCL_VENDOR_PATH") ?? "/etc/OpenCL/vendors"
    if path.hasSuffix(".icd") { return [path] }
    return CacheFiles.names(in: path).filter { $0.hasSuffix(".icd") }.sorted().map { "\(path)/\($0)" }
  }
}

extension String {
  fileprivate var trimmedOfSpaces: String {
    let isSpace: (Character) -> Bool = { $0.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
